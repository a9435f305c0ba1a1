package actionmap

import (
	"slices"
	"strings"
)

// fill builds the resources of t that the event names with these arguments. With partial, an argument
// that the event does not give becomes "*", but it must give one.
func (c *call) fill(t target, args []arg, partial bool) ([]built, outcome) {
	if c.omitted() && !slices.ContainsFunc(args, func(a arg) bool { return a.constant == "" }) {
		return nil, absent // what a request means by leaving something out, an omitted one does not say
	}
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
			items = []item{{unknown: hiddenPart, path: c.present(a)}}
		case len(a.paths) > 0 && !placing[a.formName]:
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
