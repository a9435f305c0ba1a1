package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/minimize"
)

type managedPolicy struct {
	name string
	doc  policy.Document
}

func (m managedPolicy) side() diff.Side { return sideOf(m.doc) }

func sideOf(docs ...policy.Document) diff.Side { return diff.Side{Identity: docs} }

// managed returns the corpus by name, with -short a twentieth of it.
func managed(t testing.TB) []managedPolicy {
	step := 1
	if testing.Short() {
		step = 20
	}
	texts := policytest.Managed(t)
	var out []managedPolicy
	for i := 0; i < len(texts); i += step {
		doc, err := policy.Parse(texts[i].Text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, managedPolicy{texts[i].Name, *doc})
	}
	return out
}

// TestManagedSpellings: a managed policy is what it is in every spelling of it.
func TestManagedSpellings(t *testing.T) {
	for _, m := range managed(t) {
		for _, other := range []struct {
			name string
			doc  policy.Document
		}{{"itself", m.doc}, {"its canonical form", m.doc.Canonical()}, {"its minimum", minimum(m.doc)}} {
			if rows := diff.Compare(m.side(), sideOf(other.doc), diff.Options{}); len(rows) > 0 {
				t.Errorf("%s differs from %s in %d rows:\n%s", m.name, other.name, len(rows), show(rows[0]))
			}
		}
	}
}

// minimum writes the Allow statements anew with the fewest statements. The others stay as they are.
func minimum(doc policy.Document) policy.Document {
	out := policy.Document{Version: doc.Version}
	var grants []minimize.Grant
	for _, s := range doc.Statements {
		if s.Effect != policy.Allow || s.NotActions != nil || s.NotResources != nil {
			out.Statements = append(out.Statements, s)
			continue
		}
		for _, action := range s.Actions {
			for _, resource := range s.Resources {
				grants = append(grants, minimize.Grant{Action: action, Resource: resource, Conditions: s.Conditions})
			}
		}
	}
	out.Statements = append(out.Statements, minimize.Minimize(grants).Statements...)
	return out
}

// TestManagedExpansion: to spell out the actions that a managed policy allows takes nothing away but
// actions that the reference does not know.
func TestManagedExpansion(t *testing.T) {
	for _, m := range managed(t) {
		for _, row := range diff.Compare(m.side(), sideOf(expansion(m.doc)), diff.Options{}) {
			if row.Widens() || len(row.Actions.Known) > 0 || !row.Actions.Future && len(row.Actions.Unknown) == 0 {
				t.Errorf("%s:\n%s", m.name, show(row))
			}
		}
		for _, row := range diff.Compare(sideOf(expansion(m.doc)), m.side(), diff.Options{}) {
			if row.Lost != nil || row.Kind == diff.Undecided || len(row.Actions.Known) > 0 {
				t.Errorf("%s, the other way round:\n%s", m.name, show(row))
			}
		}
	}
}

// expansion replaces the action patterns of Allow statements by the actions that they stand for.
func expansion(doc policy.Document) policy.Document {
	doc.Statements = slices.Clone(doc.Statements)
	for i, s := range doc.Statements {
		if s.Effect != policy.Allow || s.Actions == nil {
			continue
		}
		names := []string{}
		for _, pattern := range s.Actions {
			if !strings.ContainsAny(pattern, "*?") {
				names = append(names, pattern)
				continue
			}
			for _, a := range actionsMatching(pattern) {
				names = append(names, a.ID())
			}
		}
		doc.Statements[i].Actions = names
	}
	return doc
}

// actionsMatching is reference.ActionsMatching, which takes "*" for a name without a service.
func actionsMatching(pattern string) []*reference.Action {
	if pattern == "*" {
		pattern = "*:*"
	}
	return reference.ActionsMatching(pattern)
}

// TestManagedNeighbours compares each managed policy with the next: the evaluator confirms
// every witness.
func TestManagedNeighbours(t *testing.T) {
	all := managed(t)
	rows, undecided := 0, 0
	for i, m := range all {
		next := all[(i+1)%len(all)]
		p := pair{old: m.side(), new: next.side(), opt: diff.Options{Partition: "aws"}}
		found := diff.Compare(p.old, p.new, p.opt)
		rows += len(found)
		js := judgesOf(p)
		for _, row := range found {
			if row.Kind == diff.Undecided {
				undecided++
			}
			if err := sound(js, p.opt, row); err != nil {
				t.Errorf("%s against %s: %v\n%s", m.name, next.name, err, show(row))
			}
		}
	}
	if rows < len(all) {
		t.Errorf("only %d rows", rows)
	}
	t.Logf("%d policies: %d rows, %d of them undecided", len(all), rows, undecided)
}
