package actionmap

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// An outcome is what an event does with one way to name a resource.
type outcome int

const (
	absent   outcome = iota // it does not name it this way
	hides                   // it does, but not readably
	filled                  // it does
	excluded                // it says that there is no such resource
)

// An item is what one argument gives to one resource.
type item struct {
	value
	unknown unknown
	path    string
}

// unknown says why a part of an ARN is a "*".
type unknown int

const (
	knownPart  unknown = iota
	hiddenPart         // the event hides it
	madePart           // AWS makes up a new one each time
)

// Limits on what a call may hold: longer names exist nowhere in AWS, and no request names more
// resources (https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html).
const (
	maxText  = 4096
	maxItems = 1000
)

// read returns what the event says for an argument.
func (c *call) read(a arg) ([]item, outcome) {
	switch {
	case a.made:
		return []item{{unknown: madePart}}, filled
	case a.constant != "":
		return []item{{value: value{parts: []string{a.constant}}}}, filled
	}
	for _, path := range a.paths {
		p := c.usage.Param(path)
		if p == nil || len(p.Values) == 0 {
			continue
		}
		return a.readAll(p)
	}
	return nil, absent
}

func (a arg) readAll(p *trail.Param) ([]item, outcome) {
	var items []item
	var seen [unreadable + 1]bool
	for _, text := range p.Values {
		values, r := a.readText(text, p.Open)
		seen[r] = true
		for _, v := range values {
			items = append(items, item{value: v, path: p.Path})
		}
	}
	switch {
	case len(items) > maxItems, items == nil && seen[unreadable]:
		return nil, hides
	case items == nil && seen[elsewhere]:
		return nil, absent
	case items == nil:
		return nil, excluded
	case seen[unreadable] || seen[elsewhere]:
		items = append(items, item{unknown: hiddenPart, path: p.Path})
	}
	return items, filled
}

func (a arg) readText(text string, open bool) ([]value, reading) {
	switch {
	case len(text) > maxText, text == "" && !open, isHidden(text) && !(a.wide && a.plain()):
		return nil, unreadable
	case open && a.plain():
		return []value{{parts: []string{text}, open: true}}, reads
	}
	return a.form(text)
}

func (a arg) plain() bool { return a.formName == "" || a.formName == "name" }

// isHidden reports whether CloudTrail wrote the text in place of a value.
func isHidden(text string) bool {
	return text == "HIDDEN_DUE_TO_SECURITY_REASONS" || text == "**********"
}

// fill builds the resources of t that the event names with these arguments. With partial, an argument
// that the event does not give becomes "*", but it must give one.
func (c *call) fill(t target, args []arg, partial bool) ([]built, outcome) {
	rows := [][]item{nil}
	known, several := false, 0
	for _, a := range args {
		items, outcome := c.read(a)
		switch {
		case outcome == excluded:
			return nil, excluded
		case outcome != filled && !partial:
			return nil, outcome
		case outcome != filled:
			items = []item{{unknown: hiddenPart}}
		case len(a.paths) > 0:
			known = true
		}
		if len(items) > 1 {
			several++
		}
		if len(rows)*len(items) > maxItems {
			return nil, absent
		}
		rows = product(rows, items)
	}
	if partial && !known {
		return nil, absent
	}
	var out []built
	unfit := false
	for _, row := range rows {
		b, ok := c.assemble(t, row)
		if !ok {
			// The event's resources may be of several types.
			unfit = unfit || !strings.HasPrefix(row[0].path, "resources:")
			continue
		}
		if several > 1 {
			b.note(AssumedPart, "the event lists the parts of several names apart, so each is combined with each")
		}
		out = append(out, b)
	}
	if out == nil {
		return nil, absent
	}
	if unfit {
		out = append(out, c.everyOf(t)...)
	}
	return out, filled
}

func product(rows [][]item, items []item) [][]item {
	var out [][]item
	for _, row := range rows {
		for _, i := range items {
			out = append(out, append(slices.Clone(row), i))
		}
	}
	return out
}

// A part is the value of one variable.
type part struct {
	text    string
	suffix  string // a pattern
	unknown unknown
	open    bool
}

// assemble makes one resource out of a row of items. It refuses ARNs of another type, service or
// partition, and names that would turn the ARN into one of another type.
func (c *call) assemble(t target, row []item) (built, bool) {
	if len(row) > 0 && row[0].arn != "" {
		return c.fromARN(t, row)
	}
	var parts []part
	place := arn{partition: c.partition, region: c.region, account: c.account}
	var notes []Finding
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
		parts = append(parts, partsOf(i)...)
		notes = append(notes, notesOf(i)...)
	}
	return c.firstFit(t, place, nil, parts, notes)
}

// fromARN makes a resource out of an ARN, or out of the ARN of what the resource belongs to and the
// rest of its name.
func (c *call) fromARN(t target, row []item) (built, bool) {
	a, ok := parseARN(row[0].arn)
	if !ok || a.partition != c.partition {
		return built{}, false
	}
	if len(row) == 1 && t.typ.has(a) {
		f, values := t.typ.heaviest(a)
		parts := textParts(values)
		if len(parts) > 0 {
			parts[len(parts)-1].suffix = row[0].suffix
		}
		b := c.build(t, f, a, parts)
		b.path = row[0].path
		b.findings = append(b.findings, notesOf(row[0])...)
		return b, true
	}
	var rest []part
	var notes []Finding
	for _, i := range row[1:] {
		if i.arn != "" {
			return built{}, false
		}
		rest = append(rest, partsOf(i)...)
		notes = append(notes, notesOf(i)...)
	}
	if len(rest) == 0 {
		return built{}, false
	}
	return c.firstFit(t, a, &a, rest, notes)
}

// firstFit builds with the first format of t that takes exactly the parts, after those that the
// beginning of an ARN gives, if there is one.
func (c *call) firstFit(t target, place arn, beginning *arn, parts []part, notes []Finding) (built, bool) {
	for _, f := range t.typ.formats {
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
		return []part{{unknown: i.unknown}}
	}
	parts := textParts(i.parts)
	if len(parts) > 0 {
		last := &parts[len(parts)-1]
		last.suffix, last.open = i.suffix, i.open
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
			texts[i] = "x"
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
	return ok && slices.Equal(values, texts) && t.typ.has(a)
}
