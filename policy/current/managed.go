package current

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// IsPolicyARN reports whether s is the ARN of a managed policy.
func IsPolicyARN(s string) bool {
	a, err := policy.ParseARN(s)
	return err == nil && a.Service == "iam" && a.Region == "" && strings.HasPrefix(a.Resource, "policy/") && BaseName(s) != ""
}

// RoleName returns the name at the end of a role's ARN, and an error if it is no role's.
func RoleName(arn string) (string, error) {
	a, err := policy.ParseARN(arn)
	if err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "role/") || BaseName(arn) == "" {
		return "", fmt.Errorf("%q is not the ARN of a role", arn)
	}
	return BaseName(arn), nil
}

// BaseName is the name at the end of an ARN with a path.
func BaseName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// Resolve returns r with the documents of the managed policies that it has attached and of its boundary,
// both named by ARN, the boundary "" if there is none. The ARNs that the library lacks are Missing.
func (r Role) Resolve(attached []string, boundary string, library map[string]Policy) Role {
	r.Policies = slices.Clip(r.Policies)
	for _, arn := range attached {
		if p, ok := library[arn]; ok {
			r.Policies = append(r.Policies, p)
		} else {
			r.Missing = append(r.Missing, arn)
		}
	}
	if boundary == "" {
		return r
	}
	if p, ok := library[boundary]; ok {
		p.Kind = Boundary
		r.Boundary = &p
		return r
	}
	r.MissingBoundary = boundary
	return r
}

// Sort puts the roles and the managed policies into their order.
func (s *Set) Sort() {
	slices.SortStableFunc(s.Roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.ARN, b.ARN), cmp.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(s.Managed, func(a, b Policy) int { return cmp.Compare(a.ARN, b.ARN) })
}
