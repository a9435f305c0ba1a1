// Package iamapi reads the policies that roles have now from IAM, and when IAM last saw them used.
//
// What it makes of an account is what policy/current/files makes of the same answers of IAM in files.
package iamapi

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"github.com/whittle-iam/whittle/policy/current"
)

// API is what Read calls of a client of IAM.
type API interface {
	GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error)
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	ListRolePolicies(context.Context, *iam.ListRolePoliciesInput, ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error)
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	ListAttachedRolePolicies(context.Context, *iam.ListAttachedRolePoliciesInput, ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error)
	GetPolicy(context.Context, *iam.GetPolicyInput, ...func(*iam.Options)) (*iam.GetPolicyOutput, error)
	GetPolicyVersion(context.Context, *iam.GetPolicyVersionInput, ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error)
}

// parallel is how many requests are under way at once. IAM throttles by account.
const parallel = 8

// Read reads the roles that any of the patterns names, all of them if there is none; see
// current.Set.Choose for patterns. Roles named exactly are read one by one, and otherwise the account's
// authorization details, which is the fewest requests for many roles and takes one permission.
//
// A pattern that names no role is no error here. A managed policy whose document cannot be had, as access
// is denied or as it was deleted meanwhile, is in the role's Missing, and a note says why. All else that
// fails is an error, and the set is then empty: a part of an account looks like an account.
func Read(ctx context.Context, api API, patterns []string) (current.Set, error) {
	r := &reader{api: api, library: map[string]current.Policy{}}
	read := r.account
	if len(patterns) > 0 && !slices.ContainsFunc(patterns, isGlob) {
		read = r.named
	}
	if err := read(ctx, patterns); err != nil {
		return current.Set{}, err
	}
	if err := r.fetchManaged(ctx); err != nil {
		return current.Set{}, err
	}
	set := current.Set{Managed: slices.Collect(maps.Values(r.library)), Notes: r.notes}
	for _, d := range r.details {
		set.Roles = append(set.Roles, d.role.Resolve(d.attached, d.boundary, r.library))
	}
	set.Sort()
	return set, nil
}

// isGlob reports whether a pattern may name more than one role.
func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?") }

// A reader holds what was read so far.
type reader struct {
	api     API
	details []detail
	// library are managed policies by ARN, and notes those of the set.
	library map[string]current.Policy
	notes   []string
}

// A detail is a role and the ARNs of its managed policies and boundary.
type detail struct {
	role     current.Role
	attached []string
	boundary string
}

// chosen reports whether a pattern names the role, or there is no pattern.
func chosen(r current.Role, patterns []string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, r.Is)
}

// isDenied reports whether a request was refused for want of permission
// (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
func isDenied(err error) bool { return hasCode(err, "AccessDenied", "AccessDeniedException") }

// isGone reports whether what a request names does not exist, or no longer.
func isGone(err error) bool { return hasCode(err, "NoSuchEntity") }

func hasCode(err error, codes ...string) bool {
	var failed smithy.APIError
	return errors.As(err, &failed) && slices.Contains(codes, failed.ErrorCode())
}
