package files_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy/current/files"
)

func ExampleRead() {
	set, err := files.Read([]string{"testdata/authorization.json", "testdata/authorization-2.json"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range set.Roles {
		fmt.Println(r.Name)
		for _, p := range r.Policies {
			fmt.Printf("  %s %s %s, %s:%d\n", p.Kind, p.Name, p.Version, p.Origin.File, p.Origin.Line)
		}
		for _, arn := range r.Missing {
			fmt.Println("  missing:", arn)
		}
	}
	// Output:
	// Batch
	// orders-role
	//   inline read-orders , testdata/authorization.json:21
	//   managed queues v2, testdata/authorization-2.json:1
	//   missing: arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
}
