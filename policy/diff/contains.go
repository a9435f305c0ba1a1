package diff

import (
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

// Contains reports whether an action on a resource is among those that the row is about. Whether the
// action can act on the resource is not asked.
func (r Row) Contains(action, resource string) bool {
	return r.Actions.Contains(action) && r.Resources.Contains(resource)
}

// Contains reports whether an action is among these.
func (a Actions) Contains(action string) bool {
	if known, ok := reference.LookupAction(action); ok {
		_, listed := slices.BinarySearch(a.Known, known.ID())
		return listed
	}
	lower := lowerASCII(action)
	if slices.ContainsFunc(a.Unknown, func(id string) bool { return lowerASCII(id) == lower }) {
		return true
	}
	match := func(text string) bool { return glob.CompileFold(text).Match(lower) }
	return a.Future && slices.ContainsFunc(a.Include, match) &&
		!slices.ContainsFunc(a.Within, func(text string) bool { return !match(text) }) &&
		!slices.ContainsFunc(a.Except, match)
}

// Contains reports whether a resource is among these.
func (r Resources) Contains(resource string) bool {
	match := func(text string) bool {
		p, err := glob.CompileARN(text)
		return err == nil && p.Match(resource)
	}
	return slices.ContainsFunc(r.Include, match) &&
		!slices.ContainsFunc(r.Within, func(text string) bool { return !match(text) }) &&
		!slices.ContainsFunc(r.Except, match)
}
