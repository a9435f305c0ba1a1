package iamapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/policy/current"
)

// named reads roles one by one. Which account answers is not known here, so that a role that has the name
// and not the ARN asked for is left out.
func (r *reader) named(ctx context.Context, patterns []string) error {
	var names []string
	for _, pattern := range patterns {
		name := pattern
		if strings.HasPrefix(pattern, "arn:") {
			var err error
			if name, err = current.RoleName(pattern); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	found := make([]*detail, len(names))
	notes := make([][]string, len(names))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, name := range names {
		g.Go(func() (err error) {
			if found[i], notes[i], err = r.role(ctx, name, patterns); err != nil {
				return fmt.Errorf("role %s: %w", name, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, d := range found {
		if d != nil {
			r.details = append(r.details, *d)
		}
	}
	r.notes = append(r.notes, slices.Concat(notes...)...)
	return nil
}

// role reads one role, and returns nil if there is none of the name that the patterns mean.
func (r *reader) role(ctx context.Context, name string, patterns []string) (*detail, []string, error) {
	out, err := r.api.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case isGone(err):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	case out.Role == nil:
		return nil, nil, errors.New("GetRole: the answer has no role")
	}
	d, err := describe(*out.Role)
	if err != nil || !chosen(d.role, patterns) {
		return nil, nil, err
	}
	notes, err := r.inline(ctx, &d)
	if err == nil {
		err = r.attached(ctx, &d)
	}
	if isGone(err) {
		return nil, []string{fmt.Sprintf("The role %s was deleted while it was read.", d.role.ARN)}, nil
	}
	return &d, notes, err
}

// inline reads the inline policies of a role.
func (r *reader) inline(ctx context.Context, d *detail) (notes []string, err error) {
	in := &iam.ListRolePoliciesInput{RoleName: &d.role.Name}
	for more := true; more; more = in.Marker != nil {
		page, err := r.api.ListRolePolicies(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, name := range page.PolicyNames {
			p, err := r.api.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &d.role.Name, PolicyName: &name})
			if isGone(err) { // the policy, or the role, which the next call tells
				notes = append(notes, fmt.Sprintf("The policy %s of the role %s was deleted while it was read.", name, d.role.ARN))
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("policy %s: %w", name, err)
			}
			d.role.Policies = append(d.role.Policies, inline(d.role.ARN, name, aws.ToString(p.PolicyDocument)))
		}
		if in.Marker, err = next(page.IsTruncated, in.Marker, page.Marker); err != nil {
			return nil, fmt.Errorf("ListRolePolicies: %w", err)
		}
	}
	return notes, nil
}

// attached reads which managed policies a role has attached.
func (r *reader) attached(ctx context.Context, d *detail) error {
	in := &iam.ListAttachedRolePoliciesInput{RoleName: &d.role.Name}
	for more := true; more; more = in.Marker != nil {
		page, err := r.api.ListAttachedRolePolicies(ctx, in)
		if err != nil {
			return err
		}
		if err := d.attach(page.AttachedPolicies); err != nil {
			return err
		}
		if in.Marker, err = next(page.IsTruncated, in.Marker, page.Marker); err != nil {
			return fmt.Errorf("ListAttachedRolePolicies: %w", err)
		}
	}
	return nil
}
