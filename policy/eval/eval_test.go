package eval

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// TestMalformed: Go values can say what no parser returns. Nothing of it allows anything.
func TestMalformed(t *testing.T) {
	all := []string{"*"}
	sound := policy.Statement{Effect: policy.Allow, Actions: all, Resources: all}
	tests := []struct {
		reason    string
		statement policy.Statement
		want      error
	}{
		{"no effect", policy.Statement{Actions: all, Resources: all}, errEffect},
		{"an effect in another case", policy.Statement{Effect: "allow", Actions: all, Resources: all}, errEffect},
		{"no action", policy.Statement{Effect: policy.Deny, Resources: all}, errAction},
		{"both actions", policy.Statement{Effect: policy.Deny, Actions: all, NotActions: all, Resources: all}, errAction},
		{"no resource", policy.Statement{Effect: policy.Deny, Actions: all}, errResource},
		{"both resources", policy.Statement{Effect: policy.Deny, Actions: all, Resources: all, NotResources: all}, errResource},
		{"an unclosed variable", policy.Statement{Effect: policy.Deny, Actions: all, Resources: []string{"arn:aws:s3:::${"}}, condition.ErrVariable},
		{
			"an unknown operator",
			policy.Statement{Effect: policy.Deny, Actions: all, Resources: all, Conditions: []policy.Condition{{Operator: "Like", Key: "a"}}},
			condition.ErrOperator,
		},
	}
	for _, tt := range tests {
		tt.statement.Sid = "Bad"
		e := Compile(Policies{Identity: []policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{sound, tt.statement}}}})
		ref := StatementRef{Statement: 1, Sid: "Bad"}
		d := e.Evaluate(Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"})
		if d.Outcome != ExplicitDeny || !cmp.Equal(d.Statements, []StatementRef{ref}) {
			t.Errorf("%s: got %v by %v", tt.reason, d.Outcome, d.Statements)
		}
		for _, err := range []error{e.Err(), d.Err} {
			var located *StatementError
			if !errors.Is(err, tt.want) || !errors.As(err, &located) || located.Ref != ref {
				t.Errorf("%s: got error %v", tt.reason, err)
			}
			if !strings.HasPrefix(err.Error(), `identity policy 0, statement 1 ("Bad"): `) {
				t.Errorf("%s: error text %q", tt.reason, err)
			}
		}

		if tt.statement.Effect == policy.Deny {
			tt.statement.Effect = policy.Allow
		}
		d = Evaluate(Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}, Policies{
			Identity: []policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{tt.statement}}},
		})
		if d.Outcome == Allowed || d.Err == nil {
			t.Errorf("%s: as an Allow: got %v, %v", tt.reason, d.Outcome, d.Err)
		}
	}
}

// TestZero: no policies and no request are no reason to fail.
func TestZero(t *testing.T) {
	if diff := cmp.Diff(Decision{}, Evaluate(Request{}, Policies{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStrings(t *testing.T) {
	got := fmt.Sprint(Allowed, ", ", ExplicitDeny, ", ", ImplicitDeny, ", ", StatementRef{Boundary: true, Document: 2, Statement: 1})
	if want := "allowed, explicit deny, implicit deny, boundary policy 2, statement 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzEvaluate: any text in any element panics nowhere, and an open request that is allowed has no
// member that is not.
func FuzzEvaluate(f *testing.F) {
	for _, q := range readQuestions(f) {
		for _, s := range q.policies.Identity[0].Statements {
			c := policy.Condition{Operator: "StringLike", Key: "aws:username", Values: []string{"${aws:username}"}}
			if len(s.Conditions) > 0 {
				c = s.Conditions[0]
			}
			f.Add(s.Effect == policy.Allow, s.Actions == nil, s.Resources == nil,
				strings.Join(append(s.Actions, s.NotActions...), "\n"), strings.Join(append(s.Resources, s.NotResources...), "\n"),
				c.Operator, c.Key, strings.Join(c.Values, "\n"), q.request.Action, q.request.Resource, "ann")
		}
	}
	f.Fuzz(func(t *testing.T, allow, notAction, notResource bool, actions, resources, operator, key, values, action, resource, value string) {
		s := policy.Statement{Effect: policy.Deny, Actions: strings.Split(actions, "\n"), Resources: strings.Split(resources, "\n")}
		s.Conditions = []policy.Condition{{Operator: operator, Key: key, Values: strings.Split(values, "\n")}}
		if allow {
			s.Effect = policy.Allow
		}
		if notAction {
			s.Actions, s.NotActions = nil, s.Actions
		}
		if notResource {
			s.Resources, s.NotResources = nil, s.Resources
		}
		e := Compile(Policies{Identity: []policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{
			{Effect: policy.Allow, Actions: []string{"s3:*"}, Resources: []string{"*"}}, s,
		}}}})
		ctx := condition.Context{key: condition.One(value), "aws:username": condition.One(value)}
		closed := e.Evaluate(Request{Action: action, Resource: resource, Context: ctx})
		open := e.Evaluate(Request{Action: action, Resource: resource, Open: true, Context: ctx})
		pattern, err := glob.CompileARN(resource)
		if err != nil {
			if open.Err == nil || open.Outcome != ImplicitDeny {
				t.Fatalf("%q is no pattern: got %v", resource, open)
			}
			return
		}
		if pattern.Match(resource) && open.Outcome == Allowed && closed.Outcome != Allowed {
			t.Fatalf("open %v, closed %v", open, closed)
		}
	})
}
