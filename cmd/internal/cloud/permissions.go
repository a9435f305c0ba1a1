package cloud

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Feature is a part of whittle that calls AWS.
type Feature string

// The features: kinds of SOURCE, values of flags, and commands.
const (
	FeatureS3            Feature = "s3"
	FeatureAthena        Feature = "athena"
	FeatureLookup        Feature = "lookup"
	FeatureLake          Feature = "lake"
	FeatureLogs          Feature = "logs"
	FeatureCurrentAWS    Feature = "current-aws"
	FeatureCurrentRoles  Feature = "current-aws-roles"
	FeatureCurrentConfig Feature = "current-config"
	FeatureLastAccessed  Feature = "last-accessed"
	FeatureFunctions     Feature = "functions"
	FeatureAssumeRole    Feature = "assume-role"
	FeatureDoctor        Feature = "doctor"
)

// A Need is what a feature needs of AWS.
type Need struct {
	Feature Feature
	// For says what a user writes to have it.
	For   string
	Calls []Call
	// Behind are the permissions that AWS asks of the caller without a call of whittle's that names them.
	Behind []Grant
}

// Grants are all permissions of a need. Those of a call that is made under a condition only are needed
// under it.
func (n Need) Grants() []Grant {
	var out []Grant
	for _, c := range n.Calls {
		for _, g := range c.Grants {
			if g.When == "" {
				g.When = c.When
			}
			out = append(out, g)
		}
	}
	return append(out, n.Behind...)
}

// A Call is one operation that a feature calls.
type Call struct {
	// Service and Operation are the SDK's names, for example "S3" and "GetObject".
	Service, Operation string
	// When says under which circumstances it is called, "" for always.
	When string
	// Grants are the permissions that it needs; none where AWS asks for none.
	Grants []Grant
}

// A Grant is one permission. Words in capitals in Resource stand for what the user fills in: Placeholders.
type Grant struct {
	Action, Resource string
	// When says when it is needed, "" for always.
	When string
}

// Placeholders are what stands for a value in Grant.Resource, and what the value is. No one begins with
// another.
var Placeholders = []struct{ Name, What string }{
	{"ACCOUNT", "the account's twelve digits"},
	{"REGION", "the Region"},
	{"LOG-BUCKET", "the bucket that the trail delivers to"},
	{"LOG-PREFIX", "how the keys of the logs begin; it may be empty"},
	{"LOG-KEY", "the ID of the KMS key that encrypts the logs"},
	{"RESULT-BUCKET", "the bucket of Athena's results"},
	{"RESULT-PREFIX", "how the keys of Athena's results begin; it may be empty"},
	{"WORKGROUP", "Athena's workgroup"},
	{"CATALOG", "Athena's data catalog"},
	{"DATABASE", "the database that has the table"},
	{"TABLE", "the table"},
	{"EVENT-DATA-STORE", "the ID of the event data store"},
	{"LOG-GROUP", "the name of the log group"},
	{"AGGREGATOR", "the ID of the aggregator of AWS Config"},
	{"TARGET-ROLE", "the name of the role to assume in each account"},
}

// Needs is the one table of what whittle needs, feature by feature. Which permission an operation needs is
// from the Service Authorization Reference
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
func Needs() []Need { return slices.Clone(needs) }

// Check compares the calls that a command was seen to make, each "Service Operation", with the table for the
// features that it used: every call has to be in it for one of them, and what one has without a condition
// has to have been called.
func Check(calls []string, features ...Feature) error {
	var wrong []string
	known := map[string]bool{}
	for _, f := range features {
		n, err := needOf(f)
		if err != nil {
			return err
		}
		for _, c := range n.Calls {
			name := c.Service + " " + c.Operation
			known[name] = true
			if c.When == "" && !slices.Contains(calls, name) {
				wrong = append(wrong, fmt.Sprintf("%s: %s was not called", f, name))
			}
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(calls))) {
		if !known[name] {
			wrong = append(wrong, name+" is not in the table")
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

func needOf(f Feature) (Need, error) {
	for _, n := range needs {
		if n.Feature == f {
			return n, nil
		}
	}
	return Need{}, fmt.Errorf("there is no feature %q", f)
}

// actionsOf returns the IAM actions that an operation needs, for messages about its refusal.
func actionsOf(service, operation string) []string {
	var out []string
	for _, n := range needs {
		for _, c := range n.Calls {
			if c.Service == service && c.Operation == operation {
				for _, g := range c.Grants {
					out = append(out, g.Action)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
