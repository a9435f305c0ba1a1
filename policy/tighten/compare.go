package tighten

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
)

// Compare returns how two sides differ, with each witness confirmed by the evaluator. A witness that the
// evaluator contradicts is a defect, and an error: neither answer may then be trusted.
func Compare(name string, old, new diff.Side, opt diff.Options) (report.Comparison, error) {
	out := report.Comparison{Name: name, Changes: []report.Change{}}
	oldEval, newEval := compileSide(old), compileSide(new)
	for _, r := range diff.Compare(old, new, opt) {
		c := change(r)
		var err error
		if c.Gained, err = confirm(r.Gained, newEval, oldEval); err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		if c.Lost, err = confirm(r.Lost, oldEval, newEval); err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		out.Changes = append(out.Changes, c)
	}
	slices.SortStableFunc(out.Changes, compareChanges)
	return out, nil
}

func compileSide(s diff.Side) *eval.Evaluator {
	return eval.Compile(eval.Policies{Identity: s.Identity, Boundary: s.Boundary})
}

// confirm asks the evaluator whether one side allows a request and the other does not.
func confirm(w *diff.Witness, allows, refuses *eval.Evaluator) (*report.Witness, error) {
	if w == nil {
		return nil, nil
	}
	request := eval.Request{Action: w.Action, Resource: w.Resource, Context: w.Context}
	if allows.Evaluate(request).Outcome != eval.Allowed || refuses.Evaluate(request).Outcome == eval.Allowed {
		return nil, fmt.Errorf("the comparison says that %s on %s tells the policies apart, and the evaluator does not agree; this is a defect of whittle, do not use the answer", w.Action, w.Resource)
	}
	out := &report.Witness{Action: w.Action, Resource: w.Resource, Confirmed: true}
	for _, key := range slices.Sorted(maps.Keys(w.Context)) {
		v := w.Context[key]
		out.Context = append(out.Context, report.ContextValue{Key: key, Values: v.Values, Multi: v.Multi})
	}
	return out, nil
}

// change writes a row as plain data, without its witnesses.
func change(r diff.Row) report.Change {
	c := report.Change{
		Kind: string(r.Kind), Widens: r.Widens(), Reason: r.Reason,
		Service: serviceOf(r.Actions),
		Actions: r.Actions.Include, ActionsExcept: r.Actions.Except, Known: r.Actions.Known, Unknown: r.Actions.Unknown, Future: r.Actions.Future,
		AccessLevels: levels(r.Actions.Known),
		Resources:    r.Resources.Include, ResourcesWithin: r.Resources.Within, ResourcesExcept: r.Resources.Except,
		OldAccess: access(r.Old), NewAccess: access(r.New),
	}
	if named := slices.Concat(c.Known, c.Unknown); len(r.Actions.Within) > 0 && len(named) > 0 {
		// A report has no place for what two patterns have in common.
		c.Actions, c.ActionsExcept = named, nil
	}
	if c.Widens {
		c.Wide = wideIn(r)
	}
	return c
}

// serviceOf is the prefix that all actions have, "*" where they have several.
func serviceOf(a diff.Actions) string {
	prefixes := set{}
	for _, pattern := range a.Include {
		prefix, _, ok := strings.Cut(pattern, ":")
		if !ok || strings.ContainsAny(prefix, "*?") {
			return "*"
		}
		prefixes.add(strings.ToLower(prefix))
	}
	if all := prefixes.with(nil); len(all) == 1 {
		return all[0]
	}
	return "*"
}

// levelOrder is the order of report.Change.AccessLevels.
var levelOrder = []reference.AccessLevel{reference.List, reference.Read, reference.Write, reference.Tagging, reference.PermissionsManagement}

func levels(actions []string) []report.LevelCount {
	counts := map[reference.AccessLevel]int{}
	for _, id := range actions {
		if a, ok := reference.LookupAction(id); ok {
			counts[a.AccessLevel]++
		}
	}
	var out []report.LevelCount
	for _, level := range levelOrder {
		if n := counts[level]; n > 0 {
			out = append(out, report.LevelCount{Level: string(level), Count: n})
		}
	}
	return out
}

func access(a *diff.Access) *report.Access {
	if a == nil {
		return nil
	}
	return &report.Access{When: conditionSets(a.When), Boundary: conditionSets(a.Boundary), Unless: conditionSets(a.Unless)}
}

func conditionSets(sets [][]policy.Condition) [][]report.Condition {
	if sets == nil {
		return nil
	}
	out := make([][]report.Condition, len(sets))
	for i, s := range sets {
		out[i] = []report.Condition{}
		for _, c := range s {
			out[i] = append(out[i], report.Condition(c))
		}
	}
	return out
}

// wideIn says what is wide in what a row grants.
func wideIn(r diff.Row) []string {
	var out []string
	for _, pattern := range r.Actions.Include {
		if strings.ContainsAny(pattern, "*?") {
			text := fmt.Sprintf("%s stands for %s of today", pattern, report.Plural(int64(len(matching(pattern))), "action"))
			if r.Actions.Future {
				text += " and for those that AWS adds"
			}
			out = append(out, text)
		}
	}
	limitable, managing := 0, 0
	for _, id := range r.Actions.Known {
		a, ok := reference.LookupAction(id)
		if !ok {
			continue
		}
		if a.TakesResource() {
			limitable++
		}
		if a.AccessLevel == reference.PermissionsManagement {
			managing++
		}
	}
	if slices.Contains(r.Resources.Include, "*") && len(r.Resources.Within) == 0 && limitable > 0 {
		out = append(out, fmt.Sprintf("every resource, although %s can be limited to resources", report.Plural(int64(limitable), "action")))
	}
	if managing > 0 {
		out = append(out, fmt.Sprintf("%s permissions", manages(managing)))
	}
	return out
}

func manages(n int) string {
	if n == 1 {
		return "1 action manages"
	}
	return fmt.Sprintf("%d actions manage", n)
}

// compareChanges orders as report.Comparison.Changes says.
func compareChanges(a, b report.Change) int {
	widens := 0
	if a.Widens != b.Widens {
		if widens = 1; a.Widens {
			widens = -1
		}
	}
	kinds := []diff.Kind{diff.Granted, diff.Changed, diff.Undecided, diff.Removed}
	return cmp.Or(
		widens,
		cmp.Compare(slices.Index(kinds, diff.Kind(a.Kind)), slices.Index(kinds, diff.Kind(b.Kind))),
		cmp.Compare(a.Service, b.Service),
		slices.CompareFunc(a.Actions, b.Actions, policy.CompareActions),
		slices.Compare(a.Resources, b.Resources),
	)
}
