package cli

import (
	"testing"

	"github.com/whittle-iam/whittle/policy/current"
)

// TestLibrary: a managed policy in a file serves a role from elsewhere, by its ARN or by the file's name.
func TestLibrary(t *testing.T) {
	const arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	for name, set := range map[string]current.Set{
		"by ARN":  {Managed: []current.Policy{{ARN: arn, Name: "x"}}},
		"by name": {Documents: []current.Policy{{Name: "other"}, {Name: "AWSLambdaBasicExecutionRole", Kind: current.Document}}},
	} {
		lib := &library{&set}
		for range 2 {
			if p, ok := lib.policy(arn); !ok || p.ARN != arn {
				t.Errorf("%s: %+v, %t", name, p, ok)
			}
		}
		if len(set.Managed) != 1 || len(set.Documents) > 1 {
			t.Errorf("%s: %d managed policies and %d documents are left", name, len(set.Managed), len(set.Documents))
		}
		if _, ok := lib.policy("arn:aws:iam::aws:policy/Another"); ok {
			t.Errorf("%s: a policy that is not there is found", name)
		}
	}
}
