package iamapi

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/whittle-iam/whittle/policy/current"
)

// pageSize is the most that GetAccountAuthorizationDetails takes as MaxItems.
const pageSize = 1000

// maxBytes is current.MaxBytes, but in tests.
var maxBytes = current.MaxBytes

// account reads
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html.
func (r *reader) account(ctx context.Context, patterns []string) error {
	in := &iam.GetAccountAuthorizationDetailsInput{
		Filter:   []types.EntityType{types.EntityTypeRole, types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy},
		MaxItems: aws.Int32(pageSize),
	}
	size := 0
	for page := 1; ; page++ {
		out, err := r.api.GetAccountAuthorizationDetails(ctx, in)
		if err != nil {
			return fmt.Errorf("page %d of the account's authorization details: %w", page, err)
		}
		for _, d := range out.RoleDetailList {
			detail, err := roleDetail(d)
			if err != nil {
				return err
			}
			if !chosen(detail.role, patterns) {
				continue
			}
			r.details = append(r.details, detail)
			for _, p := range detail.role.Policies {
				size += len(p.Text)
			}
		}
		for _, d := range out.Policies {
			p, ok, err := managedDetail(d)
			if err != nil {
				return err
			}
			if !ok {
				r.notes = append(r.notes, fmt.Sprintf("The default version of %s is not in the account's authorization details.", aws.ToString(d.Arn)))
				continue
			}
			r.library[p.ARN] = p
			size += len(p.Text)
		}
		if size > maxBytes {
			return fmt.Errorf("the account's authorization details: more than %d MiB of policies", maxBytes>>20)
		}
		if in.Marker, err = next(out.IsTruncated, in.Marker, out.Marker); err != nil {
			return fmt.Errorf("page %d of the account's authorization details: %w", page, err)
		}
		if in.Marker == nil {
			return nil
		}
	}
}

// next returns the marker of the page after the one asked for by last, nil if that was the final one.
func next(truncated bool, last, marker *string) (*string, error) {
	switch {
	case !truncated:
		return nil, nil
	case aws.ToString(marker) == "":
		return nil, errors.New("IAM says that there is more, and not how to get it")
	case aws.ToString(marker) == aws.ToString(last):
		return nil, errors.New("IAM leads back to the same page")
	}
	return marker, nil
}

// roleDetail reads https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html.
func roleDetail(d types.RoleDetail) (detail, error) {
	out, err := describe(types.Role{
		Arn: d.Arn, RoleName: d.RoleName, CreateDate: d.CreateDate, RoleLastUsed: d.RoleLastUsed, Tags: d.Tags,
		AssumeRolePolicyDocument: d.AssumeRolePolicyDocument, PermissionsBoundary: d.PermissionsBoundary,
	})
	if err != nil {
		return out, err
	}
	for _, p := range d.RolePolicyList {
		out.role.Policies = append(out.role.Policies, inline(out.role.ARN, aws.ToString(p.PolicyName), aws.ToString(p.PolicyDocument)))
	}
	return out, out.attach(d.AttachedManagedPolicies)
}

// managedDetail reads
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html. Of the versions the
// default one counts: it is the one in force.
func managedDetail(d types.ManagedPolicyDetail) (p current.Policy, ok bool, err error) {
	arn := aws.ToString(d.Arn)
	if !current.IsPolicyARN(arn) {
		return p, false, fmt.Errorf("%q is not the ARN of a managed policy", arn)
	}
	i := slices.IndexFunc(d.PolicyVersionList, func(v types.PolicyVersion) bool {
		return aws.ToString(v.VersionId) == aws.ToString(d.DefaultVersionId) && v.Document != nil
	})
	if i < 0 {
		return p, false, nil
	}
	return managed(arn, d.PolicyVersionList[i]), true, nil
}
