package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/condition"
)

// An emitter turns cells into rows.
type emitter struct {
	p         *problem
	catalogue *catalogue
	groups    []*group
	rows      []Row
}

func (e *emitter) emit(c *cell) {
	if s, ok := e.across(c); ok {
		e.row(c, s)
		return
	}
	groups := make([]*group, 0, len(c.members))
	for g := range c.members {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(a.prefix, b.prefix) })
	for _, g := range groups {
		for _, s := range e.within(c, g) {
			e.row(c, s)
		}
	}
}

func (e *emitter) row(c *cell, s share) {
	a := c.answer
	if s.inexact {
		a = undecided(reasonFuture)
		s.include, s.within, s.except = []string{"*"}, nil, nil
		if g := strings.SplitN(s.members[0].action.id, ":", 2); len(g) == 2 {
			s.include[0] = g[0] + ":*"
		}
	}
	row := Row{
		Kind: a.kind, Reason: a.reason, Resources: c.resources,
		Actions: Actions{Include: s.include, Within: s.within, Except: s.except},
		Old:     e.p.access(a.old), New: e.p.access(a.new),
	}
	for _, m := range s.members {
		switch {
		case m.action.future:
			row.Actions.Future = true
		case m.action.known != nil:
			row.Actions.Known = append(row.Actions.Known, m.action.id)
		default:
			row.Actions.Unknown = append(row.Actions.Unknown, m.action.id)
		}
	}
	slices.Sort(row.Actions.Known)
	slices.Sort(row.Actions.Unknown)
	if a.kind != Undecided {
		m := slices.MinFunc(s.members, func(a, b sharedMember) int {
			return cmp.Or(cmp.Compare(a.action.rank(), b.action.rank()), cmp.Compare(a.action.id, b.action.id))
		})
		row.Gained, row.Lost = e.witness(m, m.answer.gained), e.witness(m, m.answer.lost)
	}
	e.rows = append(e.rows, row)
}

// rank orders actions by how much a reader wants to know of them.
func (a *action) rank() int {
	switch {
	case a.future:
		return 6
	case a.known == nil:
		return 5
	}
	return slices.Index([]reference.AccessLevel{
		reference.PermissionsManagement, reference.Write, reference.Tagging, reference.Read, reference.List,
	}, a.known.AccessLevel)
}

func (e *emitter) witness(m sharedMember, p *proof) *Witness {
	if p == nil {
		return nil
	}
	resource := cmp.Or(p.resource, m.sample)
	if resource == "" {
		u := e.p.universes.of(m.action.known)
		if resource = "*"; len(u.formats) > 0 {
			resource = u.formats[0].example
		}
	}
	w := &Witness{Action: m.action.id, Resource: resource, Context: condition.Context{}}
	for k, v := range p.context {
		w.Context[k] = v
	}
	return w
}
