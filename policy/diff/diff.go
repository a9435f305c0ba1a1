package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// Compare returns how the new side differs from the old: none, if both allow exactly the same. The
// new side allows nothing that the old does not if no row widens, see Row.Widens.
func Compare(old, new Side, opt Options) []Row {
	p := newProblem(old, new, opt)
	c := p.newCatalogue()
	e := &emitter{p: p, catalogue: c, groups: c.groups()}
	t := p.collect(e.groups)
	for _, id := range t.order {
		e.emit(t.cells[id])
	}
	slices.SortFunc(e.rows, compareRows)
	return e.rows
}

// Within reports whether the new side allows nothing that the old does not. False may mean that it is
// undecided.
func Within(old, new Side, opt Options) bool {
	return !slices.ContainsFunc(Compare(old, new, opt), Row.Widens)
}

// compareRows orders rows by service and action, then by resource.
func compareRows(a, b Row) int {
	return cmp.Or(
		slices.Compare(a.Actions.Include, b.Actions.Include),
		slices.Compare(a.Actions.Except, b.Actions.Except),
		slices.Compare(a.Actions.Within, b.Actions.Within),
		slices.Compare(a.Resources.Include, b.Resources.Include),
		slices.Compare(a.Resources.Except, b.Resources.Except),
		slices.Compare(a.Resources.Within, b.Resources.Within),
		cmp.Compare(a.Kind, b.Kind),
		strings.Compare(a.Reason, b.Reason),
		slices.Compare(a.Actions.Known, b.Actions.Known),
		compareAccess(a.Old, b.Old),
		compareAccess(a.New, b.New),
	)
}

func compareAccess(a, b *Access) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	terms := func(a, b []policy.Condition) int { return slices.CompareFunc(a, b, compareConditions) }
	return cmp.Or(
		slices.CompareFunc(a.When, b.When, terms),
		slices.CompareFunc(a.Boundary, b.Boundary, terms),
		slices.CompareFunc(a.Unless, b.Unless, terms),
	)
}
