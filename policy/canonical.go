package policy

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical returns d with the lists whose order means nothing sorted and without repetition:
// actions, resources, conditions, and the values of a condition. Statements keep their order.
// Actions that differ only in case are repetitions. d is not changed.
func (d Document) Canonical() Document {
	out := Document{Version: d.Version, Statements: slices.Clone(d.Statements)}
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Actions, s.NotActions = canonicalActions(s.Actions), canonicalActions(s.NotActions)
		s.Resources, s.NotResources = sortedSet(s.Resources), sortedSet(s.NotResources)
		s.Conditions = canonicalConditions(s.Conditions)
	}
	return out
}

func canonicalActions(actions []string) []string {
	sorted := slices.SortedFunc(slices.Values(actions), CompareActions)
	return keepNil(actions, slices.CompactFunc(sorted, func(a, b string) bool {
		return asciiLower(a) == asciiLower(b)
	}))
}

// CompareActions is the order of actions in a canonical document: without regard to ASCII case,
// then by case.
func CompareActions(a, b string) int {
	return cmp.Or(cmp.Compare(asciiLower(a), asciiLower(b)), cmp.Compare(a, b))
}

// asciiLower folds case as IAM does for actions, which hold ASCII alone.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

func canonicalConditions(conditions []Condition) []Condition {
	out := slices.Clone(conditions)
	for i := range out {
		out[i].Values = sortedSet(out[i].Values)
	}
	slices.SortFunc(out, compareConditions)
	return slices.CompactFunc(out, func(a, b Condition) bool { return compareConditions(a, b) == 0 })
}

func sortedSet(texts []string) []string {
	return keepNil(texts, slices.Compact(slices.Sorted(slices.Values(texts))))
}

// keepNil returns result, nil if the original was and empty if it was empty: a Statement tells an
// element that is absent from an empty one.
func keepNil(original, result []string) []string {
	switch {
	case original == nil:
		return nil
	case result == nil:
		return []string{}
	}
	return result
}
