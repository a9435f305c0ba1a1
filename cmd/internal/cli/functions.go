package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/lambdaapi"
)

// functionOptions say where the settings of functions come from.
type functionOptions struct {
	functions string
}

func (o *functionOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.functions, "functions", "", "`aws`: ask AWS Lambda which functions use the roles, and for the settings that need permissions which CloudTrail does not show")
}

func (o *functionOptions) check() error {
	if o.functions != "" && o.functions != "aws" {
		return usagef("--functions %q: the only place is aws", o.functions)
	}
	return nil
}

// readFunctions reads the functions of roles, by their ARNs. Of a role in an account that was not asked it is
// not known which functions use it: known tells.
func (o *functionOptions) readFunctions(ctx context.Context, env Env, live liveOptions, read readOptions, roles []string) (all []current.Function, known func(role string) bool, err error) {
	if o.functions == "" {
		return nil, func(string) bool { return false }, nil
	}
	accounts, as, _, err := live.targets(ctx, env, accountsOf(roles))
	if err != nil {
		return nil, nil, prefixed("--functions", err)
	}
	wanted := func(role string) bool { return isOneOf(role, roles) }
	asked := map[string]bool{}
	for _, a := range accounts {
		if !slices.Contains(accountsOf(roles), a.ID) {
			continue
		}
		c := as(a.ID)
		regions := read.regions
		if len(regions) == 0 {
			if regions, err = enabledRegions(ctx, c); err != nil {
				return nil, nil, fmt.Errorf("--functions: account %s: %w; or name the Regions with --regions", a.ID, err)
			}
		}
		client := func(ctx context.Context, region string) (lambdaapi.API, error) { return c.Lambda(ctx, region) }
		found, err := lambdaapi.Functions(ctx, client, regions, wanted)
		if err != nil {
			return nil, nil, fmt.Errorf("--functions: account %s: %w", a.ID, err)
		}
		all = append(all, found...)
		asked[a.ID] = true
	}
	for _, id := range accountsOf(roles) {
		if !asked[id] {
			fmt.Fprintf(env.Stderr, "--functions: account %s was not asked, and what its functions need is guessed from the log; --assume-role leads there\n", id)
		}
	}
	if len(roles) > 0 && len(asked) == 0 {
		return nil, nil, errors.New("--functions: none of the roles is in an account that can be asked")
	}
	return all, func(role string) bool { return asked[accountOf(role)] }, nil
}

func isOneOf(role string, roles []string) bool {
	return slices.ContainsFunc(roles, func(r string) bool {
		return len(current.OfRole([]current.Function{{Role: role}}, r)) > 0
	})
}

// accountsOf are the accounts of roles, sorted.
func accountsOf(roles []string) []string {
	var out []string
	for _, r := range roles {
		if a := accountOf(r); a != "" {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func accountOf(role string) string {
	arn, err := policy.ParseARN(role)
	if err != nil {
		return ""
	}
	return arn.Account
}
