package eval

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
	"pgregory.net/rapid"
)

// The oracle below decides requests from the definitions alone, on text: it shares no code with the
// evaluator. It knows the part of the language that the generators write: ASCII, sound policies,
// and a few condition operators.

func oracleEvaluate(r Request, p Policies) Decision {
	var allows, bounds, denies []StatementRef
	walk := func(docs []policy.Document, boundary bool) {
		for i, doc := range docs {
			for j, s := range doc.Statements {
				if !oracleApplies(s, r) {
					continue
				}
				ref := StatementRef{Boundary: boundary, Document: i, Statement: j, Sid: s.Sid}
				switch {
				case s.Effect == policy.Deny:
					denies = append(denies, ref)
				case boundary:
					bounds = append(bounds, ref)
				default:
					allows = append(allows, ref)
				}
			}
		}
	}
	walk(p.Identity, false)
	walk(p.Boundary, true)
	if denies != nil {
		return Decision{Outcome: ExplicitDeny, Statements: denies}
	}
	d := Decision{Statements: append(allows, bounds...)}
	if allows != nil && (p.Boundary == nil || bounds != nil) {
		d.Outcome = Allowed
	}
	return d
}

func oracleApplies(s policy.Statement, r Request) bool {
	action := func(pattern string) bool {
		return oracleGlob(strings.ToLower(pattern), strings.ToLower(r.Action))
	}
	resource := func(pattern string) bool { return oracleResource(pattern, r) }
	switch {
	case s.Actions != nil && !slices.ContainsFunc(s.Actions, action):
		return false
	case s.NotActions != nil && slices.ContainsFunc(s.NotActions, action):
		return false
	case s.Resources != nil && !slices.ContainsFunc(s.Resources, resource):
		return false
	case s.NotResources != nil && slices.ContainsFunc(s.NotResources, resource):
		return false
	}
	for _, c := range s.Conditions {
		if !oracleCondition(c, r.Context) {
			return false
		}
	}
	return true
}

// oracleResource substitutes ${test:x} by characters that no generated pattern has, as the
// generated values are never wildcards, and matches the fields one by one.
func oracleResource(pattern string, r Request) bool {
	if pattern == "*" {
		return true
	}
	if strings.Contains(pattern, "${test:x}") {
		x, ok := r.Context["test:x"]
		if !ok {
			return false
		}
		pattern = strings.ReplaceAll(pattern, "${test:x}", x.Values[0])
	}
	fields, parts := strings.SplitN(pattern, ":", 6), strings.SplitN(r.Resource, ":", 6)
	if len(parts) < 6 {
		return false
	}
	for i := range parts {
		if !oracleGlob(fields[i], parts[i]) {
			return false
		}
	}
	return true
}

func oracleGlob(pattern, s string) bool {
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return oracleGlob(pattern[1:], s) || s != "" && oracleGlob(pattern, s[1:])
	case s == "":
		return false
	}
	return (pattern[0] == '?' || pattern[0] == s[0]) && oracleGlob(pattern[1:], s[1:])
}

func oracleCondition(c policy.Condition, ctx condition.Context) bool {
	v, ok := ctx[c.Key]
	in := func(s string) bool { return slices.Contains(c.Values, s) }
	switch c.Operator {
	case "StringEquals":
		return ok && !v.Multi && in(v.Values[0])
	case "StringNotEquals":
		return !ok || !v.Multi && !in(v.Values[0])
	case "StringEqualsIfExists":
		return !ok || !v.Multi && in(v.Values[0])
	case "ForAllValues:StringEquals":
		return !slices.ContainsFunc(v.Values, func(s string) bool { return !in(s) })
	case "ForAnyValue:StringEquals":
		return slices.ContainsFunc(v.Values, in)
	case "Null":
		return ok == (c.Values[0] == "false")
	}
	panic("no such operator: " + c.Operator)
}

// Everything is drawn from few words, so that statements and requests meet often.

func drawList(t *rapid.T, label string, words ...string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(words), 1, 2).Draw(t, label)
}

func drawStatement(t *rapid.T) policy.Statement {
	s := policy.Statement{Effect: rapid.SampledFrom([]policy.Effect{policy.Allow, policy.Allow, policy.Deny}).Draw(t, "effect")}
	actions := drawList(t, "actions", "*", "a:*", "a:Get", "A:gE?", "a:Put", "b:*t", "b:Put")
	resources := drawList(t, "resources", "*", "arn:p:a:::*", "arn:p:a:::x/*", "arn:p:a:::x/?", "arn:p:a:::x/y",
		"arn:p:?:r:1:x*", "arn:p:b:r:1:x:y", "arn:p:a:::${test:x}/y", "arn:p:a:::*/y")
	if rapid.IntRange(0, 3).Draw(t, "not action") == 0 {
		s.NotActions = actions
	} else {
		s.Actions = actions
	}
	if rapid.IntRange(0, 3).Draw(t, "not resource") == 0 {
		s.NotResources = resources
	} else {
		s.Resources = resources
	}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "conditions") {
		c := policy.Condition{
			Operator: rapid.SampledFrom([]string{
				"StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals", "ForAnyValue:StringEquals", "Null",
			}).Draw(t, "operator"),
			Key:    rapid.SampledFrom([]string{"test:x", "test:y"}).Draw(t, "key"),
			Values: drawList(t, "values", "x", "y", "z"),
		}
		if c.Operator == "Null" {
			c.Values = []string{rapid.SampledFrom([]string{"true", "false"}).Draw(t, "null")}
		}
		s.Conditions = append(s.Conditions, c)
	}
	return s
}

func drawDocuments(t *rapid.T, label string) []policy.Document {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) policy.Document {
		return policy.Document{
			Version:    policy.Version2012,
			Statements: rapid.SliceOfN(rapid.Custom(drawStatement), 0, 3).Draw(t, "statements"),
		}
	}), 0, 2).Draw(t, label)
}

func drawPolicies(t *rapid.T) Policies {
	p := Policies{Identity: drawDocuments(t, "identity")}
	if rapid.IntRange(0, 2).Draw(t, "bounded") == 0 {
		p.Boundary = append([]policy.Document{}, drawDocuments(t, "boundary")...)
	}
	return p
}

var resources = []string{
	"*", "arn:p:a:::x/y", "arn:p:a:::x/yy", "arn:p:a:::x", "arn:p:a:::y/y", "arn:p:b:r:1:x:y", "arn:p:b:r:1:x", "arn:p:c:r:1:xy",
	"arn:p:a:::x/z/y",
}

func drawRequest(t *rapid.T) Request {
	r := Request{
		Action:   rapid.SampledFrom([]string{"a:Get", "a:Put", "b:Put", "b:Get", "A:GET"}).Draw(t, "action"),
		Resource: rapid.SampledFrom(resources).Draw(t, "resource"),
		Context:  condition.Context{},
	}
	word := rapid.SampledFrom([]string{"x", "y", "z"})
	if rapid.Bool().Draw(t, "has x") {
		r.Context["test:x"] = condition.One(word.Draw(t, "x"))
	}
	if rapid.Bool().Draw(t, "has y") {
		r.Context["test:y"] = condition.Many(rapid.SliceOfN(word, 1, 2).Draw(t, "y")...)
	}
	return r
}

func TestAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicies(t)
		e := Compile(p)
		if err := e.Err(); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			r := drawRequest(t)
			if diff := cmp.Diff(oracleEvaluate(r, p), e.Evaluate(r)); diff != "" {
				t.Fatalf("%v (-want +got):\n%s", r, diff)
			}
		}
	})
}

// TestOpen: what an open request is allowed, each ARN that it stands for is allowed; of what it is not
// allowed even in part, none is; and an open request for one ARN is that ARN's.
func TestOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Compile(drawPolicies(t))
		r := drawRequest(t)
		if r.Resource != "*" {
			closed := e.Evaluate(r)
			r.Open, r.Resource = true, glob.Escape(r.Resource)
			if diff := cmp.Diff(closed, e.Evaluate(r)); diff != "" {
				t.Fatalf("one ARN (-closed +open):\n%s", diff)
			}
		}
		r.Open = true
		r.Resource = rapid.SampledFrom([]string{
			"*", "arn:p:a:::x/*", "arn:p:a:::*y", "arn:p:a:::x/?", "arn:p:?:r:1:x*", "arn:p:*:::x*", "arn:p:a:::?/y",
		}).Draw(t, "pattern")
		pattern, err := glob.CompileARN(r.Resource)
		if err != nil {
			t.Fatal(err)
		}
		open := e.Evaluate(r)
		r.Some = true
		some := e.Evaluate(r)
		r.Some = false
		for _, member := range resources {
			if !pattern.Match(member) {
				continue
			}
			one := r
			one.Open, one.Resource = false, member
			closed := e.Evaluate(one)
			if open.Outcome == Allowed && closed.Outcome != Allowed {
				t.Fatalf("%s is allowed, its member %s is not", r.Resource, member)
			}
			if closed.Outcome == Allowed && some.Outcome != Allowed {
				t.Fatalf("nothing of %s is allowed, but its member %s is", r.Resource, member)
			}
			if closed.Outcome == ExplicitDeny && open.Outcome != ExplicitDeny {
				t.Fatalf("%s is not denied, its member %s is", r.Resource, member)
			}
		}
	})
}

// TestMonotone: an Allow more never takes anything away, a Deny more never gives anything.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPolicies(t), drawRequest(t)
		r.Open = rapid.Bool().Draw(t, "open")
		before := Evaluate(r, p).Outcome
		s := drawStatement(t)
		p.Identity = append(p.Identity, policy.Document{Version: policy.Version2012, Statements: []policy.Statement{s}})
		after := Evaluate(r, p).Outcome
		if s.Effect == policy.Allow && before == Allowed && after != Allowed {
			t.Fatal("an Allow took away")
		}
		if s.Effect == policy.Deny && before != Allowed && after == Allowed {
			t.Fatal("a Deny gave")
		}
	})
}
