package actionmap

import (
	"slices"
	"strings"
)

// A part is the value of one variable.
type part struct {
	text    string
	suffix  string // a pattern
	unknown unknown
	why     string // as in item
	open    bool
	gaps    bool
	// nested says that the text has slashes of its own, of a catalog that holds the resource.
	nested bool
}

// openEnd stands for the continuation of an open name while it is matched with a format.
const openEnd = "x"

// assemble makes one resource out of a row of items. It refuses ARNs of another type, service or
// partition, and names that would turn the ARN into one of another type.
func (c *call) assemble(t target, row []item) (built, bool) {
	if len(row) > 0 && row[0].arn != "" {
		return c.fromARN(t, row)
	}
	var parts []part
	place := arn{partition: c.partition, region: c.region, account: c.account}
	var notes []Finding
	before := ""
	for _, i := range row {
		if i.arn != "" {
			return built{}, false
		}
		switch {
		case i.account == "":
		case i.account == public || isAccount(i.account):
			place.account = i.account
		default:
			return built{}, false
		}
		if i.region != "" {
			place.region = i.region
		}
		more := partsOf(i)
		if before != "" && len(more) > 0 && more[0].unknown == knownPart {
			if strings.Contains(more[0].text, "/") {
				return built{}, false
			}
			more[0].text, more[0].nested = before+more[0].text, true
		}
		before = i.before
		parts = append(parts, more...)
		notes = append(notes, notesOf(i)...)
	}
	return c.firstFit(t, t.formatsFor(row), place, nil, parts, notes)
}

// formatsFor returns the formats of t, those first whose variables have the names of the parameters:
// apiId makes another stage than restApiId.
func (t target) formatsFor(row []item) []format {
	if len(t.typ.formats) < 2 {
		return t.typ.formats
	}
	formats := slices.Clone(t.typ.formats)
	slices.SortStableFunc(formats, func(a, b format) int { return b.namedBy(row) - a.namedBy(row) })
	return formats
}

// bestNamed returns those formats of t of which no other has more variables with such names.
func (t target) bestNamed(row []item) []format {
	formats := t.formatsFor(row)
	n := 0
	for n < len(formats) && formats[n].namedBy(row) == formats[0].namedBy(row) {
		n++
	}
	return formats[:n]
}

// namedBy counts the parameters that have the name of a variable.
func (f format) namedBy(row []item) int {
	n := 0
	for _, i := range row {
		if slices.ContainsFunc(f.names, func(name string) bool { return strings.EqualFold(name, i.path) }) {
			n++
		}
	}
	return n
}

// fromARN makes a resource out of an ARN, or out of the ARN of what the resource belongs to and the
// rest of its name.
func (c *call) fromARN(t target, row []item) (built, bool) {
	a, ok := parseARN(row[0].arn)
	if !ok || a.partition != c.partition {
		return built{}, false
	}
	open := row[0].open
	if open && (!t.open || len(row) > 1) {
		return built{}, false
	}
	if open {
		a.resource += openEnd
	}
	var rest []part
	var notes []Finding
	for _, i := range row[1:] {
		if i.arn != "" {
			return built{}, false
		}
		if i.region != "" {
			a.region = i.region
		}
		rest = append(rest, partsOf(i)...)
		notes = append(notes, notesOf(i)...)
	}
	if len(rest) == 0 && t.typ.has(a) {
		f, values := t.typ.heaviest(a)
		parts := textParts(values)
		if len(parts) > 0 {
			last := &parts[len(parts)-1]
			last.suffix, last.open = row[0].suffix, open
			if open {
				last.text = strings.TrimSuffix(last.text, openEnd)
			}
		}
		for i := range parts {
			parts[i].gaps = row[0].gaps
		}
		b := c.build(t, f, a.placed(), parts)
		b.path = row[0].path
		b.findings = append(b.findings, append(notesOf(row[0]), notes...)...)
		return b, true
	}
	if len(rest) == 0 {
		return built{}, false
	}
	return c.firstFit(t, t.typ.formats, a.placed(), &a, rest, notes)
}

// firstFit builds with the first of t's formats that takes exactly the parts, after those that the
// beginning of an ARN gives, if there is one.
func (c *call) firstFit(t target, formats []format, place arn, beginning *arn, parts []part, notes []Finding) (built, bool) {
	for _, f := range formats {
		all := parts
		if beginning != nil {
			values, ok := f.match(*beginning, len(f.names)-len(parts))
			if !ok {
				continue
			}
			all = append(textParts(values), parts...)
		}
		if len(all) != len(f.names) || !c.safe(t, f, all) {
			continue
		}
		b := c.build(t, f, place, all)
		b.findings = append(b.findings, notes...)
		if t.generic {
			b.findings = append(b.findings, Finding{GenericResource,
				"the " + t.typ.name + " was found by the name of a parameter, by no reviewed rule"})
		}
		return b, true
	}
	return built{}, false
}

func partsOf(i item) []part {
	if i.unknown != knownPart {
		return []part{{unknown: i.unknown, why: i.why}}
	}
	parts := textParts(i.parts)
	if len(parts) > 0 {
		last := &parts[len(parts)-1]
		last.suffix, last.open = i.suffix, i.open
	}
	for j := range parts {
		parts[j].gaps = i.gaps
	}
	return parts
}

func textParts(texts []string) []part {
	parts := make([]part, len(texts))
	for i, t := range texts {
		parts[i].text = t
	}
	return parts
}

func notesOf(i item) []Finding {
	if i.assumed == "" {
		return nil
	}
	return []Finding{{AssumedPart, i.assumed}}
}

// safe reports whether the parts, written into the format, are read back as the same parts of the
// same type.
func (c *call) safe(t target, f format, parts []part) bool {
	var b strings.Builder
	texts := make([]string, len(parts))
	b.WriteString(f.tail[0])
	for i, p := range parts {
		texts[i] = p.text
		if p.unknown != knownPart || p.open && p.text == "" {
			texts[i] = openEnd
		}
		if p.open && !(t.open && i == len(parts)-1 && f.tail[i+1] == "") {
			return false
		}
		b.WriteString(texts[i])
		b.WriteString(f.tail[i+1])
	}
	a := arn{c.partition, f.service, f.region, f.account, b.String()}
	if f.regional {
		a.region = "us-east-1"
	}
	if f.owned {
		a.account = "111122223333"
	}
	values, ok := f.match(a, len(f.names))
	return ok && (slices.Equal(values, texts) || onlyNested(parts)) && t.typ.has(a)
}

// onlyNested reports whether a nested part is the only one with slashes, so that where it ends is clear
// although a format that separates parts by slashes is read back otherwise.
func onlyNested(parts []part) bool {
	nested := false
	for _, p := range parts {
		nested = nested || p.nested
		if !p.nested && strings.Contains(p.text, "/") {
			return false
		}
	}
	return nested
}
