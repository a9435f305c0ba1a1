package iamapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
)

// accountsAtOnce is how many accounts are read at once. Each has limits of its own.
const accountsAtOnce = 4

// Several says which accounts to read.
type Several struct {
	Accounts []Account
	// API returns a client for an account, by a role there that it assumes.
	API func(context.Context, Account) (API, error)
	// Patterns are as for Read. An account that none of them can mean is not asked.
	Patterns []string
	// Tolerant makes an account that cannot be read a note only, unless none can be.
	Tolerant bool
}

// Read reads the accounts and joins what they hold. An account that cannot be read does not keep the
// others from being read: the set has these, a note in it names the account, and unless s is tolerant the
// error does too.
func (s Several) Read(ctx context.Context) (current.Set, error) {
	sets := make([]current.Set, len(s.Accounts))
	errs := make([]error, len(s.Accounts))
	asked := 0
	var g errgroup.Group
	g.SetLimit(accountsAtOnce)
	for i, account := range s.Accounts {
		patterns := within(account.ID, s.Patterns)
		if len(patterns) == 0 && len(s.Patterns) > 0 {
			continue
		}
		asked++
		g.Go(func() error {
			sets[i], errs[i] = s.one(ctx, account, patterns)
			return nil // what failed here is no reason to stop elsewhere
		})
	}
	g.Wait()
	if err := ctx.Err(); err != nil {
		return current.Set{}, err
	}
	out := current.Set{}
	failed := 0
	for i, account := range s.Accounts {
		out.Roles = append(out.Roles, sets[i].Roles...)
		out.Managed = append(out.Managed, sets[i].Managed...)
		for _, n := range sets[i].Notes {
			out.Notes = append(out.Notes, fmt.Sprintf("Account %s: %s", account.ID, n))
		}
		if errs[i] != nil {
			failed++
			out.Notes = append(out.Notes, fmt.Sprintf("Account %s was not read: %v.", account.ID, errs[i]))
			errs[i] = fmt.Errorf("account %s: %w", account.ID, errs[i])
		}
	}
	out.Managed = unique(out.Managed)
	out.Sort()
	if s.Tolerant && failed < asked {
		return out, nil
	}
	return out, errors.Join(errs...)
}

func (s Several) one(ctx context.Context, account Account, patterns []string) (current.Set, error) {
	if err := ctx.Err(); err != nil {
		return current.Set{}, err
	}
	api, err := s.API(ctx, account)
	if err != nil {
		return current.Set{}, err
	}
	return Read(ctx, api, patterns)
}

// within leaves out the ARNs of other accounts.
func within(account string, patterns []string) []string {
	return slices.DeleteFunc(slices.Clone(patterns), func(p string) bool {
		a, err := policy.ParseARN(p)
		return err == nil && !isGlob(a.Account) && a.Account != account
	})
}

// unique keeps one policy of each ARN, the newest: accounts get a new version of AWS's policies one
// after the other.
func unique(policies []current.Policy) []current.Policy {
	slices.SortStableFunc(policies, func(a, b current.Policy) int {
		return cmp.Or(cmp.Compare(a.ARN, b.ARN), b.Created.Compare(a.Created))
	})
	return slices.CompactFunc(policies, func(a, b current.Policy) bool { return a.ARN == b.ARN })
}
