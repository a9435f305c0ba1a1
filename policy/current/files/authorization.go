package files

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy/current"
)

// authorization reads a page of
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html.
func (c *collector) authorization(o object, _ string) error {
	for _, list := range []struct {
		name string
		read func(*collector, object, string) error
	}{{"RoleDetailList", (*collector).roleDetail}, {"Policies", (*collector).managedDetail}} {
		elements, err := o.list(list.name)
		if err != nil {
			return err
		}
		for n := range elements {
			e, err := n.object("an element of " + list.name)
			if err != nil {
				return err
			}
			if err := list.read(c, e, ""); err != nil {
				return err
			}
		}
	}
	users, err := o.length("UserDetailList")
	if err != nil {
		return err
	}
	groups, err := o.length("GroupDetailList")
	if err != nil {
		return err
	}
	if users+groups > 0 {
		c.notef("%s: policies of %s and %s are not read, only those of roles", o.file, plural(users, "user"), plural(groups, "group"))
	}
	if o.has("IsTruncated") && o.members["IsTruncated"].isTrue() || o.has("NextToken") {
		c.truncated = append(c.truncated, o.file.String())
	} else {
		c.last = true
	}
	return nil
}

func (o object) length(name string) (int, error) {
	list, err := o.list(name)
	if err != nil {
		return 0, err
	}
	n := 0
	for range list {
		n++
	}
	return n, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// roleDetail reads https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html.
func (c *collector) roleDetail(o object, _ string) error {
	p, err := o.part()
	if err != nil {
		return err
	}
	if p.arn == "" {
		return o.errorf("Arn is missing")
	}
	if !o.knows("RolePolicyList") && !o.knows("AttachedManagedPolicies") {
		return o.errorf("neither RolePolicyList nor AttachedManagedPolicies is there: what the role may do is not known")
	}
	p.complete = true
	inline, err := o.list("RolePolicyList")
	if err != nil {
		return err
	}
	for n := range inline {
		d, err := n.object("an element of RolePolicyList")
		if err != nil {
			return err
		}
		name, err := d.optional("PolicyName")
		if err != nil {
			return err
		}
		doc, ok := d.members["PolicyDocument"]
		if !ok {
			return d.errorf("PolicyDocument is missing")
		}
		policy, err := c.document(doc, current.Inline, name)
		if err != nil {
			return err
		}
		p.role.Policies = append(p.role.Policies, policy)
	}
	if p.attached, err = o.attached("AttachedManagedPolicies"); err != nil {
		return err
	}
	c.parts = append(c.parts, p)
	return nil
}

// managedDetail reads
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html. Of the versions the
// default one counts: it is the one in force.
func (c *collector) managedDetail(o object, _ string) error {
	arn, err := o.policyARN("Arn")
	if err != nil {
		return err
	}
	def, err := o.optional("DefaultVersionId")
	if err != nil {
		return err
	}
	versions, err := o.list("PolicyVersionList")
	if err != nil {
		return err
	}
	var inForce *object
	for n := range versions {
		v, err := n.object("an element of PolicyVersionList")
		if err != nil {
			return err
		}
		id, err := v.optional("VersionId")
		if err != nil {
			return err
		}
		flagged := v.has("IsDefaultVersion") && v.members["IsDefaultVersion"].isTrue()
		if def != "" && v.has("IsDefaultVersion") && flagged != (id == def) {
			return v.errorf("DefaultVersionId is %q, and IsDefaultVersion of the version %q is %t", def, id, flagged)
		}
		if flagged || def != "" && id == def {
			if inForce != nil {
				return v.errorf("a second default version of %s", arn)
			}
			inForce = &v
		}
	}
	if inForce == nil {
		c.notef("%s: the default version of %s is not there", o.where(), arn)
		return nil
	}
	p, err := c.versionOf(*inForce, current.BaseName(arn))
	if err != nil {
		return err
	}
	p.ARN = arn
	c.managed = append(c.managed, p)
	return nil
}
