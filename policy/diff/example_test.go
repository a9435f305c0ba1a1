package diff_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

func ExampleCompare() {
	side := func(action, resource string) diff.Side {
		return diff.Side{Identity: []policy.Document{{
			Version: policy.Version2012,
			Statements: []policy.Statement{{
				Effect: policy.Allow, Actions: []string{action}, Resources: []string{resource},
			}},
		}}}
	}
	wide, narrow := side("s3:*", "*"), side("s3:GetObject", "arn:aws:s3:::reports/*")
	show := func(title string, rows []diff.Row) {
		fmt.Println(title)
		for _, r := range rows {
			fmt.Println(" ", r.Kind, r.Actions.Include, "except", r.Actions.Except, "on", r.Resources.Include, "except", r.Resources.Except)
			if w := r.Gained; w != nil {
				fmt.Println("    such as", w.Action, w.Resource)
			}
		}
	}
	opt := diff.Options{Partition: "aws"}
	show("narrowed:", diff.Compare(wide, narrow, opt))
	show("widened:", diff.Compare(narrow, wide, opt))
	// Output:
	// narrowed:
	//   removed [s3:*] except [s3:GetObject] on [*] except []
	//   removed [s3:GetObject] except [] on [*] except [arn:aws:s3:::reports/*]
	// widened:
	//   granted [s3:*] except [s3:GetObject] on [*] except []
	//     such as s3:AssociateAccessGrantsIdentityCenter arn:aws:s3:us-east-1:111122223333:access-grants/default
	//   granted [s3:GetObject] except [] on [*] except [arn:aws:s3:::reports/*]
	//     such as s3:GetObject arn:aws:s3:::example/example
}
