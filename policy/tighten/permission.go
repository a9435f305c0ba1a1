package tighten

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A permission is one action on one resource pattern under conditions, and what stands behind it.
type permission struct {
	action, resource string
	conditions       []policy.Condition
	rules            []string
	functions        []string
	events           []string
	byLambda         bool
	evidence         trail.Evidence
	widening         *report.Widening
	findings         []report.Finding
}

// key orders and identifies permissions.
func (p *permission) key() string {
	return p.action + "\x00" + p.resource + "\x00" + conditionKey(p.conditions)
}

func conditionKey(cs []policy.Condition) string {
	var b strings.Builder
	for _, c := range cs {
		fmt.Fprintf(&b, "%q %q %q\n", c.Operator, c.Key, c.Values)
	}
	return b.String()
}

// fromNeed is the permission that one kind of call needs, on the resource given.
func fromNeed(n need, resource string) permission {
	p := permission{
		action: n.grant.Action, resource: resource, conditions: n.grant.Conditions,
		rules: []string{n.grant.Rule}, events: []string{event(n.usage)}, byLambda: n.usage.ByLambda,
		evidence: n.usage.Evidence,
	}
	if n.usage.Function != "" {
		p.functions = []string{n.usage.Function}
	}
	for _, f := range n.grant.Findings {
		p.findings = append(p.findings, report.Finding{Kind: string(f.Kind), Detail: f.Detail})
	}
	return p
}

// join merges permissions for the same action, resource and conditions, and sorts the result.
func join(perms []permission) []permission {
	perms = slices.Clone(perms)
	slices.SortStableFunc(perms, func(a, b permission) int { return cmp.Compare(a.key(), b.key()) })
	var out []permission
	for _, p := range perms {
		if len(out) == 0 || out[len(out)-1].key() != p.key() {
			out = append(out, p)
			continue
		}
		out[len(out)-1].absorb(p)
	}
	for i := range out {
		p := &out[i]
		p.rules, p.functions, p.events = distinct(p.rules), distinct(p.functions), distinct(p.events)
		slices.SortFunc(p.findings, func(a, b report.Finding) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail))
		})
		p.findings = slices.Compact(p.findings)
	}
	return out
}

// absorb adds what stands behind p to what stands behind q.
func (q *permission) absorb(p permission) {
	q.rules = append(slices.Clone(q.rules), p.rules...)
	q.functions = append(slices.Clone(q.functions), p.functions...)
	q.events = append(slices.Clone(q.events), p.events...)
	q.findings = append(slices.Clone(q.findings), p.findings...)
	q.byLambda = q.byLambda || p.byLambda
	q.evidence = q.evidence.Join(p.evidence)
	q.widening = joinWidenings(q.widening, p.widening)
}

// joinWidenings keeps one reason for a pattern that several observations led to: the one that
// rests on more distinct names.
func joinWidenings(a, b *report.Widening) *report.Widening {
	if a == nil || b != nil && b.Distinct > a.Distinct {
		return b
	}
	return a
}

func distinct(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
