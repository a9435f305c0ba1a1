package diff

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// Compare returns how the new side differs from the old: none, if both allow exactly the same. The
// new side allows nothing that the old does not if no row widens, see Row.Widens.
func Compare(old, new Side, opt Options) []Row {
	p := newProblem(old, new, opt)
	if len(p.entries) > maxEntries {
		return tooMany(len(p.entries), old, new)
	}
	c := p.newCatalogue()
	e := &emitter{p: p, catalogue: c, groups: c.groups()}
	t := p.collect(e.groups)
	for _, id := range t.order {
		e.emit(t.cells[id])
	}
	slices.SortFunc(e.rows, compareRows)
	return e.rows
}

// maxEntries is how many different resources two sides may name together. The quotas of a role leave room for
// some 4,000 at most (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxEntries = 4000

// tooMany is the answer for sides with more resources than are compared.
func tooMany(n int, old, new Side) []Row {
	if reflect.DeepEqual(old, new) {
		return nil
	}
	return []Row{{
		Kind:      Undecided,
		Reason:    fmt.Sprintf("the policies name %d different resources, and more than %d are not compared; no role can have so many", n, maxEntries),
		Actions:   Actions{Include: []string{"*"}, Future: true},
		Resources: Resources{Include: []string{"*"}},
	}}
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
