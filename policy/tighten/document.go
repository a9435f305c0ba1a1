package tighten

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
)

// minimise writes the permissions as documents. Where they fit the limit only wider, the widened
// permissions are appended to perms, with their reason.
func minimise(perms []permission, limit *minimize.Limit) ([]policy.Document, []permission, error) {
	grants := make([]minimize.Grant, len(perms))
	for i, p := range perms {
		grants[i] = minimize.Grant{Action: p.action, Resource: p.resource, Conditions: p.conditions}
	}
	doc := minimize.Minimize(grants)
	if limit == nil {
		return []policy.Document{doc}, perms, nil
	}
	fitted, err := minimize.Fit(doc, *limit)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range fitted.Widenings {
		for _, action := range w.Actions {
			wide := permission{
				action: action, resource: w.To, conditions: w.Conditions, rules: []string{"fit"},
				widening: &report.Widening{
					Reason: "fit", Detail: "the quota leaves no room for the single names",
					Distinct: len(w.From), Examples: w.From[:min(len(w.From), 3)],
				},
			}
			for _, p := range perms {
				if p.action == action && slices.Contains(w.From, p.resource) {
					wide.absorb(p)
				}
			}
			perms = append(perms, wide)
		}
	}
	return fitted.Documents, join(perms), nil
}

// describe lists the permissions with the statements that grant them.
func describe(perms []permission, docs []policy.Document) []report.Permission {
	out := make([]report.Permission, len(perms))
	for i, p := range perms {
		out[i] = report.Permission{
			Action: p.action, Resource: p.resource, Rules: p.rules, Functions: p.functions,
			LambdaService: p.byLambda, Events: p.events, Evidence: evidence(p.evidence),
			Widening: p.widening, Findings: p.findings,
		}
		if a, ok := reference.LookupAction(p.action); ok {
			out[i].AccessLevel = string(a.AccessLevel)
		}
		for _, c := range p.conditions {
			out[i].Conditions = append(out[i].Conditions, report.Condition(c))
		}
		for _, d := range docs {
			for _, s := range d.Statements {
				if slices.Contains(s.Actions, p.action) && slices.ContainsFunc(s.Resources, func(r string) bool { return covers(r, p.resource) }) {
					out[i].Sids = append(out[i].Sids, s.Sid)
				}
			}
		}
		out[i].Sids = distinct(out[i].Sids)
	}
	return out
}

// trace counts the (action, resource) pairs of the documents and returns those that no permission
// covers. It reads the written documents, so it checks the minimiser as well as what came before it.
func trace(docs []policy.Document, perms []permission) (pairs int, untraced []string) {
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, a := range s.Actions {
				for _, r := range s.Resources {
					pairs++
					if !slices.ContainsFunc(perms, func(p permission) bool {
						return p.action == a && covers(p.resource, r) &&
							(len(p.conditions) == 0 || conditionKey(p.conditions) == conditionKey(s.Conditions))
					}) {
						untraced = append(untraced, fmt.Sprintf("%s on %s", a, r))
					}
				}
			}
		}
	}
	return pairs, untraced
}

func covers(wide, narrow string) bool {
	if wide == narrow {
		return true
	}
	w, err := glob.CompileARN(wide)
	if err != nil {
		return false
	}
	n, err := glob.CompileARN(narrow)
	return err == nil && w.Covers(n)
}
