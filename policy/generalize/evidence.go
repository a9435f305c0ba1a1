package generalize

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What the evidence has to show.
const (
	// minSpan is how long a level must have been in use before its growth, or that it has settled,
	// says anything. A single run names whatever it names.
	minSpan = 7 * 24 * time.Hour
	// minGrowing is how many values a level must have to be called growing.
	minGrowing = 5
	// growth: one value in so many, and at least two, is new in the last third of the span.
	growth = 5
	// settledDays is on how many days each value of an identifier must have been seen to be kept.
	settledDays = 3
	// maxExtensions is how many file name extensions of a variable level are told apart.
	maxExtensions = 4
)

// A cluster is names that go on together below one level: those of one value of the level, or of
// several that together are variable.
type cluster struct {
	text  string
	notes []note
	names []*name
	// caution is Pattern.Caution for the names.
	caution string
}

// clusters decides the level at depth of names. A leaf level is the last one of its names.
func (t *tree) clusters(names []*name, depth int, leaf bool) []cluster {
	if len(names) == 0 {
		return nil
	}
	values := t.values(names, depth)
	evidence, variable := t.variable(values)
	if !variable {
		values = t.numbered(values)
		evidence, variable = t.unsettled(values)
	}
	if !variable {
		return t.caution(values)
	}
	fixed, changing := t.recurring(values)
	return append(fixed, merge(changing, evidence, leaf)...)
}

// merge makes one cluster of values, or one for each of the endings that stay.
func merge(values []cluster, evidence note, leaf bool) []cluster {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.text
	}
	prefix, suffixes := common(texts, leaf)
	merged := make([]cluster, 0, len(suffixes))
	for _, suffix := range suffixes {
		merged = append(merged, cluster{text: prefix + "*" + suffix, notes: []note{evidence}})
	}
	for _, v := range values {
		i := slices.IndexFunc(suffixes, func(s string) bool { return strings.HasSuffix(v.text, s) })
		merged[i].names = append(merged[i].names, v.names...)
	}
	return merged
}

// days returns the distinct days on which c's names were seen.
func (c cluster) days() []int32 {
	var days []int32
	for _, n := range c.names {
		days = append(days, n.days...)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// recurring tells the fixed values of a variable level, such as the configuration among the uploads,
// from those that change. Fixed are a few that were seen on at least every second day.
func (t *tree) recurring(values []cluster) (fixed, changing []cluster) {
	_, span := t.firsts(values)
	for _, v := range values {
		if span >= minSpan && len(v.days()) >= int(span/(48*time.Hour)) {
			fixed = append(fixed, v)
		} else {
			changing = append(changing, v)
		}
	}
	if len(fixed) > t.limit/4 {
		return nil, values
	}
	return fixed, changing
}

// values groups names by the text of the level at depth, in the order of the names. What varies by form
// but was seen not to vary is kept as it is.
func (t *tree) values(names []*name, depth int) []cluster {
	literal := func(n *name) level { return n.levels[depth].literal() }
	var result []cluster
	for _, v := range group(names, func(n *name) level { return n.levels[depth] }) {
		forms := v.names[0].levels[depth].forms
		if forms&formDate != 0 {
			constant, moving := constantDates(v.names, depth)
			result = append(result, group(constant, literal)...)
			if v.names = moving; len(moving) > 0 {
				result = append(result, v)
			}
			continue
		}
		if forms&formVariable != 0 {
			if kept := group(v.names, literal); t.settled(kept) {
				result = append(result, kept...)
				continue
			}
		}
		result = append(result, v)
	}
	return result
}

// group groups names by the text of a level, in the order of the names.
func group(names []*name, level func(*name) level) []cluster {
	index := make(map[string]int)
	var groups []cluster
	for _, n := range names {
		l := level(n)
		i, ok := index[l.text]
		if !ok {
			i = len(groups)
			index[l.text] = i
			groups = append(groups, cluster{text: l.text, notes: l.forms.notes()})
		}
		groups[i].names = append(groups[i].names, n)
	}
	return groups
}

// settled reports whether values that have the form of an identifier are nonetheless a fixed set: few,
// each seen on several days, none of them new after the first third of their span.
func (t *tree) settled(values []cluster) bool {
	firsts, span := t.firsts(values)
	if len(values) > t.limit || span < minSpan {
		return false
	}
	for i, v := range values {
		if len(v.days()) < settledDays || t.last.Sub(firsts[i]) < span*2/3 {
			return false
		}
	}
	return true
}

// variable reports whether the values of a level are too many, or keep growing, to be listed. Growth is
// measured in the time that the level was in use, so that a level whose use ended within the window
// does not look as if it had settled.
func (t *tree) variable(values []cluster) (note, bool) {
	if len(values) > t.limit {
		return note{ReasonMany, fmt.Sprintf("a part with %d values", len(values))}, true
	}
	firsts, span := t.firsts(values)
	used := activity(values)
	late := 0
	for _, first := range firsts {
		if used.last.Sub(first) < used.span()/3 {
			late++
		}
	}
	if span == 0 || used.span() < minSpan || len(values) < minGrowing || late < max(2, len(values)/growth) {
		return note{}, false
	}
	text := fmt.Sprintf("a part with %d values, %d of them new in the last third of their time", len(values), late)
	return note{ReasonGrowing, text}, true
}

// firsts returns when each value was first seen, and the time from the first of all to the end of the
// window. The span is 0 if one is not known.
func (t *tree) firsts(values []cluster) (firsts []time.Time, span time.Duration) {
	firsts = make([]time.Time, len(values))
	for i, v := range values {
		firsts[i] = v.seen().first
		span = max(span, t.last.Sub(firsts[i]))
	}
	if slices.ContainsFunc(firsts, time.Time.IsZero) {
		return firsts, 0
	}
	return firsts, span
}
