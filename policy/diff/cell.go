package diff

import (
	"fmt"

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
