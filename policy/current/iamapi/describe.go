package iamapi

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/whittle-iam/whittle/policy/current"
)

// describe reads what IAM tells of a role beside its policies
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html).
func describe(r types.Role) (detail, error) {
	out := detail{role: current.Role{
		ARN: aws.ToString(r.Arn), Created: date(r.CreateDate),
		ForLambda: current.TrustsLambda([]byte(aws.ToString(r.AssumeRolePolicyDocument))),
	}}
	var err error
	if out.role.Name, err = current.RoleName(out.role.ARN); err != nil {
		return out, err
	}
	if name := aws.ToString(r.RoleName); name != out.role.Name {
		return out, fmt.Errorf("%s: IAM calls it %q", out.role.ARN, name)
	}
	if r.RoleLastUsed != nil {
		out.role.LastUsed = date(r.RoleLastUsed.LastUsedDate)
	}
	for _, t := range r.Tags {
		if out.role.Tags == nil {
			out.role.Tags = map[string]string{}
		}
		out.role.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if r.PermissionsBoundary != nil {
		if out.boundary = aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn); !current.IsPolicyARN(out.boundary) {
			return out, fmt.Errorf("%s: its permissions boundary %q is not a managed policy", out.role.ARN, out.boundary)
		}
	}
	return out, nil
}

// attach adds attached managed policies.
func (d *detail) attach(policies []types.AttachedPolicy) error {
	for _, p := range policies {
		arn := aws.ToString(p.PolicyArn)
		if !current.IsPolicyARN(arn) {
			return fmt.Errorf("%s: the attached policy %q is not a managed policy", d.role.ARN, arn)
		}
		d.attached = append(d.attached, arn)
	}
	return nil
}

// inline reads a policy of a role. There is no file to name, so that its origin names the role's ARN.
func inline(role, name, document string) current.Policy {
	return current.FromAPI(current.Inline, name, document, fmt.Sprintf("iam:%s policy %s", role, name))
}

// managed reads a version of a managed policy.
func managed(arn string, v types.PolicyVersion) current.Policy {
	id := aws.ToString(v.VersionId)
	p := current.FromAPI(current.Managed, current.BaseName(arn), aws.ToString(v.Document), fmt.Sprintf("iam:%s %s", arn, id))
	p.ARN, p.Version, p.Created = arn, id, date(v.CreateDate)
	return p
}

func date(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
