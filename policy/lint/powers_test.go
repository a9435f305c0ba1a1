package lint

import (
	"math/rand"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/eval"
)

// TestPowersOracle: what the evaluator allows on some resource that the action can act on is a grant,
// and what has no grant the evaluator allows on none.
func TestPowersOracle(t *testing.T) {
	actions := []string{"iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole", "s3:GetObject", "ec2:DescribeInstances"}
	patterns := []string{"*", "iam:*", "iam:P*", "iam:putrolepolicy", "sts:AssumeRole", "s3:Get*", "ec2:*", "*:*Role"}
	texts := []string{"*", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/a", "arn:aws:iam::*:role/${aws:username}", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "arn:aws:iam::*"}
	resources := map[string][]string{
		"iam": {"arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"},
		"sts": {"arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/x/b"},
		"s3:": {"arn:aws:s3:::b/k", "arn:aws:s3:::c/k"},
		"ec2": {"*"},
	}
	conditions := []policy.Condition{
		{Operator: "StringEquals", Key: passedToService, Values: []string{"lambda.amazonaws.com"}},
		{Operator: "StringNotLike", Key: passedToService, Values: []string{"ec2*"}},
		{Operator: "StringEquals", Key: "aws:username", Values: []string{"a"}},
	}
	r := rand.New(rand.NewSource(9))
	pick := func(from []string) []string {
		var out []string
		for range 1 + r.Intn(2) {
			out = append(out, from[r.Intn(len(from))])
		}
		return out
	}
	granted, refused := 0, 0
	for range 2000 {
		doc := policy.Document{Version: policy.Version2012}
		for range 1 + r.Intn(4) {
			s := policy.Statement{Effect: []policy.Effect{policy.Allow, policy.Allow, policy.Deny}[r.Intn(3)]}
			if list := pick(patterns); r.Intn(4) > 0 {
				s.Actions = list
			} else {
				s.NotActions = list
			}
			if list := pick(texts); r.Intn(4) > 0 {
				s.Resources = list
			} else {
				s.NotResources = list
			}
			if r.Intn(3) == 0 {
				s.Conditions = []policy.Condition{conditions[r.Intn(len(conditions))]}
			}
			doc.Statements = append(doc.Statements, s)
		}
		evaluator := eval.Compile(eval.Policies{Identity: []policy.Document{doc}})
		p := newChecker(Input{Text: doc.Format()}).powers()
		for _, action := range actions {
			passedTo := ""
			if action == passRole {
				passedTo = []string{"lambda.amazonaws.com", "ec2.amazonaws.com"}[r.Intn(2)]
			}
			has := len(p.grants(action, passedTo)) > 0
			if has {
				granted++
			} else {
				refused++
			}
			for _, resource := range resources[action[:3]] {
				for _, user := range []string{"", "a", "b"} {
					ctx := condition.Context{}
					if user != "" {
						ctx["aws:username"] = condition.One(user)
					}
					if passedTo != "" {
						ctx[passedToService] = condition.One(passedTo)
					}
					d := evaluator.Evaluate(eval.Request{Action: action, Resource: resource, Context: ctx})
					if d.Outcome == eval.Allowed && !has {
						t.Fatalf("%s on %s to %q is allowed, and no grant:\n%s", action, resource, passedTo, doc.Format())
					}
				}
			}
		}
	}
	if granted < 1000 || refused < 1000 {
		t.Errorf("%d grants, %d refusals: the policies are too much alike", granted, refused)
	}
}
