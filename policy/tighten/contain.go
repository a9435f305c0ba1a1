package tighten

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
)

// Contain compares a proposal with the role's current policies, and fills its Containment: exactly what it
// allows that they do not, each with a witness. The boundary stays whatever policies the role has, and limits
// both. A proposal without a policy is left as it is.
//
// It fails for a current policy that is none (current.Policy.Err), and for a defect of the comparison.
func Contain(proposal *report.Role, role current.Role) error {
	if len(proposal.Policies) == 0 {
		return nil
	}
	out := &report.Containment{Policies: []string{}, Beyond: []report.Change{}, Permissions: len(proposal.Permissions)}
	var old, new diff.Side
	for _, p := range role.Policies {
		if p.Err != nil {
			return fmt.Errorf("role %s: policy %s: %w", proposal.Role, p.Name, p.Err)
		}
		old.Identity = append(old.Identity, p.Document)
		out.Policies = append(out.Policies, p.Name)
	}
	for _, p := range proposal.Policies {
		new.Identity = append(new.Identity, p.Document)
	}
	if role.Boundary != nil {
		if role.Boundary.Err != nil {
			return fmt.Errorf("role %s: permissions boundary: %w", proposal.Role, role.Boundary.Err)
		}
		old.Boundary = []policy.Document{role.Boundary.Document}
		new.Boundary = old.Boundary
	}
	for _, arn := range role.Missing {
		out.Beyond = append(out.Beyond, report.Change{
			Kind: string(diff.Undecided), Widens: true, Service: "*", Actions: []string{"*"}, Resources: []string{"*"},
			Reason: fmt.Sprintf("the policy %s is attached and not in the input, and may deny what the proposal allows", arn),
		})
	}
	var opt diff.Options
	if arn, err := policy.ParseARN(proposal.Role); err == nil {
		opt.Partition = arn.Partition
	}
	c, err := Compare(proposal.Role, old, new, opt)
	if err != nil {
		return err
	}
	for _, change := range c.Changes {
		if change.Widens {
			out.Beyond = append(out.Beyond, change)
		}
	}
	for _, p := range proposal.Permissions {
		if !slices.ContainsFunc(out.Beyond, func(c report.Change) bool { return concerns(c, p) }) {
			out.Within++
		}
	}
	proposal.Containment = out
	return nil
}

// concerns reports whether a change may be about a part of a permission.
func concerns(c report.Change, p report.Permission) bool {
	if !slices.Contains(c.Known, p.Action) && !slices.Contains(c.Unknown, p.Action) {
		return len(c.Known)+len(c.Unknown) == 0 && !c.Future // a policy that is not known
	}
	on, err := glob.CompileARN(p.Resource)
	return err != nil || slices.ContainsFunc(targetsOfChange(c), func(t target) bool { return t.meets(on) })
}
