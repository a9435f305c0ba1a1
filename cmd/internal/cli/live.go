package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/pflag"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

// liveOptions say as whom, and so in which accounts, AWS is asked for policies and functions.
type liveOptions struct {
	assumeRole string
}

func (o *liveOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.assumeRole, "assume-role", "", "ask AWS for policies and functions as this role; with {account} in the `ARN`, in each account of the organization or of --accounts")
}

// accountMark stands in --assume-role for the accounts to read.
const accountMark = "{account}"

func (o *liveOptions) check() error {
	if o.assumeRole == "" {
		return nil
	}
	arn, err := policy.ParseARN(strings.ReplaceAll(o.assumeRole, accountMark, strings.Repeat("0", 12)))
	if err != nil || strings.ContainsAny(arn.Resource+arn.Account, "{}*?") || arn.Service != "iam" || !strings.HasPrefix(arn.Resource, "role/") || !accountForm.MatchString(arn.Account) {
		return usagef("--assume-role %q: write a role's ARN, for example arn:aws:iam::{account}:role/whittle", o.assumeRole)
	}
	return nil
}

// targets are the accounts to ask and how to come to them: that of the caller, that of the one role to
// assume, or those named or of the organisation. note is for the user.
func (o *liveOptions) targets(ctx context.Context, env Env, named []string) (all []iamapi.Account, as func(id string) *cloud.Cloud, note string, err error) {
	as = func(id string) *cloud.Cloud {
		return env.cloud.As(strings.ReplaceAll(o.assumeRole, accountMark, id))
	}
	switch {
	case o.assumeRole == "":
		id, err := callerAccount(ctx, env)
		return []iamapi.Account{{ID: id}}, func(string) *cloud.Cloud { return env.cloud }, "", err
	case !strings.Contains(o.assumeRole, accountMark):
		arn, err := policy.ParseARN(o.assumeRole)
		return []iamapi.Account{{ID: arn.Account}}, as, "", err
	case len(named) > 0:
		for _, id := range slices.Compact(slices.Sorted(slices.Values(named))) {
			all = append(all, iamapi.Account{ID: id})
		}
		return all, as, "", nil
	}
	client, err := env.cloud.Organizations(ctx)
	if err == nil {
		all, note, err = iamapi.Accounts(ctx, client)
	}
	if err != nil {
		return nil, nil, "", fmt.Errorf("--assume-role: %w; or name the accounts with --accounts", err)
	}
	if len(all) == 0 {
		return nil, nil, "", errors.New("--assume-role: the organization has no active account")
	}
	return all, as, note, nil
}

// callerAccount is the account of the credentials.
func callerAccount(ctx context.Context, env Env) (string, error) {
	client, err := env.cloud.STS(ctx)
	if err != nil {
		return "", err
	}
	identity, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("the caller's account: %w", err)
	}
	return aws.ToString(identity.Account), nil
}
