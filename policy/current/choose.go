package current

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// Choose returns the roles that any of the patterns names, in the order of s.Roles; all of them if there
// is no pattern. A pattern is an ARN, a name, or a glob over either, as for the roles of a log; names are
// compared without case, as IAM keeps them apart. It is an error if a pattern names no role.
func (s Set) Choose(patterns []string) ([]Role, error) {
	if len(patterns) == 0 {
		return s.Roles, nil
	}
	chosen := make([]bool, len(s.Roles))
	for _, pattern := range patterns {
		found := false
		for i, r := range s.Roles {
			if r.Is(pattern) {
				chosen[i], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("%q: no such role in the current policies; %s", pattern, s.listRoles())
		}
	}
	var out []Role
	for i, r := range s.Roles {
		if chosen[i] {
			out = append(out, r)
		}
	}
	return out, nil
}

// Is reports whether pattern names r: see Set.Choose.
func (r Role) Is(pattern string) bool {
	return r.ARN != "" && glob.Compile(pattern).Match(r.ARN) || glob.CompileFold(pattern).Match(r.Name)
}

// listRoles lists the names of the roles, at most ten.
func (s Set) listRoles() string {
	if len(s.Roles) == 0 {
		return "there is none at all"
	}
	const most = 10
	var names []string
	for _, r := range s.Roles[:min(len(s.Roles), most)] {
		names = append(names, fmt.Sprintf("%q", r.Name))
	}
	more := ""
	if len(s.Roles) > most {
		more = fmt.Sprintf(" and %d more", len(s.Roles)-most)
	}
	return "roles there: " + strings.Join(slices.Compact(names), ", ") + more
}
