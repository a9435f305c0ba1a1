package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A cell is a row in the making: actions of any services that differ in the same way on the same
// resources.
type cell struct {
	answer    *answer
	resources Resources
	// members has an entry for each action of a group; those that are not in the cell have no answer.
	members map[*group][]member
	// patterns are those of the resources' Include.
	patterns []glob.ARNPattern
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
		c = &cell{answer: a, resources: r, members: map[*group][]member{}, aside: map[*universe]bool{}}
		t.cells[id] = c
		t.order = append(t.order, id)
	}
	return c
}

// include returns the patterns of the resources. They were compiled before.
func (c *cell) include() []glob.ARNPattern {
	if c.patterns == nil {
		for _, text := range c.resources.Include {
			if p, err := glob.CompileARN(text); err == nil {
				c.patterns = append(c.patterns, p)
			}
		}
	}
	return c.patterns
}

func (c *cell) add(g *group, at int, m member) {
	if c.members[g] == nil {
		c.members[g] = make([]member, len(g.actions))
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

// A kindred is the universes whose resources the entries of a class tell apart in the same way.
type kindred struct {
	spaces  []*space
	from    int // the index of its first spot
	answers []*answer
}

// addClass adds a class in which resources matter. The resources of all its actions are described
// together, so that actions of different resource types are one row where that says the truth.
func (t *table) addClass(c *class, actions []actionRef) {
	byUniverse := map[*universe][]actionRef{}
	var universes []*universe
	for _, ref := range actions {
		u := t.p.universes.of(ref.group.actions[ref.at].known)
		if byUniverse[u] == nil {
			universes = append(universes, u)
		}
		byUniverse[u] = append(byUniverse[u], ref)
	}
	kin, n, complete := t.kindreds(c, universes, nil)
	var sets [][]int
	if !complete {
		if sets = t.p.alike(c); sets != nil {
			kin, n, _ = t.kindreds(c, universes, sets)
		}
	}
	kin = slices.DeleteFunc(kin, func(k *kindred) bool {
		if k.spaces[0].complete {
			return false
		}
		for _, s := range k.spaces {
			t.addUndecided(reasonResources, byUniverse[s.universe])
		}
		return true
	})
	spots, first := map[string]bitset{}, map[string]*answer{}
	var order []string
	for _, k := range kin {
		s := k.spaces[0]
		for i := range s.spots {
			at := place{s, &s.spots[i]}
			a := t.p.answer(t.p.formula(c, oldSide, at), t.p.formula(c, newSide, at), at)
			k.answers = append(k.answers, a)
			if a.kind == "" {
				continue
			}
			if spots[a.id] == nil {
				spots[a.id], first[a.id] = newBitset(n), a
				order = append(order, a.id)
			}
			spots[a.id].add(k.from + i)
		}
	}
	if len(order) == 0 {
		return
	}
	counted := newBitset(n)
	for _, k := range kin {
		for i := range k.answers {
			counted.add(k.from + i)
		}
	}
	candidates := t.candidates(c, kin, n, sets)
	for _, id := range order {
		may := newBitset(n)
		for i := range n {
			if !counted.has(i) {
				may.add(i)
			}
		}
		for _, d := range describe(n, spots[id], may, candidates) {
			cell := t.cell(first[id], Resources{Include: d.include, Within: d.within, Except: d.except})
			for _, k := range kin {
				at := -1
				for i := range k.answers {
					if spots[id].has(k.from+i) && d.atoms.has(k.from+i) && (at < 0 || k.spaces[0].spots[at].sample == "*") {
						at = i
					}
				}
				for _, s := range k.spaces {
					if at < 0 {
						cell.aside[s.universe] = true
						continue
					}
					if d.inexact {
						t.addUndecided(reasonResources, byUniverse[s.universe])
						continue
					}
					for _, ref := range byUniverse[s.universe] {
						cell.add(ref.group, ref.at, member{k.answers[at], s.spots[at].sample})
					}
				}
			}
		}
	}
}

// kindreds returns the universes of a class, grouped, and the number of their spots. sets are as for
// problem.space.
func (t *table) kindreds(c *class, universes []*universe, sets [][]int) (kin []*kindred, n int, complete bool) {
	byKey := map[string]*kindred{}
	parts := map[*format]*space{}
	hasVariables := slices.ContainsFunc(c.entries, func(e int) bool { return t.p.entries[e].variable >= 0 })
	complete = true
	for _, u := range universes {
		s := t.p.space(u, c.entries, sets, parts)
		complete = complete && s.complete
		key := s.key()
		if hasVariables {
			key += fmt.Sprint(u.index) // what variables can be depends on the resource
		}
		k := byKey[key]
		if k == nil {
			k = &kindred{from: n}
			byKey[key] = k
			kin = append(kin, k)
			n += len(s.spots)
		}
		k.spaces = append(k.spaces, s)
	}
	return kin, n, complete
}

// key is the same for spaces with the same spots, samples aside.
func (s *space) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%t ", s.complete)
	for i := range s.spots {
		b.WriteString(s.spots[i].key)
		b.WriteByte(' ')
	}
	return b.String()
}

// candidates returns the patterns that describe the spots, those of each set together. "*" comes
// last.
func (t *table) candidates(c *class, kin []*kindred, n int, sets [][]int) []candidate {
	if sets == nil {
		byText := map[string][]int{}
		for _, e := range c.entries {
			text := t.p.entries[e].text
			if byText[text] == nil {
			}
			byText[text] = append(byText[text], e)
		}
		for _, text := range slices.Sorted(maps.Keys(byText)) {
			sets = append(sets, byText[text])
		}
	}
	var out []candidate
	for _, set := range sets {
		atoms := newBitset(n)
		var texts []string
		for _, e := range set {
			i, _ := slices.BinarySearch(c.entries, e)
			for _, k := range kin {
				for j, spot := range k.spaces[0].spots {
					if spot.matches[i] {
						atoms.add(k.from + j)
					}
				}
			}
			texts = append(texts, t.p.entries[e].text)
		}
		slices.Sort(texts)
		out = append(out, newCandidate(atoms, slices.Compact(texts)...))
	}
	all := newBitset(n)
	for i := range n {
		all.add(i)
	}
	return append(out, newCandidate(all, "*"))
}

// Reasons for which a comparison is given up.
const (
	reasonResources = "the resources are more than can be told apart"
	reasonFuture    = "the actions that do not exist yet are more than can be told apart"
)

func (t *table) addUndecided(reason string, actions []actionRef) {
	a := undecided(reason)
	k := t.cell(a, Resources{Include: []string{"*"}})
	for _, ref := range actions {
		k.add(ref.group, ref.at, member{answer: a})
	}
}

// undecided returns the answer to a question that is given up.
func undecided(reason string) *answer {
	never := &formula{never: true}
	return &answer{kind: Undecided, reason: reason, id: reason, old: never, new: never}
}
