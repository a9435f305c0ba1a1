package files

import (
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
)

// getRole reads https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html. The trust policy in
// it says who may use the role and not what the role may do: it tells only whether Lambda may.
func (c *collector) getRole(o object, _ string) error {
	role, err := o.child("Role")
	if err != nil {
		return err
	}
	p, err := role.part()
	if err != nil {
		return err
	}
	p.single = true
	c.parts = append(c.parts, p)
	return nil
}

// part reads what GetRole and GetAccountAuthorizationDetails both tell of a role.
func (o object) part() (p part, err error) {
	p = part{file: o.file, where: o.where(), bounded: true}
	if p.arn, err = o.optional("Arn"); err != nil {
		return p, err
	}
	if p.name, err = o.optional("RoleName"); err != nil {
		return p, err
	}
	if p.arn != "" {
		name, err := current.RoleName(p.arn)
		if err != nil {
			return p, o.members["Arn"].errorf("Arn must be a role's, not %q", p.arn)
		}
		if p.name == "" {
			p.name = name
		}
		if p.name != name {
			return p, o.members["RoleName"].errorf("RoleName %q is not the name in the ARN %q", p.name, p.arn)
		}
	}
	if p.name == "" {
		return p, o.errorf("a role must have an Arn or a RoleName")
	}
	if p.role.Created, err = o.date("CreateDate"); err != nil {
		return p, err
	}
	if o.has("RoleLastUsed") {
		used, err := o.child("RoleLastUsed")
		if err != nil {
			return p, err
		}
		if p.role.LastUsed, err = used.date("LastUsedDate"); err != nil {
			return p, err
		}
	}
	if trust, ok := o.members["AssumeRolePolicyDocument"]; ok {
		p.role.ForLambda = current.TrustsLambda(trust.bytes())
	}
	if p.role.Tags, err = o.tags(); err != nil {
		return p, err
	}
	if o.has("PermissionsBoundary") {
		b, err := o.child("PermissionsBoundary")
		if err != nil {
			return p, err
		}
		if p.boundary, err = b.policyARN("PermissionsBoundaryArn"); err != nil {
			return p, err
		}
	}
	return p, nil
}

// tags reads a list of tags (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html).
func (o object) tags() (map[string]string, error) {
	list, err := o.list("Tags")
	if err != nil {
		return nil, err
	}
	var tags map[string]string
	for n := range list {
		t, err := n.object("a tag")
		if err != nil {
			return nil, err
		}
		key, err := t.optional("Key")
		if err != nil {
			return nil, err
		}
		value, err := t.optional("Value")
		if err != nil {
			return nil, err
		}
		if tags == nil {
			tags = map[string]string{}
		}
		tags[key] = value
	}
	return tags, nil
}

// getRolePolicy reads https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html, its
// like for users and groups, and the input of the requests that put such a policy.
func (c *collector) getRolePolicy(o object, name string) error {
	for _, owner := range []string{"UserName", "GroupName"} {
		if o.has(owner) {
			return o.members[owner].errorf("%s: this is the policy of a %s and not of a role", owner, strings.ToLower(strings.TrimSuffix(owner, "Name")))
		}
	}
	role, err := o.optional("RoleName")
	if err != nil {
		return err
	}
	own, err := o.optional("PolicyName")
	if err != nil {
		return err
	}
	if own != "" {
		name = own
	}
	doc := o.members["PolicyDocument"]
	if role == "" && o.role == "" {
		p, err := c.document(doc, current.Document, name)
		c.loose = append(c.loose, p)
		return err
	}
	p, err := c.document(doc, current.Inline, name)
	c.parts = append(c.parts, part{
		file: o.file, where: o.where(), name: role, single: role != "",
		role: current.Role{Policies: []current.Policy{p}},
	})
	return err
}

// attachedPolicies reads
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html, which does not
// say whose they are.
func (c *collector) attachedPolicies(o object, _ string) error {
	arns, err := o.attached("AttachedPolicies")
	if err != nil {
		return err
	}
	c.parts = append(c.parts, part{file: o.file, where: o.where(), single: true, attached: arns, listed: true})
	return nil
}

// attached reads a list of attached managed policies.
func (o object) attached(name string) ([]string, error) {
	list, err := o.list(name)
	if err != nil {
		return nil, err
	}
	var arns []string
	for n := range list {
		a, err := n.object("an attached policy")
		if err != nil {
			return nil, err
		}
		arn, err := a.policyARN("PolicyArn")
		if err != nil {
			return nil, err
		}
		arns = append(arns, arn)
	}
	return arns, nil
}

// getPolicyVersion reads https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html.
func (c *collector) getPolicyVersion(o object, name string) error {
	v, err := o.child("PolicyVersion")
	if err != nil {
		return err
	}
	return c.policyVersion(v, name)
}

func (c *collector) policyVersion(o object, name string) error {
	p, err := c.versionOf(o, name)
	if err != nil {
		return err
	}
	if flag, ok := o.members["IsDefaultVersion"]; ok && !flag.isTrue() && !flag.isNull() {
		c.notef("%s: %s is not the version in force, so it is taken for no role's policy.", o.where(), p.Version)
		c.loose = append(c.loose, p)
		return nil
	}
	if o.arn != "" {
		p.ARN, p.Name = o.arn, current.BaseName(o.arn)
		c.managed = append(c.managed, p)
		return nil
	}
	c.versions = append(c.versions, version{o.file, o.where(), p})
	return nil
}

// versionOf reads a PolicyVersion
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html).
func (c *collector) versionOf(o object, name string) (current.Policy, error) {
	doc, ok := o.members["Document"]
	if !ok {
		return current.Policy{}, o.errorf("Document is missing: only get-policy-version and get-account-authorization-details tell it")
	}
	id, err := o.optional("VersionId")
	if err != nil {
		return current.Policy{}, err
	}
	created, err := o.date("CreateDate")
	if err != nil {
		return current.Policy{}, err
	}
	p, err := c.document(doc, current.Managed, name)
	p.Version, p.Created = id, created
	return p, err
}
