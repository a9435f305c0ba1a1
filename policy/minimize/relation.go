package minimize

import (
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// A relation is what statements under one set of conditions must allow, as a matrix of actions and
// resources. Rows that are alike are one row of several actions, and so with columns, because a
// statement that has one of them can have them all.
type relation struct {
	conditions    []policy.Condition
	rows, columns [][]string
	// required[row] are the columns that must be covered, permitted[row] those that may be: all
	// that the grants allow under these conditions.
	required, permitted []bitset
}

// A group is the grants under one set of conditions, in terms of the universes.
type group struct {
	conditions []policy.Condition
	pairs      map[[2]int]bool // action, resource
	// permitted[action] are the resources on which the pairs allow the action, as patterns.
	permitted map[int]bitset
}

// relations sorts the grants by conditions and leaves out those that others cover.
func relations(grants []Grant) []*relation {
	var actionTexts, resourceTexts []string
	for _, g := range grants {
		actionTexts = append(actionTexts, g.Action)
		resourceTexts = append(resourceTexts, g.Resource)
	}
	actions, resources := actionUniverse(actionTexts), resourceUniverse(resourceTexts)

	groups := map[string]*group{}
	for _, g := range grants {
		// Canonical works on documents: a set of conditions is part of one.
		canonical := policy.Document{Statements: []policy.Statement{{Conditions: g.Conditions}}}.Canonical()
		conditions := canonical.Statements[0].Conditions
		key := conditionsKey(conditions)
		if groups[key] == nil {
			groups[key] = &group{conditions: conditions, pairs: map[[2]int]bool{}, permitted: map[int]bitset{}}
		}
		groups[key].add(actions.indexOf[g.Action], resources.indexOf[g.Resource], actions, resources)
	}

	var out []*relation
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		base := groups[""] // what is allowed without conditions is allowed under any
		if key == "" {
			base = nil
		}
		if rel := groups[key].relation(base, actions, resources); rel != nil {
			out = append(out, rel)
		}
	}
	return out
}

func (g *group) add(action, resource int, actions, resources *universe) {
	if g.pairs[[2]int{action, resource}] {
		return
	}
	g.pairs[[2]int{action, resource}] = true
	for _, a := range actions.below[action] {
		if g.permitted[a] == nil {
			g.permitted[a] = newBitset(len(resources.texts))
		}
		for _, r := range resources.below[resource] {
			g.permitted[a].add(r)
		}
	}
}

// relation returns the matrix of the pairs that no other pair of g, nor any of base, covers.
func (g *group) relation(base *group, actions, resources *universe) *relation {
	required := map[int]bitset{}
	columns := newBitset(len(resources.texts))
	for pair := range g.pairs {
		if base != nil && base.permitted[pair[0]] != nil && base.permitted[pair[0]].has(pair[1]) {
			continue
		}
		if g.hasAbove(pair, actions, resources) {
			continue
		}
		if required[pair[0]] == nil {
			required[pair[0]] = newBitset(len(resources.texts))
		}
		required[pair[0]].add(pair[1])
		columns.add(pair[1])
	}
	if len(required) == 0 {
		return nil
	}
	m := &relation{conditions: g.conditions}
	for r := range columns.all {
		m.columns = append(m.columns, []string{resources.texts[r]})
	}
	for _, a := range slices.Sorted(maps.Keys(required)) {
		m.rows = append(m.rows, []string{actions.texts[a]})
		permitted := g.permitted[a]
		if base != nil && base.permitted[a] != nil {
			permitted = slices.Clone(permitted)
			permitted.addAll(base.permitted[a])
		}
		m.required = append(m.required, required[a].project(columns))
		m.permitted = append(m.permitted, permitted.project(columns))
	}
	return m.mergeRows().transpose().mergeRows().transpose()
}

// hasAbove reports whether a pair is covered by another of g.
func (g *group) hasAbove(pair [2]int, actions, resources *universe) bool {
	for _, a := range actions.above[pair[0]] {
		for _, r := range resources.above[pair[1]] {
			if above := [2]int{a, r}; above != pair && g.pairs[above] {
				return true
			}
		}
	}
	return false
}

// project returns the elements of b that are in of, numbered as of's.
func (b bitset) project(of bitset) bitset {
	out, n := newBitset(of.count()), 0
	for i := range of.all {
		if b.has(i) {
			out.add(n)
		}
		n++
	}
	return out
}

// mergeRows makes one row of those that are alike.
func (m *relation) mergeRows() *relation {
	out := &relation{conditions: m.conditions, columns: m.columns}
	seen := map[string]int{}
	for i, texts := range m.rows {
		key := m.required[i].key() + m.permitted[i].key()
		if at, ok := seen[key]; ok {
			out.rows[at] = append(out.rows[at], texts...)
			continue
		}
		seen[key] = len(out.rows)
		out.rows = append(out.rows, texts)
		out.required = append(out.required, m.required[i])
		out.permitted = append(out.permitted, m.permitted[i])
	}
	return out
}

func (m *relation) transpose() *relation {
	flip := func(matrix []bitset) []bitset {
		out := make([]bitset, len(m.columns))
		for j := range out {
			out[j] = newBitset(len(m.rows))
			for i := range m.rows {
				if matrix[i].has(j) {
					out[j].add(i)
				}
			}
		}
		return out
	}
	return &relation{m.conditions, m.columns, m.rows, flip(m.required), flip(m.permitted)}
}
