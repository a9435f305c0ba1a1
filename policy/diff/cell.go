package diff

import (
	"fmt"
	"slices"
)

// A cell is a row in the making: actions of any services that differ in the same way on the same
// resources.
type cell struct {
	answer    *answer
	resources Resources
	// members are the actions of each group, by index in it.
	members map[*group]map[int]member
	// aside are universes in which nothing matches the resources.
	aside map[*universe]bool
}

// A member is an action of a cell, with what is shown of it.
type member struct {
	answer *answer
	// sample is one of the cell's resources, empty if any is.
	sample string
}

// A table collects cells.
type table struct {
	p     *problem
	cells map[string]*cell
	order []string
}

func (t *table) cell(a *answer, r Resources) *cell {
	id := fmt.Sprintf("%s %q", a.id, r)
	c, known := t.cells[id]
	if !known {
		c = &cell{answer: a, resources: r, members: map[*group]map[int]member{}, aside: map[*universe]bool{}}
		t.cells[id] = c
		t.order = append(t.order, id)
	}
	return c
}

func (c *cell) add(g *group, at int, m member) {
	if c.members[g] == nil {
		c.members[g] = map[int]member{}
	}
	c.members[g][at] = m
}

// A reference is an action of a group.
type actionRef struct {
	group *group
	at    int
}

// collect fills the table with what the groups' actions differ in.
func (p *problem) collect(groups []*group) *table {
	t := &table{p: p, cells: map[string]*cell{}}
	byClass := map[*class][]actionRef{}
	var classes []*class
	for _, g := range groups {
		for i := range g.actions {
			c := g.actions[i].class
			if g.actions[i].undecided {
				t.addUndecided(reasonFuture, []actionRef{{g, i}})
				continue
			}
			if c.same {
				continue
			}
			if byClass[c] == nil {
				classes = append(classes, c)
			}
			byClass[c] = append(byClass[c], actionRef{g, i})
		}
	}
	for _, c := range classes {
		if len(c.entries) == 0 {
			t.addEverywhere(c, byClass[c])
		} else {
			t.addClass(c, byClass[c])
		}
	}
	return t
}

// addEverywhere adds a class for which all resources are alike.
func (t *table) addEverywhere(c *class, actions []actionRef) {
	at := place{&space{universe: t.p.universes.any()}, &spot{}}
	a := t.p.answer(t.p.formula(c, oldSide, at), t.p.formula(c, newSide, at), at)
	if a.kind == "" {
		return
	}
	k := t.cell(a, Resources{Include: []string{"*"}})
	for _, ref := range actions {
		k.add(ref.group, ref.at, member{answer: a})
	}
}

// addClass adds a class in which resources matter. The resources of all its actions are described
// together, so that actions of different resource types are one row where that says the truth.
func (t *table) addClass(c *class, actions []actionRef) {
	byUniverse := map[*universe][]actionRef{}
	var spaces []*space
	for _, ref := range actions {
		u := t.p.universes.of(ref.group.actions[ref.at].known)
		if byUniverse[u] == nil {
			spaces = append(spaces, t.p.space(u, c.entries))
		}
		byUniverse[u] = append(byUniverse[u], ref)
	}
	n := 0
	for _, s := range spaces {
		if s.complete {
			n += len(s.spots)
		}
	}
	candidates := t.candidates(c, spaces, n)
	answers, at := map[string]bitset{}, 0
	first := map[string]*answer{}
	all := make([]*answer, n)
	var order []string
	for _, s := range spaces {
		if !s.complete {
			t.addUndecided(reasonResources, byUniverse[s.universe])
			continue
		}
		for i := range s.spots {
			here := place{s, &s.spots[i]}
			a := t.p.answer(t.p.formula(c, oldSide, here), t.p.formula(c, newSide, here), here)
			all[at] = a
			if a.kind != "" {
				if answers[a.id] == nil {
					answers[a.id], first[a.id] = newBitset(n), a
					order = append(order, a.id)
				}
				answers[a.id].add(at)
			}
			at++
		}
	}
	for _, id := range order {
		for _, d := range describe(n, answers[id], newBitset(n), candidates) {
			k := t.cell(first[id], Resources{Include: d.include, Within: d.within, Except: d.except})
			at := 0
			for _, s := range spaces {
				if !s.complete {
					continue
				}
				var m *member
				for i := range s.spots {
					if answers[id].has(at) && d.atoms.has(at) && (m == nil || m.sample == "*") {
						m = &member{all[at], s.spots[i].sample}
					}
					at++
				}
				if m == nil {
					k.aside[s.universe] = true
					continue
				}
				for _, ref := range byUniverse[s.universe] {
					k.add(ref.group, ref.at, *m)
				}
			}
		}
	}
}

// candidates returns the patterns that describe the spots of the spaces. "*" comes last.
func (t *table) candidates(c *class, spaces []*space, n int) []candidate {
	atoms := map[string]bitset{}
	at := 0
	for _, s := range spaces {
		if !s.complete {
			continue
		}
		for _, spot := range s.spots {
			for i, e := range s.entries {
				if spot.matches[i] {
					text := t.p.entries[e].text
					if atoms[text] == nil {
						atoms[text] = newBitset(n)
					}
					atoms[text].add(at)
				}
			}
			at++
		}
	}
	texts := make([]string, 0, len(atoms))
	for text := range atoms {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	var out []candidate
	for _, text := range texts {
		out = append(out, candidate{text, atoms[text]})
	}
	all := newBitset(n)
	for i := range n {
		all.add(i)
	}
	return append(out, candidate{"*", all})
}

// Reasons for which a comparison is given up.
const (
	reasonResources = "the resources are more than can be told apart"
	reasonFuture    = "the actions that do not exist yet are more than can be told apart"
)

func (t *table) addUndecided(reason string, actions []actionRef) {
	never := &formula{never: true}
	a := &answer{kind: Undecided, reason: reason, id: reason, old: never, new: never}
	k := t.cell(a, Resources{Include: []string{"*"}})
	for _, ref := range actions {
		k.add(ref.group, ref.at, member{answer: a})
	}
}
