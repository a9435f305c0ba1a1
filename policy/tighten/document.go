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
		out[i] = p.describe()
		if a, ok := reference.LookupAction(p.action); ok {
			out[i].AccessLevel = string(a.AccessLevel)
		}
		sids := set{}
		for _, d := range docs {
			for _, s := range d.Statements {
				if slices.Contains(s.Actions, p.action) && coveredByAny(s.Resources, p.resource) {
					sids.add(s.Sid)
				}
			}
		}
		out[i].Sids = sids.with(nil)
	}
	return out
}

// trace counts the (action, resource) pairs of the documents and returns those that no permission
// covers. It reads the written documents, so it checks the minimiser as well as what came before it.
func trace(docs []policy.Document, perms []permission) (pairs int, untraced []string) {
	granted := map[string][]string{} // resources by action and conditions
	for _, p := range perms {
		key := p.action + "\x00" + conditionKey(p.conditions)
		granted[key] = append(granted[key], p.resource)
	}
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, a := range s.Actions {
				for _, r := range s.Resources {
					pairs++
					if !coveredByAny(granted[a+"\x00"+conditionKey(s.Conditions)], r) && !coveredByAny(granted[a+"\x00"], r) {
						untraced = append(untraced, fmt.Sprintf("%s on %s", a, r))
					}
				}
			}
		}
	}
	return pairs, untraced
}

// coveredByAny looks for the resource itself first, which is nearly always there.
func coveredByAny(wide []string, narrow string) bool {
	return slices.Contains(wide, narrow) || slices.ContainsFunc(wide, func(w string) bool { return covers(w, narrow) })
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
