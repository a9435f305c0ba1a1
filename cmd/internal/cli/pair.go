package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

// A pair is what diff compares: one role on both sides, or two sets of documents. A side is nil where
// it does not have the role.
type pair struct {
	// name is the role's ARN, or its name where neither side tells the ARN; empty for documents.
	name     string
	old, new *current.Role
}

// pairRoles joins the roles of two sets. Where a side has documents and no role, they stand for the
// one role of the other side.
func pairRoles(old, new current.Set, patterns []string) ([]pair, error) {
	oldRoles, newRoles := asRoles(old), asRoles(new)
	if len(patterns) > 0 {
		oldRoles, newRoles = filterRoles(oldRoles, patterns), filterRoles(newRoles, patterns)
		if !slices.ContainsFunc(slices.Concat(oldRoles, newRoles), func(r current.Role) bool { return nameOf(r) != "" }) {
			return nil, usagef("--role %s: no such role in OLD or NEW", strings.Join(patterns, ", "))
		}
	}
	if anonymous(oldRoles) != anonymous(newRoles) {
		named, side := oldRoles, "OLD"
		if anonymous(oldRoles) {
			named, side = newRoles, "NEW"
		}
		if len(named) != 1 {
			return nil, usagef("%s has %s and the other side policies without a role; choose one with --role", side, report.Plural(int64(len(named)), "role"))
		}
		return []pair{{nameOf(named[0]), &oldRoles[0], &newRoles[0]}}, nil
	}
	var out []pair
	left := slices.Clone(newRoles)
	for i := range oldRoles {
		p := pair{name: nameOf(oldRoles[i]), old: &oldRoles[i]}
		if j := slices.IndexFunc(left, func(r current.Role) bool { return sameRole(oldRoles[i], r) }); j >= 0 {
			r := left[j]
			p.new = &r
			p.name = cmp.Or(oldRoles[i].ARN, r.ARN, r.Name)
			left = slices.Delete(left, j, j+1)
		}
		out = append(out, p)
	}
	for i := range left {
		out = append(out, pair{name: nameOf(left[i]), new: &left[i]})
	}
	slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

// asRoles are a set's roles; documents without a role are one role without a name.
func asRoles(s current.Set) []current.Role {
	if len(s.Documents) == 0 {
		return s.Roles
	}
	return append(slices.Clone(s.Roles), current.Role{Policies: s.Documents})
}

func anonymous(roles []current.Role) bool { return len(roles) == 1 && nameOf(roles[0]) == "" }

func nameOf(r current.Role) string { return cmp.Or(r.ARN, r.Name) }

// sameRole compares by ARN, and by name where a side has none.
func sameRole(a, b current.Role) bool {
	if a.ARN != "" && b.ARN != "" {
		return current.SameRole(a.ARN, b.ARN)
	}
	return strings.EqualFold(a.Name, b.Name)
}

// filterRoles keeps the roles that a pattern names, and documents without a role, which stand for the one that
// the other side has.
func filterRoles(roles []current.Role, patterns []string) []current.Role {
	return slices.DeleteFunc(slices.Clone(roles), func(r current.Role) bool {
		return nameOf(r) != "" && !slices.ContainsFunc(patterns, r.Is)
	})
}

// role is the principal, as the new side has it, else the old.
func (p pair) role() current.Role {
	r := current.Role{}
	for _, side := range []*current.Role{p.new, p.old} {
		if side != nil {
			r.ARN, r.Name = cmp.Or(r.ARN, side.ARN), cmp.Or(r.Name, side.Name)
			if side.LastUsed.After(r.LastUsed) {
				r.LastUsed = side.LastUsed
			}
		}
	}
	return r
}

// compare finds the differences, and what cannot be known of them for want of a document.
func (p pair) compare() (report.Comparison, error) {
	opt := diff.Options{}
	if arn, err := policy.ParseARN(p.name); err == nil {
		opt.Partition = arn.Partition
	}
	c, err := tighten.Compare(p.name, side(p.old), side(p.new), opt)
	if err != nil {
		return c, err
	}
	p.locate(c.Changes)
	unknown, notes := p.missing()
	c.Changes = append(unknown, c.Changes...)
	c.Notes = append(c.Notes, notes...)
	return c, nil
}

func side(r *current.Role) diff.Side {
	var s diff.Side
	if r == nil {
		return s
	}
	for _, p := range r.Policies {
		s.Identity = append(s.Identity, p.Document)
	}
	if r.Boundary != nil {
		s.Boundary = []policy.Document{r.Boundary.Document}
	}
	return s
}

// missing says what the policies that a side names and the input lacks leave open. A policy that both
// sides attach is taken as unchanged.
func (p pair) missing() (unknown []report.Change, notes []string) {
	var old, new current.Role
	if p.old != nil {
		old = *p.old
	}
	if p.new != nil {
		new = *p.new
	}
	for _, arn := range new.Missing {
		if slices.Contains(old.Missing, arn) {
			notes = append(notes, fmt.Sprintf("%s is attached on both sides and not in the input: taken as unchanged", arn))
		} else {
			unknown = append(unknown, undecided(fmt.Sprintf("NEW attaches %s, which is not in the input: add the output of get-policy-version for it", arn)))
		}
	}
	for _, arn := range old.Missing {
		if !slices.Contains(new.Missing, arn) {
			unknown = append(unknown, undecided(fmt.Sprintf("OLD attaches %s, which is not in the input and may deny what NEW allows: add the output of get-policy-version for it", arn)))
		}
	}
	switch {
	case old.MissingBoundary == new.MissingBoundary && old.MissingBoundary != "":
		notes = append(notes, fmt.Sprintf("the permissions boundary %s is on both sides and not in the input: both may allow less than was compared", old.MissingBoundary))
	case old.MissingBoundary != "":
		unknown = append(unknown, undecided(fmt.Sprintf("OLD is limited by the permissions boundary %s, which is not in the input", old.MissingBoundary)))
	case new.MissingBoundary != "":
		notes = append(notes, fmt.Sprintf("the permissions boundary %s is not in the input: NEW may allow less than listed", new.MissingBoundary))
	}
	return unknown, notes
}

func undecided(reason string) report.Change {
	return report.Change{
		Kind: string(diff.Undecided), Widens: true, Reason: reason, Service: "*",
		Actions: []string{"*"}, Resources: []string{"*"},
	}
}

// from names where one side of the pair comes from, nothing where it has none.
func (p pair) from(path string, r *current.Role) string {
	if r == nil {
		return ""
	}
	return path
}
