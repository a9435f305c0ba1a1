package actionmap

import (
	"cmp"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// build writes the pattern of a resource. Region and account come from place where the format has
// them as variables.
func (c *call) build(t target, f format, place arn, parts []part) built {
	var b strings.Builder
	var out built
	b.WriteString("arn:" + place.partition + ":" + f.service + ":")
	out.place(&b, f.regional, f.region, place.region, "Region")
	out.place(&b, f.owned, f.account, place.account, "account")
	b.WriteString(f.tail[0])
	for i, p := range parts {
		last := i == len(parts)-1
		switch {
		case p.unknown == madePart:
			b.WriteByte('*')
			out.note(AssumedPart, cmp.Or(p.why, "AWS names each new "+t.typ.name+", so that the next call has to do with another one"))
		case p.unknown == hiddenPart:
			b.WriteByte('*')
			out.note(HiddenResource, cmp.Or(p.why, "the event does not name the "+t.typ.name))
		case p.gaps && strings.Contains(p.text, gap):
			b.WriteString(out.pieces(p.text))
			b.WriteString(p.suffix)
		case last && t.open && p.suffix == "" && f.tail[i+1] == "":
			out.resource = Resource{Name: p.text, Separator: "/", Open: p.open}
			out.literal(p.text)
		default:
			b.WriteString(out.literal(p.text))
			b.WriteString(p.suffix)
		}
		b.WriteString(f.tail[i+1])
	}
	out.resource.Pattern = b.String()
	return out
}

// place writes the Region or the account of an ARN.
func (b *built) place(w *strings.Builder, variable bool, constant, text, what string) {
	switch {
	case !variable:
		w.WriteString(constant)
	case text == public:
	case text == "":
		w.WriteByte('*')
		b.note(HiddenResource, "the event does not name its "+what)
	default:
		w.WriteString(text)
	}
	w.WriteByte(':')
}

// literal returns the pattern of a name from the log.
func (b *built) literal(text string) string {
	pattern, exact := glob.Literal(text)
	if !exact {
		b.note(CharacterReplaced, "the name holds characters that policies cannot, each of which became ?")
	}
	return pattern
}

// gap is what stands in a name for its varying parts, see trail.Param.
const gap = "\x00"

// pieces returns the pattern of several names that were read as one.
func (b *built) pieces(text string) string {
	b.note(FoldedName, "the query made one of several names, in each of which dates, numbers and identifiers stand where the pattern has *")
	var pattern strings.Builder
	for i, piece := range strings.Split(text, gap) {
		if i > 0 && !strings.HasSuffix(pattern.String(), "*") {
			pattern.WriteByte('*')
		}
		pattern.WriteString(b.literal(piece))
	}
	return pattern.String()
}

func (b *built) note(kind FindingKind, detail string) {
	f := Finding{kind, detail}
	for _, have := range b.findings {
		if have == f {
			return
		}
	}
	b.findings = append(b.findings, f)
}
