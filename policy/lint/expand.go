package lint

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// An expansion is the actions of the reference that a pattern stands for, sorted by prefix, then name.
// It may be shared: it is not to be changed.
type expansion []*reference.Action

// everyAction is all of the reference.
var everyAction = sync.OnceValue(func() expansion { return reference.ActionsMatching("*:*") })

// maxSteps bounds how many actions one rule may look at, and how many all rules together may compare
// with patterns. A policy that IAM stores stays far below.
const maxSteps = 4_000_000

const tooManyActions = "its action patterns stand for too many actions, and not all were looked at"

// spend asks to look at some more actions.
func (c *checker) spend(actions int) bool {
	c.steps += actions
	if c.steps <= maxSteps {
		return true
	}
	c.limit(tooManyActions)
	return false
}

// limit keeps what was left out.
func (c *checker) limit(what string) {
	if !slices.Contains(c.limits, what) {
		c.limits = append(c.limits, what)
	}
}

// expand returns the actions that a pattern such as "s3:Get*" or "*" stands for.
func (c *checker) expand(pattern string) expansion {
	key := strings.ToLower(pattern)
	actions, ok := c.expanded[key]
	if !ok {
		if c.lookups += lookupSteps(key); c.lookups > maxSteps {
			c.limit(tooManyActions)
			return nil
		}
		actions = lookUp(key)
		c.expanded[key] = actions
	}
	if !c.spend(len(actions)) {
		return nil
	}
	return actions
}

// lookupSteps is how many actions lookUp compares with a pattern.
func lookupSteps(pattern string) int {
	prefix, name, _ := strings.Cut(pattern, ":")
	switch service, ok := reference.Lookup(prefix); {
	case pattern == "*" || pattern == "*:*" || !wild(pattern):
		return 1
	case wild(prefix):
		return len(everyAction())
	case ok && name != "*":
		return len(service.Actions())
	}
	return 1
}

func lookUp(pattern string) expansion {
	switch _, _, qualified := strings.Cut(pattern, ":"); {
	case pattern == "*" || pattern == "*:*":
		return everyAction()
	case !qualified:
		return nil // ActionsMatching would take it for a name in any service
	case wild(pattern):
		return reference.ActionsMatching(pattern)
	}
	if a, ok := reference.LookupAction(pattern); ok {
		return expansion{a}
	}
	return nil
}

func wild(pattern string) bool { return strings.ContainsAny(pattern, "*?") }

// actions returns the actions that the statement is about: those of Action, or all that NotAction does
// not name.
func (s *statement) actions() expansion {
	if s.granted == nil {
		actions := s.c.union(s.Actions.Values())
		if s.NotActions.Present() {
			actions = s.c.subtract(everyAction(), s.c.union(s.NotActions.Values()))
		}
		s.granted = &actions
	}
	if !s.c.spend(len(*s.granted)) {
		return nil
	}
	return *s.granted
}

func (c *checker) union(patterns []string) expansion {
	if len(patterns) == 1 {
		return c.expand(patterns[0])
	}
	seen := map[*reference.Action]bool{}
	var all expansion
	for _, p := range patterns {
		for _, a := range c.expand(p) {
			if !seen[a] {
				seen[a] = true
				all = append(all, a)
			}
		}
	}
	if len(all) == len(everyAction()) {
		return everyAction() // which is sorted
	}
	slices.SortFunc(all, compareActions)
	return all
}

// subtract returns the actions of all that are not in some.
func (c *checker) subtract(all, some expansion) expansion {
	if !c.spend(len(all)) {
		return nil
	}
	named := make(map[*reference.Action]bool, len(some))
	for _, a := range some {
		named[a] = true
	}
	var rest expansion
	for _, a := range all {
		if !named[a] {
			rest = append(rest, a)
		}
	}
	return rest
}

func compareActions(a, b *reference.Action) int {
	if a == b {
		return 0
	}
	if a.Service != b.Service {
		return cmp.Compare(a.Service, b.Service)
	}
	for i := range min(len(a.Name), len(b.Name)) { // without the copies of strings.ToLower
		if x, y := a.Name[i]|0x20, b.Name[i]|0x20; x != y { // names are letters and digits
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a.Name), len(b.Name))
}

// ids returns the actions as policies write them.
func ids(actions expansion) []string {
	var out []string
	for _, a := range actions {
		out = append(out, a.ID())
	}
	return out
}

// sortActions sorts in place and drops repetitions.
func sortActions(actions expansion) expansion {
	slices.SortFunc(actions, compareActions)
	return slices.Compact(actions)
}
