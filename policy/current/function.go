package current

import (
	"path"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// A Function is a Lambda function as far as its settings ask for permissions of its execution role,
// many of which CloudTrail never shows. One whose versions have several roles is there once for each.
type Function struct {
	// ARN is without version; Role is the ARN of its execution role.
	ARN, Role string
	// Needs are the permissions that the settings ask for, sorted by Setting, Action, Resource.
	Needs []Need
	// Unknown are settings of which it is not known what they ask for, as Need.Setting has them, sorted.
	Unknown []string
}

// A Need is one permission that a function's setting asks of its role.
type Need struct {
	// Action is spelt as the Service Authorization Reference spells it.
	Action string
	// Resource is an IAM resource pattern; "*" where the action takes no resource, or where AWS
	// documents that Lambda asks for it on none.
	Resource string
	// Conditions limit it where the setting names what the resource cannot, such as an access point.
	Conditions []policy.Condition
	// Setting says what asks for it, for example "event source mapping 1234… of arn:aws:sqs:…".
	Setting string
	// Page is the AWS documentation that says so.
	Page string
	// Optional says that the setting works without it in most cases, or while it is off. Such a
	// permission is a reason to keep a grant, and none to make one.
	Optional bool
}

// OfRole returns the functions that use a role. Names of roles are unique in an account, whatever their
// paths, which logs do not always tell.
func OfRole(functions []Function, role string) []Function {
	var out []Function
	for _, f := range functions {
		if SameRole(f.Role, role) {
			out = append(out, f)
		}
	}
	return out
}

// SameRole reports whether two ARNs are of one role: names are unique in an account whatever their paths, which
// logs do not always tell.
func SameRole(a, b string) bool {
	x, errX := policy.ParseARN(a)
	y, errY := policy.ParseARN(b)
	if errX != nil || errY != nil {
		return a == b
	}
	return x.Account == y.Account && strings.EqualFold(path.Base(x.Resource), path.Base(y.Resource))
}
