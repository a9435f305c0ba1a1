package eval

import (
	"fmt"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// typical is a role of several managed policies: 40 statements of 20 actions each.
func typical() Policies {
	var docs []policy.Document
	for i := range 10 {
		doc := policy.Document{Version: policy.Version2012}
		for j := range 4 {
			s := policy.Statement{Effect: policy.Allow, Resources: []string{
				fmt.Sprintf("arn:aws:s3:::bucket-%d/prefix-%d/*", i, j),
				fmt.Sprintf("arn:aws:dynamodb:eu-west-1:111122223333:table/table-%d", i),
				"arn:aws:s3:::home/${aws:username}/*",
			}}
			for k := range 18 {
				s.Actions = append(s.Actions, fmt.Sprintf("s3:GetThing%d", k))
			}
			s.Actions = append(s.Actions, "s3:Get*", "dynamodb:*Item")
			if j == 3 {
				s.Conditions = []policy.Condition{{Operator: "StringLike", Key: "aws:SourceVpc", Values: []string{"vpc-*"}}}
			}
			doc.Statements = append(doc.Statements, s)
		}
		docs = append(docs, doc)
	}
	return Policies{Identity: docs}
}

var requests = map[string]Request{
	"closed": {Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket-7/prefix-3/2030/01/01/part-0001.gz"},
	"open":   {Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket-7/prefix-3/2030/*", Open: true},
	"miss":   {Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:queue"},
}

func BenchmarkEvaluate(b *testing.B) {
	e := Compile(typical())
	for _, name := range []string{"closed", "open", "miss"} {
		r := requests[name]
		r.Context = condition.Context{"aws:username": condition.One("ann"), "aws:SourceVpc": condition.One("vpc-1")}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Evaluate(r)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	p := typical()
	b.ReportAllocs()
	for b.Loop() {
		Compile(p)
	}
}
