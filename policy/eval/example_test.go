package eval_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/eval"
)

var orders = eval.Policies{Identity: []policy.Document{{
	Version: policy.Version2012,
	Statements: []policy.Statement{
		{Sid: "Read", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::orders/*"}},
		{Sid: "NoDrafts", Effect: policy.Deny, Actions: []string{"s3:*"}, Resources: []string{"arn:aws:s3:::orders/drafts/*"}},
	},
}}}

func ExampleEvaluate() {
	for _, resource := range []string{"arn:aws:s3:::orders/2030/1.json", "arn:aws:s3:::orders/drafts/2.json", "arn:aws:s3:::invoices/3.pdf"} {
		d := eval.Evaluate(eval.Request{Action: "s3:GetObject", Resource: resource}, orders)
		fmt.Println(resource, d.Outcome, d.Statements)
	}
	// Output:
	// arn:aws:s3:::orders/2030/1.json allowed [identity policy 0, statement 0 ("Read")]
	// arn:aws:s3:::orders/drafts/2.json explicit deny [identity policy 0, statement 1 ("NoDrafts")]
	// arn:aws:s3:::invoices/3.pdf implicit deny []
}

// An open request asks about everything that a pattern matches.
func ExampleEvaluator_Evaluate_open() {
	e := eval.Compile(orders)
	for _, pattern := range []string{"arn:aws:s3:::orders/2030/*", "arn:aws:s3:::orders/*"} {
		d := e.Evaluate(eval.Request{Action: "s3:GetObject", Resource: pattern, Open: true})
		fmt.Println(pattern, d.Outcome)
	}
	// Output:
	// arn:aws:s3:::orders/2030/* allowed
	// arn:aws:s3:::orders/* explicit deny
}
