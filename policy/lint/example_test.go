package lint_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy/lint"
)

func ExampleCheck() {
	text := `{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Queue",
    "Effect": "Allow",
    "Action": "sqs:SendMessage",
    "Resource": "arn:aws:sqs:eu-west-1::orders",
    "Condition": {"StringEquals": {"aws:SourceVcp": "vpc-12345678"}}
  }
}`
	for _, f := range lint.Check(lint.Input{Text: []byte(text), Name: "queue"}) {
		fmt.Printf("%s %s %s: %s\n", f.Pos, f.Severity, f.Rule, f.Message)
	}
	// Output:
	// 7:17 error missing-arn-account: "arn:aws:sqs:eu-west-1::orders" has no account, and resources of this type have one
	// 8:36 error unknown-condition-key: there is no condition key "aws:SourceVcp": did you mean aws:SourceVpc?
}
