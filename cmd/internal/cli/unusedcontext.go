package cli

import (
	"context"
	"fmt"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

// context adds to the roles what AWS knows of them beside policies.
func (o *unusedOptions) context(ctx context.Context, env Env, roles []current.Role, log *usageLog) ([]current.Role, error) {
	var arns []string
	for i := range roles {
		arn, _, err := log.of(roles[i])
		if err != nil {
			return nil, err
		}
		roles[i].ARN = arn
		arns = append(arns, arn)
	}
	functions, known, err := o.readFunctions(ctx, env, o.liveOptions, o.readOptions, arns)
	if err != nil {
		return nil, err
	}
	for i := range roles {
		r := &roles[i]
		r.Functions, r.FunctionsKnown = current.OfRole(functions, r.ARN), known(r.ARN)
	}
	if !o.lastAccessed {
		return roles, nil
	}
	return roles, o.readAccessed(ctx, env, roles)
}

// readAccessed asks IAM what it saw the roles use.
func (o *unusedOptions) readAccessed(ctx context.Context, env Env, roles []current.Role) error {
	var arns []string
	for _, r := range roles {
		arns = append(arns, r.ARN)
	}
	_, as, _, err := o.targets(ctx, env, accountsOf(arns))
	if err != nil {
		return prefixed("--last-accessed", err)
	}
	for i := range roles {
		if roles[i].ARN == "" {
			return fmt.Errorf("--last-accessed: the ARN of role %s is not known", roles[i].Name)
		}
		client, err := as(accountOf(roles[i].ARN)).IAM(ctx)
		if err == nil {
			roles[i].Accessed, err = iamapi.Accessed(ctx, client, roles[i].ARN, env.sleep)
		}
		if err != nil {
			return fmt.Errorf("--last-accessed: role %s: %w", roles[i].ARN, err)
		}
	}
	return nil
}
