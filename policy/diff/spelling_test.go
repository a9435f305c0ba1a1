package diff_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

func canonical(s diff.Side) diff.Side {
	s = cloneSide(s)
	for _, docs := range [][]policy.Document{s.Identity, s.Boundary} {
		for i := range docs {
			docs[i] = docs[i].Canonical()
		}
	}
	return s
}

// reordered returns s with statements and documents in another order.
func reordered(r *rand.Rand, s diff.Side) diff.Side {
	s = cloneSide(s)
	for _, docs := range [][]policy.Document{s.Identity, s.Boundary} {
		r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		for _, d := range docs {
			r.Shuffle(len(d.Statements), func(i, j int) { d.Statements[i], d.Statements[j] = d.Statements[j], d.Statements[i] })
		}
	}
	return s
}

// respelt returns s in other words that mean the same.
func respelt(r *rand.Rand, s diff.Side) diff.Side {
	s = cloneSide(s)
	for _, docs := range [][]policy.Document{s.Identity, s.Boundary} {
		for i := range docs {
			docs[i] = respeltDocument(r, docs[i])
		}
	}
	return s
}

func respeltDocument(r *rand.Rand, d policy.Document) policy.Document {
	out := policy.Document{Version: d.Version}
	for _, s := range d.Statements {
		parts := []policy.Statement{cloneStatement(s)}
		switch r.IntN(6) {
		case 0:
			parts = split(parts, func(s *policy.Statement) *[]string { return &s.Actions })
		case 1:
			parts = split(parts, func(s *policy.Statement) *[]string { return &s.Resources })
		case 2:
			// Any value will do, so one statement for each value says the same: but not if none may match.
			for k, c := range s.Conditions {
				if !strings.Contains(c.Operator, "Not") && !strings.Contains(c.Operator, ":") && len(c.Values) > 0 {
					parts = split(parts, func(s *policy.Statement) *[]string { return &s.Conditions[k].Values })
				}
			}
		case 3: // the same under a further condition is nothing more
			more := cloneStatement(s)
			more.Conditions = append(more.Conditions, policy.Condition{Operator: "StringLike", Key: "s3:prefix", Values: []string{"a*"}})
			if !slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return strings.EqualFold(c.Key, "s3:prefix") }) {
				parts = append(parts, more)
			}
		case 4: // a condition that holds for every present value and one for its absence
			for _, null := range []string{"true", "false"} {
				more := cloneStatement(s)
				more.Conditions = append(more.Conditions, policy.Condition{Operator: "Null", Key: "s3:max-keys", Values: []string{null}})
				parts = append(parts, more)
			}
			parts = parts[1:]
			if slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return c.Operator == "Null" }) {
				parts = []policy.Statement{cloneStatement(s)}
			}
		}
		for i := range parts {
			for j, a := range parts[i].Actions {
				if r.IntN(4) == 0 {
					parts[i].Actions[j] = strings.ToUpper(a)
				}
			}
		}
		out.Statements = append(out.Statements, parts...)
	}
	return out
}

// split makes one statement for each element of a list.
func split(parts []policy.Statement, list func(*policy.Statement) *[]string) []policy.Statement {
	var out []policy.Statement
	for _, s := range parts {
		values := *list(&s)
		if len(values) == 0 {
			out = append(out, s)
			continue
		}
		for _, v := range values {
			one := cloneStatement(s)
			*list(&one) = []string{v}
			out = append(out, one)
		}
	}
	return out
}
