package awsconfig

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
)

// managed reads the customer managed policies: those that the roles refer to, or all if all roles are read.
func (r *reader) managed(ctx context.Context) error {
	var names []string
	for _, arn := range r.unknown() {
		if !isAWS(arn) {
			names = append(names, current.BaseName(arn))
		}
	}
	if len(r.opt.Patterns) == 0 {
		names = nil
	} else if len(names) == 0 {
		return nil
	}
	items, err := r.items(ctx, policyType, names)
	if err != nil {
		return err
	}
	for _, i := range items {
		p, ok, err := i.policy()
		if err != nil {
			return fmt.Errorf("AWS Config's record of %s: %w", i, err)
		}
		if !ok {
			r.notef("The default version of %s is not in AWS Config's record.", i)
			continue
		}
		r.library[p.ARN] = p
	}
	return nil
}

// complete takes from the caller's library what AWS Config does not have, and notes what is missing still.
func (r *reader) complete() {
	var taken, own, missing []string
	for _, arn := range r.unknown() {
		if r.opt.Library != nil {
			if p, ok := r.opt.Library(arn); ok {
				r.library[arn] = p
				taken = append(taken, arn)
				continue
			}
		}
		if isAWS(arn) {
			own = append(own, arn)
		} else {
			missing = append(missing, arn)
		}
	}
	if len(taken) > 0 {
		r.notef("AWS Config does not record these policies, which were taken from elsewhere: %s.", strings.Join(taken, ", "))
	}
	if len(own) > 0 {
		r.notef("AWS Config does not record the managed policies of AWS, whose documents are not known therefore: %s.", strings.Join(own, ", "))
	}
	if len(missing) > 0 {
		r.notef("AWS Config has no record of %s: does it record AWS::IAM::Policy?", strings.Join(missing, ", "))
	}
}

// unknown are the managed policies that roles refer to and the library lacks, sorted.
func (r *reader) unknown() []string {
	var arns []string
	for _, d := range r.details {
		for _, arn := range append(slices.Clone(d.attached), d.boundary) {
			if _, ok := r.library[arn]; arn != "" && !ok {
				arns = append(arns, arn)
			}
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// isAWS reports whether a managed policy is one of AWS.
func isAWS(arn string) bool {
	a, err := policy.ParseARN(arn)
	return err == nil && a.Account == "aws"
}
