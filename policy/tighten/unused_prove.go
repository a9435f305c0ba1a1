package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// prove checks a proposal in three ways, none of which trusts how it was made: every authorised call
// that the current policies allow is allowed still, everything that is kept as it is is still granted,
// and nothing is allowed that was not.
func prove(out *report.UnusedRole, role current.Role, from []int, rows []row, identity, boundary []policy.Document, usages []trail.Usage, opt UnusedOptions) error {
	var proposed []policy.Document
	for _, p := range out.Proposed {
		proposed = append(proposed, p.Document)
	}
	before := ReplayWithin(identity, boundary, usages, opt.Mapper)
	after := ReplayWithin(proposed, boundary, usages, opt.Mapper)
	out.Proof.Checked, out.Proof.Allowed = before.Allowed, after.Allowed
	for _, u := range after.Unmapped {
		out.Proof.Unknown += u.Evidence.Count
	}
	if lost := newRefusals(before, after); len(lost) > 0 {
		return &UnsoundError{Role: out.Role, Rows: lost}
	}
	if n := after.Checked - after.Allowed; n > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s authorised that the current policies do not allow by themselves: another policy did, or other ones were in force", was(n)))
	}
	if untraced := traceTo(out, role.Policies, from); untraced != "" {
		return fmt.Errorf("role %s: the proposal grants %s, which no current statement does; this is a defect of whittle, do not use the policy", out.Role, untraced)
	}
	if r := dropped(proposed, rows); r != nil {
		return fmt.Errorf("role %s: the proposal lost %s on %s, which is %s; this is a defect of whittle, do not use the policy", out.Role, r.Action, r.Resource, r.Status)
	}
	return compareProposal(out, diff.Side{Identity: identity, Boundary: boundary}, diff.Side{Identity: proposed, Boundary: boundary})
}

// traceTo counts the (action, resource) pairs of the proposal and traces each to an Allow statement of the
// policy that it is to replace, with the same conditions. It returns one that it cannot.
func traceTo(out *report.UnusedRole, policies []current.Policy, from []int) (untraced string) {
	for i, p := range out.Proposed {
		old := policies[from[i]].Document
		for _, s := range p.Document.Statements {
			if s.Effect != policy.Allow {
				continue
			}
			if len(s.NotActions) > 0 || len(s.NotResources) > 0 {
				continue // kept as written
			}
			for _, action := range s.Actions {
				for _, resource := range s.Resources {
					out.Proof.Pairs++
					if tracesTo(old, s, action, resource) {
						out.Proof.Traced++
					} else if untraced == "" {
						untraced = action + " on " + resource
					}
				}
			}
		}
	}
	return untraced
}

func tracesTo(old policy.Document, by policy.Statement, action, resource string) bool {
	pattern := glob.CompileFold(action)
	on, _ := compileTarget(resource, old.Version)
	return slices.ContainsFunc(old.Statements, func(s policy.Statement) bool {
		if s.Effect != policy.Allow || sameAs(s.Conditions) != sameAs(by.Conditions) {
			return false
		}
		if slices.Contains(s.Actions, action) && slices.Contains(s.Resources, resource) {
			return true
		}
		r := newRule(s, old.Version)
		if r.except && r.actions.meets(pattern) || !r.except && !r.actions.match(action) && !r.actions.covers(pattern) {
			return false
		}
		return slices.Contains(s.Resources, resource) || slices.ContainsFunc(r.targets, func(t target) bool { return t.holds(on.pattern) })
	})
}

// newRefusals are what a second replay does not allow and the first did.
func newRefusals(before, after Replayed) []ReplayRow {
	type key struct{ event, region, code, action, resource, id string }
	keyOf := func(r ReplayRow) key {
		id := ""
		if len(r.Evidence.EventIDs) > 0 {
			id = r.Evidence.EventIDs[0]
		}
		return key{r.Event, r.Region, r.ErrorCode, r.Action, r.Resource, id}
	}
	old := map[key]bool{}
	for _, rows := range [][]ReplayRow{before.Denied, before.Undecided} {
		for _, r := range rows {
			old[keyOf(r)] = true
		}
	}
	var out []ReplayRow
	for _, rows := range [][]ReplayRow{after.Denied, after.Undecided} {
		for _, r := range rows {
			if !old[keyOf(r)] {
				out = append(out, r)
			}
		}
	}
	return out
}

// dropped finds a row that is kept as it is and that no statement grants any more under the same conditions.
func dropped(docs []policy.Document, rows []row) *row {
	byConditions := map[string][]rule{}
	for _, d := range docs {
		for _, s := range d.Statements {
			if s.Effect == policy.Allow {
				key := sameAs(s.Conditions)
				byConditions[key] = append(byConditions[key], newRule(s, d.Version))
			}
		}
	}
	for i := range rows {
		r := &rows[i]
		if !r.Kept || r.narrow != nil {
			continue
		}
		if !stillGrants(byConditions[sameAs(r.granted.conditions)], r) {
			return r
		}
	}
	return nil
}

// sameAs is the same text for conditions that differ in the order of their values only.
func sameAs(conditions []policy.Condition) string {
	d := policy.Document{Statements: []policy.Statement{{Conditions: conditions}}}
	return conditionKey(d.Canonical().Statements[0].Conditions)
}

func stillGrants(rules []rule, r *row) bool {
	for _, rule := range rules {
		if !rule.concerns(r.Action) {
			continue
		}
		for _, t := range rule.targets {
			if t.text == r.granted.on.text || r.granted.on.not == nil && t.holds(r.granted.on.pattern) {
				return true
			}
		}
	}
	return false
}

// compareProposal lists what the proposal takes away. That it gives anything is a defect.
func compareProposal(out *report.UnusedRole, old, new diff.Side) error {
	opt := diff.Options{}
	if arn, err := policy.ParseARN(out.Role); err == nil {
		opt.Partition = arn.Partition
	}
	c, err := Compare(out.Role, old, new, opt)
	if err != nil {
		return err
	}
	for _, change := range c.Changes {
		switch {
		case change.Kind == string(diff.Undecided):
			out.Notes = append(out.Notes, fmt.Sprintf("it is not proven that the proposal grants nothing new of %s: %s", some(change.Actions), change.Reason))
		case change.Widens:
			return fmt.Errorf("role %s: the proposal grants %s on %s, which the current policies do not; this is a defect of whittle, do not use the policy",
				out.Role, some(change.Actions), some(change.Resources))
		default:
			out.Removes = append(out.Removes, change)
		}
	}
	return nil
}

// some names the first few of a list.
func some(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
