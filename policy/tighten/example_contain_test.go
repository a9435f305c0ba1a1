package tighten_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

func ExampleContain() {
	document := func(action, resource string) policy.Document {
		return policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Actions: []string{action}, Resources: []string{resource},
		}}}
	}
	proposal := report.Role{
		Role:     "arn:aws:iam::111122223333:role/orders",
		Policies: []report.Policy{{Document: document("s3:GetObject", "arn:aws:s3:::orders/*")}},
	}
	role := current.Role{ARN: proposal.Role, Policies: []current.Policy{{Name: "inline", Document: document("s3:*", "arn:aws:s3:::orders/incoming/*")}}}
	if err := tighten.Contain(&proposal, role); err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range proposal.Containment.Beyond {
		fmt.Println(change.Kind, change.Actions, change.Resources, "except", change.ResourcesExcept)
		fmt.Println("for example", change.Gained)
	}
	// Output:
	// granted [s3:GetObject] [arn:aws:s3:::orders/*] except [arn:aws:s3:::orders/incoming/*]
	// for example s3:GetObject on arn:aws:s3:::orders/example
}
