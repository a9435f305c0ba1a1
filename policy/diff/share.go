package diff

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A share is the part of a cell's actions that a row has.
type share struct {
	include, within, except []string
	members                 []sharedMember
	// inexact is as for a description.
	inexact bool
}

type sharedMember struct {
	action *action
	member
}

// within describes the actions of a cell that are in one group.
func (e *emitter) within(c *cell, g *group) []share {
	must, may := e.split(c, g)
	joint := e.shares(c, g, must, may)
	if len(joint) <= 2 {
		return joint
	}
	// What exists and what does not yet may be easier to describe apart.
	exists, future := must.clone(), must.clone()
	for i := range g.actions {
		if g.actions[i].future {
			exists.subtract(single(len(g.actions), i))
		} else {
			future.subtract(single(len(g.actions), i))
		}
	}
	var apart []share
	for _, part := range []bitset{exists, future} {
		if !part.isEmpty() {
			var l listed
			l.note(g, part)
			apart = append(apart, e.shares(c, g, part, e.free(c, g, part, l))...)
		}
	}
	if len(apart) < len(joint) {
		return apart
	}
	return joint
}

func single(n, i int) bitset {
	b := newBitset(n)
	b.add(i)
	return b
}

// split returns the actions of a group that a cell has, and those that a description of them may
// take in or not.
func (e *emitter) split(c *cell, g *group) (must, may bitset) {
	must = newBitset(len(g.actions))
	for i, m := range c.members[g] {
		if m.answer != nil {
			must.add(i)
		}
	}
	var l listed
	l.note(g, must)
	return must, e.free(c, g, must, l)
}

// listed says what a row counts: of the reference's actions it counts those that it lists, and it
// says whether it counts those that do not exist yet. So if it counts none of a kind, a description
// may take them in.
type listed struct{ known, future bool }

func (l *listed) note(g *group, actions bitset) {
	for i := range g.actions {
		if actions.has(i) {
			l.known = l.known || g.actions[i].known != nil
			l.future = l.future || g.actions[i].future
		}
	}
}

// free returns the actions that a description of must may take in or not: those of a kind that the
// row does not count, and those that cannot act on the row's resources.
func (e *emitter) free(c *cell, g *group, must bitset, l listed) bitset {
	may := newBitset(len(g.actions))
	for i := range g.actions {
		a := &g.actions[i]
		switch {
		case must.has(i):
		case a.future && !l.future, a.known != nil && (!l.known || e.isAside(c, a)):
			may.add(i)
		}
	}
	return may
}

// isAside reports whether an action acts on none of a cell's resources.
func (e *emitter) isAside(c *cell, a *action) bool {
	if slices.Contains(c.resources.Include, "*") {
		return false
	}
	u := e.p.universes.of(a.known)
	aside, known := c.aside[u]
	if !known {
		aside = !slices.ContainsFunc(c.include(), func(pattern glob.ARNPattern) bool {
			return slices.ContainsFunc(u.formats, func(f *format) bool { return f.arn.whole.Intersects(pattern) })
		})
		c.aside[u] = aside
	}
	return aside
}

func (e *emitter) shares(c *cell, g *group, must, may bitset) []share {
	var out []share
	for _, d := range describe(len(g.actions), must, may, e.candidates(g)) {
		s := share{include: d.include, within: d.within, except: d.except, inexact: d.inexact}
		if g.prefix == "" {
			for _, other := range e.groups {
				if other.prefix != "" {
					s.except = append(s.except, other.prefix+":*")
				}
			}
			slices.Sort(s.except)
		}
		for i := range g.actions {
			if must.has(i) && d.atoms.has(i) {
				s.members = append(s.members, sharedMember{&g.actions[i], c.members[g][i]})
			}
		}
		out = append(out, s)
	}
	return out
}

// candidates returns the patterns that describe actions of a group: names first, then the policies'
// patterns, and all of the service.
func (e *emitter) candidates(g *group) []candidate {
	if g.candidates != nil {
		return g.candidates
	}
	n := len(g.actions)
	for i := range g.actions {
		if !g.actions[i].future {
			g.candidates = append(g.candidates, newCandidate(single(n, i), g.actions[i].id))
		}
	}
	all := newBitset(n)
	for i := range n {
		all.add(i)
	}
	whole := g.prefix + ":*"
	if g.prefix == "" {
		whole = "*"
	}
	g.candidates = append(g.candidates, g.grouped...)
	if g.grouped != nil {
		return g.candidates
	}
	seen := map[string]bool{whole: true}
	g.candidates = append(g.candidates, newCandidate(all, whole))
	for _, at := range e.catalogue.wildcards(g.prefix) {
		text := e.p.spelling[e.catalogue.patterns[at].text]
		if prefix, name, ok := strings.Cut(text, ":"); ok && g.prefix != "" {
			if strings.ContainsAny(name, ":") || !glob.CompileFold(prefix).Match(g.prefix) {
				continue
			}
			text = g.prefix + ":" + name
		} else if !ok && g.prefix != "" {
			continue
		}
		if seen[text] {
			continue
		}
		seen[text] = true
		atoms, pattern := newBitset(n), glob.CompileFold(text)
		for i := range g.actions {
			if pattern.Match(lowerASCII(g.actions[i].id)) {
				atoms.add(i)
			}
		}
		g.candidates = append(g.candidates, newCandidate(atoms, text))
	}
	return g.candidates
}

// maxExceptions is how many exceptions a pattern for several services may have.
const maxExceptions = 10

// across describes the actions of a cell by one pattern for all services, if few exceptions do.
func (e *emitter) across(c *cell) (share, bool) {
	const several = 3
	if len(c.members) < several {
		return share{}, false
	}
	s := share{include: []string{"*"}}
	var l listed
	for _, g := range e.groups {
		must, _ := e.split(c, g)
		l.note(g, must)
	}
	for _, g := range e.groups {
		must, _ := e.split(c, g)
		may := e.free(c, g, must, l)
		rest := newBitset(len(g.actions))
		for i := range g.actions {
			if !must.has(i) && !may.has(i) {
				rest.add(i)
			}
			if must.has(i) {
				s.members = append(s.members, sharedMember{&g.actions[i], c.members[g][i]})
			}
		}
		if rest.isEmpty() {
			continue
		}
		except := describe(len(g.actions), rest, may, e.candidates(g))
		if must.isEmpty() && g.prefix != "" {
			except = []description{{include: []string{g.prefix + ":*"}}}
		}
		if len(except) != 1 || len(except[0].within)+len(except[0].except) > 0 {
			return share{}, false
		}
		if s.except = append(s.except, except[0].include...); len(s.except) > maxExceptions {
			return share{}, false
		}
	}
	if last := e.groups[len(e.groups)-1]; last.prefix != "" {
		return share{}, false // services that are not looked at do not differ
	}
	slices.Sort(s.except)
	return s, true
}
