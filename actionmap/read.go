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
	why     string // the reason for an unknown one, empty for the usual one
	gaps    bool   // the name has gaps, see trail.Param
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
		return []item{{unknown: madePart, why: a.why}}, filled
	case a.why != "":
		return []item{{unknown: hiddenPart, why: a.why}}, filled
	case a.constant != "":
		return []item{{value: value{parts: []string{a.constant}}}}, filled
	}
	for _, path := range a.paths {
		p := c.usage.Param(path)
		if p == nil || len(p.Values) == 0 {
			continue
		}
		items, outcome := a.readAll(p)
		return c.leaveOut(a, items), outcome
	}
	if ownByDefault(a.formName) {
		return []item{{}}, filled
	}
	return nil, absent
}

// leaveOut drops the items that another parameter says are not meant, be it by ARN or by ID. If that
// leaves none, the one is meant that both name.
func (c *call) leaveOut(a arg, items []item) []item {
	if a.except == "" || len(items) < 2 {
		return items
	}
	others := c.values(a.except)
	left := slices.DeleteFunc(slices.Clone(items), func(i item) bool {
		return slices.ContainsFunc(others, func(o string) bool {
			return o != "" && (i.arn == o || strings.HasSuffix(i.arn, "/"+o))
		})
	})
	if len(left) == 0 {
		return items
	}
	if len(left) == len(items) {
		for i := range left {
			left[i].assumed = "the event names several, of which it does not say which one is meant"
		}
	}
	return left
}

func (a arg) readAll(p *trail.Param) ([]item, outcome) {
	var items []item
	var seen [unreadable + 1]bool
	for _, text := range p.Values {
		values, r := a.readText(text, p)
		seen[r] = true
		for _, v := range values {
			i := item{value: v, path: p.Path, why: v.hidden, gaps: p.Gaps}
			if v.hidden != "" {
				i.unknown = hiddenPart
			}
			items = append(items, i)
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

func (a arg) readText(text string, p *trail.Param) ([]value, reading) {
	switch {
	case len(text) > maxText, text == "" && !p.Open, isHidden(text) && !(a.wide && a.plain()):
		return nil, unreadable
	case !p.Open && !p.Gaps:
		return a.form(text)
	case isARN(text) && (a.formName == "" || a.formName == "arn"):
		return []value{{arn: text, open: p.Open}}, reads
	case a.plain():
		return []value{{parts: []string{text}, open: p.Open}}, reads
	case p.Open && strings.HasPrefix(a.formName, "partiql-"):
		return a.form(text) // the table comes first; a text that ends in it is not read
	}
	return nil, unreadable
}

func (a arg) plain() bool { return a.formName == "" || a.formName == "name" || a.formName == "text" }

// isHidden reports whether CloudTrail wrote the text in place of a value.
func isHidden(text string) bool {
	return text == "HIDDEN_DUE_TO_SECURITY_REASONS" || text == "**********"
}
