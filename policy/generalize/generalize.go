// Package generalize turns the concrete hierarchical names that were observed under one fixed
// resource prefix (the object keys of one bucket, the streams of one log group) into explained IAM
// patterns. It is the one place where a policy is widened beyond what was seen, so it is slow to
// widen, and each pattern says why it is there and what it stands for.
//
// A name is cut into levels at the separator. Parts of a level that vary by form (UUIDs, dates, epoch
// times, random identifiers, long numbers; see Reason) become "*", unless they were seen to stay the same.
// For every other part the evidence decides: a level of which new values keep turning up, or whose values
// come and do not come back, is variable; a level that settles on a few is listed. Where there is too
// little of it, names are listed with a Caution. The values of all actions count together as evidence, while each action
// gets only the patterns of names that it touched.
//
// "*" in an IAM pattern matches the separator too
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html), so
// stars with no letter or digit between them are written as one: "a/*/*/*.json" would promise a limit
// to three levels that it does not set. What is stable stays: the longest prefix, the suffix, and
// words between stars.
//
// Names come from logs and may be hostile: literal text is escaped by package glob, the number of
// levels and of patterns is bounded, and the work grows with the total length of the names.
package generalize

import (
	"slices"
	"strings"
	"time"
)

// An Observation is one name that one action was seen to touch.
type Observation struct {
	// Action is the IAM action, for example "s3:GetObject". It is compared as it is.
	Action string
	// Name is the raw name, not escaped, without the resource prefix.
	Name string
	// Open marks a Name that stands for any continuation of itself. It is empty or ends at a separator.
	Open bool
	// First and Last are when the name was seen; zero when not known, and then they are no evidence.
	First, Last time.Time
	// Days are the UTC days on which the name was seen, as days since 1970-01-01, distinct.
	Days []int32
}

// DefaultMaxListed is what Options.MaxListed means when it is 0.
const DefaultMaxListed = 20

// Options are the end of the window that was observed and the readiness to list.
type Options struct {
	// Last is the end of the observed window, the zero time for that of the observations. It
	// tells a level that settled long ago from one that is new.
	Last time.Time
	// MaxListed is how many distinct values of one level are listed one by one at most, 0 for
	// DefaultMaxListed. Where listing would give more than MaxPatterns patterns in all, it is
	// halved until it does not.
	MaxListed int
}

// MaxPatterns is how many patterns Names returns at most for one prefix.
const MaxPatterns = 100

// A Pattern is what to grant in place of some observed names.
type Pattern struct {
	// Text is an IAM pattern for the part of the resource that follows the prefix.
	Text string
	// Actions are the actions that touched one of the names, sorted.
	Actions []string
	// Reason says why Text is wider than one name, by its leftmost variable part. It is empty for
	// a name kept as it is.
	Reason Reason
	// Detail is one sentence on every variable part, empty for a name kept as it is.
	Detail string
	// Caution says that a part of Text is one of several names that are listed although there is
	// too little evidence that they are all: none was seen to come back. It is empty otherwise, and
	// independent of Reason.
	Caution string
	// Distinct counts the distinct observed names that Text stands for.
	Distinct int
	// Examples are up to MaxExamples of those names, raw, sorted, spread over their order.
	Examples []string
	// Observations are the indices of the observations that Text stands for, ascending.
	Observations []int
}

// MaxExamples is how many names a Pattern keeps as examples.
const MaxExamples = 3

// Names returns the patterns that stand for the observed names, sorted by Text. Every observation
// belongs to exactly one pattern, which matches its name (any continuation, if it is open). The
// order of the observations, and repeating some, changes nothing but Pattern.Observations.
//
// A separator that is empty or not of printable ASCII characters makes every name one level.
func Names(separator string, observations []Observation, options Options) []Pattern {
	if strings.ContainsFunc(separator, func(r rune) bool { return r < ' ' || r > '~' }) {
		separator = ""
	}
	names := distinct(separator, observations)
	if len(names) == 0 {
		return nil
	}
	limit := options.MaxListed
	if limit <= 0 {
		limit = DefaultMaxListed
	}
	for {
		t := tree{separator: separator, last: end(names, options), limit: limit, shapes: map[string]*shape{}}
		t.descend(names, 0, nil)
		// A limit of 1 gives fewer than six patterns for each of maxLevels levels.
		if len(t.shapes) <= MaxPatterns || limit == 1 {
			return patterns(separator, t.shapes, observations)
		}
		limit /= 2
	}
}

// end returns the end of the observed window.
func end(names []*name, options Options) time.Time {
	last := options.Last
	for _, n := range names {
		if n.last.After(last) {
			last = n.last
		}
	}
	return last
}

// A name is one distinct observed name with everything that was seen of it.
type name struct {
	raw         string
	open        bool
	levels      []level
	tail        string
	first, last time.Time
	days        []int32
	// observations are indices into what Names was given.
	observations []int
}

// distinct joins the observations of equal names, sorted by name.
func distinct(separator string, observations []Observation) []*name {
	type identity struct {
		raw  string
		open bool
	}
	seen := make(map[identity]*name, len(observations))
	var names []*name
	for i, o := range observations {
		id := identity{o.Name, o.Open}
		n := seen[id]
		if n == nil {
			n = &name{raw: o.Name, open: o.Open, first: o.First, last: o.Last}
			seen[id] = n
			names = append(names, n)
		}
		if o.First.Before(n.first) {
			n.first = o.First
		}
		if o.Last.After(n.last) {
			n.last = o.Last
		}
		n.days = append(n.days, o.Days...)
		n.observations = append(n.observations, i)
	}
	slices.SortFunc(names, func(a, b *name) int {
		if c := strings.Compare(a.raw, b.raw); c != 0 {
			return c
		}
		if a.open == b.open {
			return 0
		} else if a.open {
			return 1
		}
		return -1
	})
	for _, n := range names {
		slices.Sort(n.days)
		n.days = slices.Compact(n.days)
		n.levels, n.tail = split(separator, n.raw, n.open)
	}
	return names
}

// patterns turns shapes into what is returned, joining shapes of equal text.
func patterns(separator string, shapes map[string]*shape, observations []Observation) []Pattern {
	result := make([]Pattern, 0, len(shapes))
	for text, s := range shapes {
		p := Pattern{Text: text, Reason: s.reason(), Detail: s.detail(text, separator), Caution: s.caution, Distinct: len(s.names)}
		slices.SortFunc(s.names, func(a, b *name) int { return strings.Compare(a.raw, b.raw) })
		for _, n := range s.names {
			p.Observations = append(p.Observations, n.observations...)
		}
		slices.Sort(p.Observations)
		for _, i := range p.Observations {
			p.Actions = append(p.Actions, observations[i].Action)
		}
		slices.Sort(p.Actions)
		p.Actions = slices.Compact(p.Actions)
		p.Examples = spread(s.names)
		result = append(result, p)
	}
	slices.SortFunc(result, func(a, b Pattern) int { return strings.Compare(a.Text, b.Text) })
	return result
}

// spread picks the first, the last and the middle of the sorted names.
func spread(names []*name) []string {
	var picked []string
	for i := range MaxExamples {
		picked = append(picked, names[i*(len(names)-1)/(MaxExamples-1)].raw)
	}
	return slices.Compact(picked)
}
