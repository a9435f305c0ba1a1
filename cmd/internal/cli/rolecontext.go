package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

// A roleContext is what is known of roles beside their calls.
type roleContext struct {
	functions []current.Function
	known     func(role string) bool
	// current is nil where nobody asked for current policies.
	current *current.Set
}

// context reads what the flags ask for about the chosen roles.
func (o *generateOptions) context(ctx context.Context, env Env, roles []roleUsage) (roleContext, error) {
	var arns []string
	for _, r := range roles {
		arns = append(arns, r.arn)
	}
	var out roleContext
	var err error
	if out.functions, out.known, err = o.readFunctions(ctx, env, o.liveOptions, o.readOptions, arns); err != nil {
		return out, err
	}
	if len(o.current) == 0 {
		return out, nil
	}
	var names []string // a log does not always tell the paths
	for _, arn := range arns {
		names = append(names, roleName(arn))
	}
	set, err := readCurrent(ctx, env, currentQuery{
		what: "--current", paths: o.current, patterns: names, accounts: accountsOf(arns), live: o.liveOptions,
	})
	switch {
	case err != nil:
	case len(set.Documents) > 0 && len(set.Roles) > 0:
		err = loneDocument(set)
	case len(set.Documents) > 0 && len(roles) > 1:
		err = usagef("--current: %s belongs to no role, and there are %d; choose one with --role", set.Documents[0].Origin.File, len(roles))
	}
	out.current = &set
	return out, err
}

// loneDocument refuses documents of no role among roles: nobody could tell whose they are.
func loneDocument(set current.Set) error {
	return usagef("--current: %s belongs to no role and the rest does; put it into a folder, in a file named after the role", set.Documents[0].Origin.File)
}

func (c roleContext) of(role string) []current.Function { return current.OfRole(c.functions, role) }

// contain compares a proposal with the role's current policies, if they were asked for. One document without a
// role is the current policy of whatever role there is.
func (c roleContext) contain(proposal *report.Role) error {
	if c.current == nil {
		return nil
	}
	have := current.Role{ARN: proposal.Role, Name: roleName(proposal.Role), Policies: c.current.Documents}
	if len(c.current.Documents) == 0 {
		i := slices.IndexFunc(c.current.Roles, func(r current.Role) bool {
			return sameRole(r, current.Role{ARN: proposal.Role, Name: roleName(proposal.Role)})
		})
		if i < 0 {
			return fmt.Errorf("--current: role %s is not in the current policies", proposal.Role)
		}
		have = c.current.Roles[i]
		have.ARN = proposal.Role
	}
	return tighten.Contain(proposal, have)
}
