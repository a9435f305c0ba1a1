package files

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
)

// A role is what the parts that were read say of one role.
type role struct {
	part
	// at is where each policy and attachment stands, by lower-case name or ARN.
	at map[string]string
	// told says that policies were read, or that there are none.
	told bool
}

// join makes roles of the parts.
func (c *collector) join() (current.Set, error) {
	folders, all, err := c.place()
	if err != nil {
		return current.Set{}, err
	}
	slices.SortStableFunc(c.parts, func(a, b part) int { return cmp.Compare(a.rank(), b.rank()) })
	roles := roles{byARN: map[string]*role{}, byName: map[string][]*role{}}
	for _, p := range c.parts {
		if err := roles.add(p); err != nil {
			return current.Set{}, err
		}
	}
	if err := c.uniqueManaged(); err != nil {
		return current.Set{}, err
	}
	for _, v := range c.nameVersions(roles.list) {
		if p, ok := folders[filepath.Dir(v.file.path)].ofFolder(v, all); ok {
			if err := roles.add(p); err != nil {
				return current.Set{}, err
			}
			continue
		}
		if len(roles.list) > 0 {
			c.notef("%s: a managed policy of no role: no role has one attached that has the file's name and is not in the input otherwise.", v.file)
		}
		c.loose = append(c.loose, v.policy)
	}
	if err := c.uniqueManaged(); err != nil {
		return current.Set{}, err
	}
	set := current.Set{Documents: c.loose, Managed: c.managed}
	if set.Roles, err = c.resolve(roles.list); err != nil {
		return current.Set{}, err
	}
	if len(c.truncated) > 0 && !c.last {
		c.notef("%s: the account has more roles and policies, on pages that are not in the input.", shorten(c.truncated))
	}
	set.Notes = c.notes
	set.Sort()
	return set, nil
}

// resolve gives the roles the documents of their managed policies.
func (c *collector) resolve(roles []*role) ([]current.Role, error) {
	library := map[string]current.Policy{}
	for _, p := range c.managed {
		library[p.ARN] = p
	}
	var out []current.Role
	var single []string
	for _, r := range roles {
		if !r.told {
			return nil, fmt.Errorf("%s: none of the policies of the role %q is in the input; get-account-authorization-details has them all", r.where, r.name)
		}
		if r.single && !r.complete {
			single = append(single, fmt.Sprintf("%q", r.name))
		}
		out = append(out, current.Role{
			ARN: r.arn, Name: r.name, Created: r.role.Created, LastUsed: r.role.LastUsed, Policies: r.role.Policies,
			ForLambda: r.role.ForLambda, Tags: r.role.Tags,
		}.Resolve(r.attached, r.boundary, library))
	}
	if len(single) > 0 {
		c.notef("Known from answers about one policy or role each, so that further policies of theirs may be missing: %s.", shorten(single))
	}
	return out, nil
}

// roles are the roles found so far, in the order found.
type roles struct {
	list   []*role
	byARN  map[string]*role
	byName map[string][]*role // lower-case name
}

// add adds a part to its role.
func (rs *roles) add(p part) error {
	lower := strings.ToLower(p.name)
	r := rs.byARN[p.arn]
	if same := rs.byName[lower]; p.arn == "" && len(same) > 0 {
		if r = same[0]; len(same) > 1 {
			return fmt.Errorf("%s: which role %q is meant: %s or %s?", p.where, p.name, same[0].arn, same[1].arn)
		}
	}
	if r == nil {
		r = &role{part: part{arn: p.arn, name: p.name, where: p.where}, at: map[string]string{}}
		rs.list = append(rs.list, r)
		rs.byName[lower] = append(rs.byName[lower], r)
		if p.arn != "" {
			rs.byARN[p.arn] = r
		}
	}
	return r.add(p)
}

// rank puts what others are joined to before them: first the complete roles, then those with an ARN.
func (p part) rank() int {
	switch {
	case p.arn != "" && p.complete:
		return 0
	case p.arn != "":
		return 1
	}
	return 2
}

// add adds what a part says. It is an error if it contradicts what others said.
func (r *role) add(p part) error {
	had := len(r.at)
	if p.bounded {
		if r.bounded && r.boundary != p.boundary {
			return fmt.Errorf("%s and %s do not agree on the permissions boundary of the role %q", r.where, p.where, r.name)
		}
		r.bounded, r.boundary = true, p.boundary
	}
	for _, policy := range p.role.Policies {
		key := "policy " + strings.ToLower(policy.Name)
		if policy.ARN == "" && r.at[key] != "" {
			i := slices.IndexFunc(r.role.Policies, func(q current.Policy) bool { return strings.EqualFold(q.Name, policy.Name) })
			if !r.role.Policies[i].Same(policy) {
				return fmt.Errorf("%s and %s do not agree on the policy %q of the role %q", r.at[key], place(policy), policy.Name, r.name)
			}
			continue
		}
		if r.complete {
			return fmt.Errorf("%s: the role %q has no policy %q in its authorization details at %s", place(policy), r.name, policy.Name, r.where)
		}
		r.at[key] = place(policy)
		r.role.Policies = append(r.role.Policies, policy)
	}
	for _, arn := range p.attached {
		if r.at[arn] != "" {
			continue
		}
		if r.complete {
			return fmt.Errorf("%s: %s is not attached to the role %q in its authorization details at %s", p.where, arn, r.name, r.where)
		}
		r.at[arn] = p.where
		r.attached = append(r.attached, arn)
	}
	if p.complete && had > 0 && len(p.role.Policies)+len(p.attached) < had {
		return fmt.Errorf("%s and %s do not agree on the policies of the role %q", r.where, p.where, r.name)
	}
	if r.role.Created.IsZero() {
		r.role.Created = p.role.Created
	}
	r.role.ForLambda = r.role.ForLambda || p.role.ForLambda
	if r.role.Tags == nil {
		r.role.Tags = p.role.Tags
	}
	if r.role.LastUsed.Before(p.role.LastUsed) {
		r.role.LastUsed = p.role.LastUsed
	}
	r.told = r.told || p.complete || p.listed || len(p.role.Policies) > 0
	r.complete = r.complete || p.complete
	r.single = r.single || p.single
	return nil
}

func place(p current.Policy) string {
	return fmt.Sprintf("%s:%d:%d", file{path: p.Origin.File}, p.Origin.Line, p.Origin.Column)
}

// uniqueManaged sorts the managed policies by ARN and joins equal ones.
func (c *collector) uniqueManaged() error {
	slices.SortStableFunc(c.managed, func(a, b current.Policy) int { return cmp.Compare(a.ARN, b.ARN) })
	var out []current.Policy
	for _, p := range c.managed {
		if n := len(out); n > 0 && out[n-1].ARN == p.ARN {
			if !out[n-1].Same(p) {
				return fmt.Errorf("%s and %s do not agree on %s", place(out[n-1]), place(p), p.ARN)
			}
			continue
		}
		out = append(out, p)
	}
	c.managed = out
	return nil
}

// nameVersions gives managed policies without ARN that of the one attached policy that has their
// file's name, among those whose documents are not known otherwise. It returns the rest.
func (c *collector) nameVersions(roles []*role) []version {
	known := map[string]bool{}
	for _, p := range c.managed {
		known[p.ARN] = true
	}
	missing := map[string][]string{} // ARNs by lower-case name
	for _, r := range roles {
		for _, arn := range append(slices.Clone(r.attached), r.boundary) {
			if name := strings.ToLower(current.BaseName(arn)); arn != "" && !known[arn] && !slices.Contains(missing[name], arn) {
				missing[name] = append(missing[name], arn)
			}
		}
	}
	var rest []version
	for _, v := range c.versions {
		arns := missing[strings.ToLower(v.policy.Name)]
		if len(arns) != 1 {
			if len(arns) > 1 {
				slices.Sort(arns)
				c.notef("%s: it may be %s; a file that ends in the ARN says which.", v.file, strings.Join(arns, " or "))
			}
			rest = append(rest, v)
			continue
		}
		v.policy.ARN, v.policy.Name = arns[0], current.BaseName(arns[0])
		c.managed = append(c.managed, v.policy)
		c.notef("%s: taken for %s, by the file's name.", v.file, arns[0])
	}
	return rest
}
