package condition_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

func ExampleCompile() {
	m, err := condition.Compile(policy.Condition{
		Operator: "StringLike",
		Key:      "s3:prefix",
		Values:   []string{"home/${aws:username}/*"},
	}, policy.Version2012)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, prefix := range []string{"home/ann/docs", "home/bob/docs"} {
		ok, err := m.Holds(condition.Context{
			"s3:prefix":    condition.One(prefix),
			"aws:username": condition.One("ann"),
		})
		fmt.Println(prefix, ok, err)
	}
	// Output:
	// home/ann/docs true <nil>
	// home/bob/docs false <nil>
}
