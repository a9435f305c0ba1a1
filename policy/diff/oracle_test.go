package diff_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/eval"
)

// The oracle enumerates requests of a small world and lets the evaluator decide each on both sides.
// What it finds has to be what Compare says.

// A pair is one comparison.
type pair struct {
	old, new diff.Side
	opt      diff.Options
}

func (p pair) mirrored() pair { return pair{p.new, p.old, p.opt} }

// judges are the evaluators of both sides.
type judges struct{ old, new *eval.Evaluator }

func judgesOf(p pair) judges { return judges{judge(p.old), judge(p.new)} }

func judge(s diff.Side) *eval.Evaluator {
	return eval.Compile(eval.Policies{Identity: s.Identity, Boundary: s.Boundary})
}

func allows(e *eval.Evaluator, action, resource string, ctx condition.Context) bool {
	return e.Evaluate(eval.Request{Action: action, Resource: resource, Context: ctx}).Outcome == eval.Allowed
}

// decided says which row is undecided though everything about the pair can be decided.
func decided(p pair, rows []diff.Row) error {
	i := slices.IndexFunc(rows, func(r diff.Row) bool { return r.Kind == diff.Undecided })
	if i < 0 || !isPlain(p) {
		return nil
	}
	return fmt.Errorf("undecided, though everything can be decided\n%s", show(rows[i]))
}

// agree compares what Compare says of a pair with the enumeration. The error says what is wrong.
func agree(p pair, rows []diff.Row) error {
	js, plain := judgesOf(p), isPlain(p)
	for i, row := range rows {
		if err := sound(js, p.opt, row); err != nil {
			return fmt.Errorf("row %d: %w\n%s", i, err, show(row))
		}
	}
	conditions, err := compileRows(p, js, rows)
	if err != nil {
		return err
	}
	old, new := js.old, js.new
	sp := enumerate(p)
	for _, tg := range sp.targets {
		var around []int
		for i, row := range rows {
			if row.Contains(tg.action, tg.resource) {
				around = append(around, i)
			}
		}
		for _, i := range around {
			if w := rows[i].Gained; conditions != nil && w != nil && (allows(old, tg.action, tg.resource, w.Context) || !allows(new, tg.action, tg.resource, w.Context)) {
				return fmt.Errorf("%s %s is in this row, but nothing is gained there in its witness's context\n%s", tg.action, tg.resource, show(rows[i]))
			}
			if w := rows[i].Lost; conditions != nil && w != nil && (!allows(old, tg.action, tg.resource, w.Context) || allows(new, tg.action, tg.resource, w.Context)) {
				return fmt.Errorf("%s %s is in this row, but nothing is lost there in its witness's context\n%s", tg.action, tg.resource, show(rows[i]))
			}
		}
		for _, ctx := range sp.contexts {
			o, n := allows(old, tg.action, tg.resource, ctx), allows(new, tg.action, tg.resource, ctx)
			if n && !o && !slices.ContainsFunc(around, func(i int) bool { return rows[i].Widens() }) {
				return fmt.Errorf("new access in no row that widens: %s %s %v", tg.action, tg.resource, ctx)
			}
			if o && !n && !slices.ContainsFunc(around, func(i int) bool { return tellsOfLoss(rows[i], plain) }) {
				return fmt.Errorf("lost access in no row that says so: %s %s %v", tg.action, tg.resource, ctx)
			}
			if conditions == nil {
				continue
			}
			for _, i := range around {
				if got := conditions[i].old.holds(ctx); got != o {
					return fmt.Errorf("the old side allows %s %s %v: %v, this row's conditions say %v\n%s", tg.action, tg.resource, ctx, o, got, show(rows[i]))
				}
				if got := conditions[i].new.holds(ctx); got != n {
					return fmt.Errorf("the new side allows %s %s %v: %v, this row's conditions say %v\n%s", tg.action, tg.resource, ctx, n, got, show(rows[i]))
				}
			}
		}
	}
	return nil
}

// tellsOfLoss is true of rows that may be about lost access. Where not everything can be decided, it is
// gains alone that are not left out.
func tellsOfLoss(r diff.Row, plain bool) bool {
	return r.Lost != nil || r.Kind == diff.Undecided || r.Kind == diff.Changed && !plain
}

// rowConditions are the compiled Old and New of a row.
type rowConditions struct{ old, new access }

type access struct {
	never                  bool
	when, boundary, unless [][]condition.Matcher
}

// compileRows returns the conditions of each row, nil where these are not the whole truth: with
// variables in resources, and where something malformed decides.
func compileRows(p pair, js judges, rows []diff.Row) ([]rowConditions, error) {
	for s := range statements(p) {
		if slices.ContainsFunc(slices.Concat(s.Resources, s.NotResources), isUncertain) {
			return nil, nil
		}
	}
	if isMalformed(p, js) {
		return nil, nil
	}
	out := []rowConditions{}
	for _, row := range rows {
		o, err := compileAccess(row.Old)
		if err != nil {
			return nil, err
		}
		n, err := compileAccess(row.New)
		if err != nil {
			return nil, err
		}
		out = append(out, rowConditions{o, n})
	}
	return out, nil
}

func compileAccess(a *diff.Access) (access, error) {
	if a == nil {
		return access{never: true}, nil
	}
	var out access
	for _, part := range []struct {
		from [][]policy.Condition
		to   *[][]condition.Matcher
	}{{a.When, &out.when}, {a.Boundary, &out.boundary}, {a.Unless, &out.unless}} {
		for _, all := range part.from {
			ms := []condition.Matcher{}
			for _, c := range all {
				m, err := condition.Compile(c, policy.Version2012)
				if err != nil {
					return access{}, err
				}
				ms = append(ms, m)
			}
			*part.to = append(*part.to, ms)
		}
	}
	if a.Boundary == nil {
		out.boundary = [][]condition.Matcher{{}}
	}
	return out, nil
}

func (a access) holds(ctx condition.Context) bool {
	some := func(alternatives [][]condition.Matcher) bool {
		return slices.ContainsFunc(alternatives, func(all []condition.Matcher) bool {
			return !slices.ContainsFunc(all, func(m condition.Matcher) bool {
				ok, err := m.Holds(ctx)
				return !ok || err != nil
			})
		})
	}
	return !a.never && some(a.when) && some(a.boundary) && !some(a.unless)
}

// isPlain tells the pairs in which nothing may be undecided: without set qualifiers, variables,
// operators of two families on one key, and malformed operands.
func isPlain(p pair) bool {
	families := map[string]string{}
	if isMalformed(p, judgesOf(p)) {
		return false
	}
	for s := range statements(p) {
		if slices.ContainsFunc(slices.Concat(s.Resources, s.NotResources), isUncertain) {
			return false
		}
		for _, c := range s.Conditions {
			op, err := condition.ParseOperator(c.Operator)
			key := strings.ToLower(c.Key)
			if err != nil || op.Qualifier != condition.Single || key == "aws:tagkeys" {
				return false
			}
			for _, v := range c.Values {
				if hasVariable(v) || unreadable[v] {
					return false
				}
			}
			if op.Test == condition.Null {
				continue
			}
			family := familyOf(op.Test)
			if f, ok := families[key]; ok && f != family {
				return false
			}
			families[key] = family
		}
	}
	return true
}

// isUncertain tells the patterns of which it is not certain what they match: with variables, or with a
// "*" at the end of a field that may stand for more than one, as fields are missing or the account is none.
func isUncertain(resource string) bool {
	fields := strings.SplitN(resource, ":", 6)
	if len(fields) == 6 && (fields[4] == "aws" || strings.Trim(fields[4], "0123456789*?") == "") {
		return hasVariable(resource)
	}
	for _, f := range fields[min(2, len(fields)-1) : len(fields)-1] {
		if strings.HasSuffix(f, "*") {
			return true
		}
	}
	return hasVariable(resource)
}

// hasVariable takes "${" for one wherever it is not an escape, whatever the version.
func hasVariable(text string) bool { return strings.Contains(escapes.Replace(text), "${") }

var escapes = strings.NewReplacer("${*}", "", "${?}", "", "${$}", "")

// unreadable are the operands that the generator writes and the operators cannot read.
var unreadable = map[string]bool{"abc": true, "no-arn": true, "not-a-date": true, "not-an-ip": true}

// isMalformed tells the pairs with a statement that the evaluator cannot decide, always or for some
// requests. Those count in which "${" stands for itself, because a row's conditions cannot say so.
func isMalformed(p pair, js judges) bool {
	if js.old.Err() != nil || js.new.Err() != nil {
		return true
	}
	for _, side := range []diff.Side{p.old, p.new} {
		for _, d := range slices.Concat(side.Identity, side.Boundary) {
			for _, s := range d.Statements {
				for _, c := range s.Conditions {
					op, _ := condition.ParseOperator(c.Operator)
					for _, v := range c.Values {
						if familyOf(op.Test) == "arn" && !hasVariable(v) && (!strings.HasPrefix(v, "arn:") || strings.Count(v, ":") < 5) {
							return true
						}
						if familyOf(op.Test) == "arn" && hasVariable(v) || d.Version != policy.Version2012 && strings.Contains(v, "${") {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

func familyOf(t condition.Test) string {
	switch {
	case t <= condition.StringLike:
		return "string"
	case t <= condition.NumericGreaterThanEquals:
		return "numeric"
	case t <= condition.DateGreaterThanEquals:
		return "date"
	case t == condition.ArnEquals || t == condition.ArnLike:
		return "arn"
	}
	return fmt.Sprint(t)
}

// mirror compares the rows of a pair with those of its mirror image: the same, with the sides
// exchanged, but for the witnesses' own choice.
func mirror(rows, mirrored []diff.Row) error {
	describe := func(row diff.Row, turn bool) string {
		gained, lost := row.Gained != nil, row.Lost != nil
		if turn {
			row.Old, row.New, gained, lost = row.New, row.Old, lost, gained
			row.Kind = map[diff.Kind]diff.Kind{diff.Granted: diff.Removed, diff.Removed: diff.Granted, diff.Changed: diff.Changed}[row.Kind]
		}
		row.Gained, row.Lost = nil, nil
		return fmt.Sprintf("%v %v %s", gained, lost, show(row))
	}
	var here, there []string
	for _, row := range rows {
		if row.Kind == diff.Undecided {
			return nil
		}
		here = append(here, describe(row, false))
	}
	for _, row := range mirrored {
		if row.Kind == diff.Undecided {
			return nil // what one direction cannot decide may not concern the other
		}
		there = append(there, describe(row, true))
	}
	slices.Sort(here)
	slices.Sort(there)
	if d := cmp.Diff(here, there); d != "" {
		return fmt.Errorf("the other way round (-this +that):\n%s", d)
	}
	return nil
}
