package files

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
)

// A kind is one kind of input.
type kind struct {
	name string
	is   func(object) bool
	read func(c *collector, o object, name string) error
}

// kinds are in the order in which they are tried.
var kinds = []kind{
	{"account authorization details", hasAny("RoleDetailList", "UserDetailList", "GroupDetailList"), (*collector).authorization},
	{"a role of account authorization details", hasAny("RolePolicyList", "InstanceProfileList"), (*collector).roleDetail},
	{"a managed policy of account authorization details", hasAny("PolicyVersionList"), (*collector).managedDetail},
	{"an answer of get-role", hasAny("Role"), (*collector).getRole},
	{"an answer of get-role-policy", hasAny("PolicyDocument"), (*collector).getRolePolicy},
	{"an answer of get-policy-version", hasAny("PolicyVersion"), (*collector).getPolicyVersion},
	{"a version of a managed policy", hasAll("Document", "VersionId"), (*collector).policyVersion},
	{"an answer of list-attached-role-policies", hasAny("AttachedPolicies"), (*collector).attachedPolicies},
	{"managed policies by ARN", isByARN, (*collector).byARN},
	{"a policy document", isDocument, (*collector).bare},
}

func hasAny(names ...string) func(object) bool {
	return func(o object) bool { return slices.ContainsFunc(names, o.has) }
}

func hasAll(names ...string) func(object) bool {
	return func(o object) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !o.has(name) })
	}
}

func isByARN(o object) bool {
	return len(o.names) > 0 && !slices.ContainsFunc(o.names, func(name string) bool { return !current.IsPolicyARN(name) })
}

// isDocument recognises a document by its statements, also misspelt ones, which the parser then
// complains of, or by its version.
func isDocument(o object) bool {
	if slices.ContainsFunc(o.names, func(name string) bool { return strings.EqualFold(name, "Statement") }) {
		return true
	}
	n, ok := o.members["Version"]
	return ok && n.isText() && strings.HasPrefix(n.string(), "20") && identify(o) == ""
}

// value reads what a file holds.
func (c *collector) value(n node) error {
	switch {
	case n.isObject(), n.isText():
		_, err := c.one(n, n.base())
		return err
	case !n.isList():
		return n.errorf("not an IAM policy but %s", n.kind())
	}
	first, i := "", 0
	for e := range n.elements() {
		i++
		// Only what could not be told from its neighbours has a number.
		name := fmt.Sprintf("%s-%d", n.base(), i)
		if !e.isObject() && !e.isText() {
			return e.errorf("element %d of the list is not an IAM policy but %s", i, e.kind())
		}
		kind, err := c.one(e, name)
		if err != nil {
			return err
		}
		if first == "" {
			first = kind
		}
		if kind != first {
			return e.errorf("the list begins with %s, and its element %d is %s: pass them as separate files", first, i, kind)
		}
	}
	if first == "" {
		return n.errorf("the list is empty: a policy was expected")
	}
	return nil
}

// one reads one input, and returns the name of its kind. A policy that has no name gets that given.
func (c *collector) one(n node, name string) (string, error) {
	if n.isText() {
		if text, err := current.DecodeDocument(n.string()); err != nil || !strings.HasPrefix(strings.TrimSpace(text), "{") {
			return "", n.errorf("not an IAM policy but a string")
		}
		return "a policy document", c.bare(object{node: n}, name)
	}
	o, err := n.object("the input")
	if err != nil {
		return "", err
	}
	for _, k := range kinds {
		if k.is(o) {
			return k.name, k.read(c, o, name)
		}
	}
	if what := identify(o); what != "" {
		return "", n.errorf("not an IAM policy: this looks like %s", what)
	}
	if len(o.names) == 0 {
		return "", n.errorf("not an IAM policy but an empty object")
	}
	var quoted []string
	for _, m := range o.names {
		quoted = append(quoted, fmt.Sprintf("%.40q", m))
	}
	return "", n.errorf("not an IAM policy, nor an answer that holds one: its members are %s", shorten(quoted))
}

// bare reads a document that says nothing of itself.
func (c *collector) bare(o object, name string) error {
	if o.arn != "" {
		return c.addManaged(o.node, o.arn, "")
	}
	if o.role == "" {
		p, err := c.document(o.node, current.Document, name)
		c.loose = append(c.loose, p)
		return err
	}
	p, err := c.document(o.node, current.Inline, name)
	c.parts = append(c.parts, part{file: o.file, where: o.where(), role: current.Role{Policies: []current.Policy{p}}})
	return err
}

func (c *collector) byARN(o object, _ string) error {
	for _, arn := range o.names {
		if err := c.addManaged(o.members[arn], arn, ""); err != nil {
			return err
		}
	}
	return nil
}

// addManaged adds a managed policy of which no more than the ARN is known.
func (c *collector) addManaged(n node, arn, version string) error {
	p, err := c.document(n, current.Managed, current.BaseName(arn))
	p.ARN, p.Version = arn, version
	c.managed = append(c.managed, p)
	return err
}
