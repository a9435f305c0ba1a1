package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// roleOptions choose roles among those that the events show.
type roleOptions struct {
	roles []string
	all   bool
}

func (o *roleOptions) addFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.roles, "role", nil, "only roles of this `NAME`, ARN or glob; repeatable")
	f.BoolVar(&o.all, "all-roles", false, "every assumed role, not only those acting for Lambda")
}

// A roleUsage is what one role did, after attribution to functions.
type roleUsage struct {
	arn    string
	usages []trail.Usage
}

// roleName is a role's name without its path.
func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// choose attributes usage to functions and returns the chosen roles, sorted by ARN.
// What a user should know of the choice goes to warnings.
func (o *roleOptions) choose(usages []trail.Usage, warnings io.Writer) ([]roleUsage, error) {
	doubt := trail.RolesInDoubt(usages)
	usages = trail.Attribute(usages)
	byRole := map[string][]trail.Usage{}
	var seen []string
	for _, u := range usages {
		if _, ok := byRole[u.Role]; !ok {
			seen = append(seen, u.Role)
		}
		byRole[u.Role] = append(byRole[u.Role], u)
	}
	slices.Sort(seen)

	var chosen []string
	switch {
	case len(o.roles) > 0:
		for _, pattern := range o.roles {
			matched := matchRoles(pattern, seen)
			if len(matched) == 0 {
				return nil, usagef("--role %q: no such role in the events; %s", pattern, listRoles(seen))
			}
			chosen = append(chosen, matched...)
		}
		slices.Sort(chosen)
		chosen = slices.Compact(chosen)
	case o.all:
		chosen = seen
	default:
		chosen = trail.LambdaRoles(usages)
		if len(doubt) > 0 {
			fmt.Fprintf(warnings, "Left out, as the events do not agree on whether they act for Lambda: %s; choose them with --role.\n", report.Clean(shortNames(doubt)))
		}
		if len(chosen) == 0 && len(seen) > 0 {
			return nil, fmt.Errorf("%w: none of the roles acts for Lambda; %s; choose with --role or --all-roles", errNoEvents, listRoles(seen))
		}
	}
	var out []roleUsage
	for _, arn := range chosen {
		out = append(out, roleUsage{arn, byRole[arn]})
	}
	return out, nil
}

// matchRoles finds roles by ARN, by name, or by a glob over either.
func matchRoles(pattern string, arns []string) []string {
	p := glob.Compile(pattern)
	var out []string
	for _, arn := range arns {
		if p.Match(arn) || p.Match(roleName(arn)) {
			out = append(out, arn)
		}
	}
	return out
}

func listRoles(arns []string) string {
	if len(arns) == 0 {
		return "there is none at all"
	}
	return "roles seen: " + shortNames(arns)
}

// shortNames lists the names of roles, at most ten.
func shortNames(arns []string) string {
	const most = 10
	var names []string
	for _, a := range arns[:min(len(arns), most)] {
		names = append(names, roleName(a))
	}
	more := ""
	if len(arns) > most {
		more = fmt.Sprintf(" and %d more", len(arns)-most)
	}
	return strings.Join(names, ", ") + more
}
