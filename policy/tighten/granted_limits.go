package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A rule is a compiled statement, without its conditions.
type rule struct {
	actions actionSet
	// except says that the statement is about all actions but these.
	except  bool
	targets []target
}

func newRule(s policy.Statement, version string) rule {
	r := rule{actions: newActionSet(s.Actions), targets: targetsOf(s, version)}
	if s.NotActions != nil {
		r.actions, r.except = newActionSet(s.NotActions), true
	}
	return r
}

// concerns reports whether the statement is about an action.
func (r rule) concerns(id string) bool { return r.actions.match(id) != r.except }

// An actionSet is a compiled list of action patterns. Most are names, which are looked up.
type actionSet struct {
	names    map[string]bool // in lower case
	patterns []glob.Pattern
}

func newActionSet(patterns []string) actionSet {
	s := actionSet{names: map[string]bool{}}
	for _, text := range patterns {
		if p := glob.CompileFold(text); p.IsLiteral() {
			s.names[strings.ToLower(text)] = true
		} else {
			s.patterns = append(s.patterns, p)
		}
	}
	return s
}

func (s actionSet) match(id string) bool {
	return s.names[strings.ToLower(id)] || slices.ContainsFunc(s.patterns, func(p glob.Pattern) bool { return p.Match(id) })
}

// covers reports whether the patterns match whatever one does.
func (s actionSet) covers(pattern glob.Pattern) bool {
	return slices.ContainsFunc(s.patterns, func(p glob.Pattern) bool { return p.Covers(pattern) })
}

// meets reports whether one of the patterns matches something that another does.
func (s actionSet) meets(pattern glob.Pattern) bool {
	for name := range s.names {
		if pattern.Match(name) {
			return true
		}
	}
	return slices.ContainsFunc(s.patterns, func(p glob.Pattern) bool { return p.Intersects(pattern) })
}

// limits are what takes away from what the Allow statements grant.
type limits struct {
	// denies are Deny statements that always apply, of the identity policies and of the boundary.
	denies []rule
	// bounds are the Allow statements of the boundary; bounded says that there is one.
	bounds  []rule
	bounded bool
	// size is the boundary's in characters, patterns counts what all of the statements name.
	size, patterns int
}

func newLimits(identity, boundary []policy.Document) limits {
	l := limits{bounded: boundary != nil}
	count := func(s policy.Statement) {
		l.patterns += len(s.Actions) + len(s.NotActions) + len(s.Resources) + len(s.NotResources)
	}
	for _, d := range slices.Concat(identity, boundary) {
		for _, s := range d.Statements {
			if s.Effect == policy.Deny && len(s.Conditions) == 0 {
				l.denies = append(l.denies, newRule(s, d.Version))
				count(s)
			}
		}
	}
	for _, d := range boundary {
		l.size += d.Size()
		for _, s := range d.Statements {
			if s.Effect == policy.Allow {
				l.bounds = append(l.bounds, newRule(s, d.Version))
				count(s)
			}
		}
	}
	return l
}

// leave reports whether something is left of what is granted: no Deny takes all of it, and the
// boundary allows some of it.
func (l limits) leave(g *granted, partition string) bool {
	for _, r := range l.denies {
		if r.concerns(g.id) && slices.ContainsFunc(r.targets, func(t target) bool { return takesAll(t, g, partition) }) {
			return false
		}
	}
	if !l.bounded {
		return true
	}
	return slices.ContainsFunc(l.bounds, func(r rule) bool {
		return r.concerns(g.id) && slices.ContainsFunc(r.targets, func(t target) bool { return t.meets(g.on.pattern) })
	})
}

// takesAll reports whether t matches all resources of g that the action can act on. True is a proof.
func takesAll(t target, g *granted, partition string) bool {
	if g.on.not == nil && t.holds(g.on.pattern) {
		return true
	}
	if g.action == nil {
		return false
	}
	own := formsFor(g.action, partition)
	if len(own) == 0 {
		return t.exact && t.matchesAll()
	}
	return !slices.ContainsFunc(own, func(f form) bool { return g.on.meets(f.pattern) && !t.holds(f.pattern) })
}
