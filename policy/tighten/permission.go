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
	// needs are the calls behind it; none for a permission that CloudTrail does not record.
	needs []need
	// rules and functions are those that the needs do not tell.
	rules, functions []string
	widening         *report.Widening
	findings         []report.Finding
	suggested        []report.Suggestion
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
	p := permission{action: n.grant.Action, resource: resource, conditions: n.grant.Conditions, needs: []need{n}}
	for _, f := range n.grant.Findings {
		p.findings = append(p.findings, report.Finding{Kind: string(f.Kind), Detail: f.Detail})
	}
	return p
}

// join merges permissions for the same action, resource and conditions, and sorts the result.
func join(perms []permission) []permission {
	keys := make([]string, len(perms))
	order := make([]int, len(perms))
	for i := range perms {
		keys[i], order[i] = perms[i].key(), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	var out []permission
	for n, i := range order {
		if n == 0 || keys[i] != keys[order[n-1]] {
			p := perms[i]
			p.needs, p.findings = slices.Clip(p.needs), slices.Clip(p.findings)
			out = append(out, p)
			continue
		}
		out[len(out)-1].absorb(perms[i])
	}
	for i := range out {
		slices.SortFunc(out[i].findings, func(a, b report.Finding) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail))
		})
		out[i].findings = slices.Compact(out[i].findings)
	}
	return out
}

// absorb adds what stands behind p to what stands behind q.
func (q *permission) absorb(p permission) {
	q.needs = append(q.needs, p.needs...)
	q.rules = append(q.rules, p.rules...)
	q.functions = append(q.functions, p.functions...)
	for _, f := range p.findings {
		if !slices.Contains(q.findings, f) {
			q.findings = append(q.findings, f)
		}
	}
	// One reason is enough for a pattern that several observations led to: the one that rests on
	// more distinct names.
	if q.widening == nil || p.widening != nil && p.widening.Distinct > q.widening.Distinct {
		q.widening = p.widening
	}
}

// describe writes a permission with its evidence.
func (p *permission) describe() report.Permission {
	out := report.Permission{
		Action: p.action, Resource: p.resource, Rules: p.rules, Functions: p.functions,
		Widening: p.widening, Findings: p.findings, Suggested: p.suggested,
	}
	rules, functions, events := set{}, set{}, set{}
	var seen trail.Evidence
	for _, n := range p.needs {
		rules.add(n.grant.Rule)
		functions.add(n.usage.Function)
		events.add(event(n.usage))
		out.LambdaService = out.LambdaService || n.usage.ByLambda
		seen = seen.Join(n.usage.Evidence)
	}
	out.Rules, out.Functions, out.Events = rules.with(p.rules), functions.with(p.functions), events.with(nil)
	out.Evidence = evidence(seen)
	for _, c := range p.conditions {
		out.Conditions = append(out.Conditions, report.Condition(c))
	}
	return out
}

// byLambda reports whether Lambda itself uses the permission.
func (p *permission) byLambda() bool {
	return slices.ContainsFunc(p.needs, func(n need) bool { return n.usage.ByLambda })
}

// A set is a set of names.
type set map[string]bool

func (s set) add(name string) {
	if name != "" {
		s[name] = true
	}
}

// with returns the names of the set and more, sorted, each once.
func (s set) with(more []string) []string {
	out := slices.Clone(more)
	for name := range s {
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
