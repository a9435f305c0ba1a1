package minimize_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/minimize"
)

// TestEvaluatorAgrees asks the evaluator, which shares no code with this package, about requests
// under a statement for each grant, under the minimised policy, and under the fitted one.
func TestEvaluatorAgrees(t *testing.T) {
	actions := []string{"s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "s3:DeleteObject", "s3:GetObjectTagging", "sqs:SendMessage"}
	resources := []string{"arn:aws:s3:::b/k", "arn:aws:s3:::b/x", "arn:aws:s3:::b/", "arn:aws:s3:::c", "*", "arn:aws:s3:::c/*1", "arn:aws:s3:::c/x1"}
	contexts := []condition.Context{
		nil,
		{"aws:SecureTransport": condition.One("true")},
		{"kms:ViaService": condition.One("s3.eu-west-1.amazonaws.com")},
	}
	allowed := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		want := grants(15, 6, 6, 3).Draw(t, "grants")
		naive := policy.Document{Version: policy.Version2012}
		for _, g := range want {
			naive.Statements = append(naive.Statements, policy.Statement{
				Effect: policy.Allow, Actions: []string{g.Action}, Resources: []string{g.Resource}, Conditions: g.Conditions,
			})
		}
		minimal := minimize.Minimize(want)
		fitted, err := minimize.Fit(minimal, minimize.Limit{Characters: 300, Documents: 50})
		if err != nil || len(fitted.Widenings) > 0 {
			t.Fatalf("%v %v", err, fitted.Widenings)
		}
		for _, action := range actions {
			for _, resource := range resources {
				for _, context := range contexts {
					r := eval.Request{Action: action, Resource: resource, Context: context}
					expected := eval.Evaluate(r, eval.Policies{Identity: []policy.Document{naive}}).Outcome
					allowed[expected == eval.Allowed]++
					for _, docs := range [][]policy.Document{{minimal}, fitted.Documents} {
						if got := eval.Evaluate(r, eval.Policies{Identity: docs}).Outcome; got != expected {
							t.Fatalf("%s on %s is %v, want %v under\n%s", action, resource, got, expected, minimal.Format())
						}
					}
				}
			}
		}
	})
	if allowed[true] == 0 || allowed[false] == 0 {
		t.Errorf("all requests have the same outcome: %v", allowed)
	}
}
