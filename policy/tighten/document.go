package tighten

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
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
	granting := map[string][]statement{} // by action and conditions
	for _, d := range docs {
		for _, s := range d.Statements {
			resources := newCover(s.Resources)
			for _, a := range s.Actions {
				key := a + "\x00" + conditionKey(s.Conditions)
				granting[key] = append(granting[key], statement{s.Sid, resources})
			}
		}
	}
	out := make([]report.Permission, len(perms))
	for i, p := range perms {
		out[i] = p.describe()
		if a, ok := reference.LookupAction(p.action); ok {
			out[i].AccessLevel = string(a.AccessLevel)
		}
		sids := set{}
		for _, s := range slices.Concat(granting[p.action+"\x00"+conditionKey(p.conditions)], granting[p.action+"\x00"]) {
			if s.resources.covers(p.resource) {
				sids.add(s.sid)
			}
		}
		out[i].Sids = sids.with(nil)
	}
	return out
}

// A statement is a written statement with what it covers.
type statement struct {
	sid       string
	resources *cover
}

// trace counts the (action, resource) pairs of the documents and returns those that no permission
// covers. It reads the written documents, so it checks the minimiser as well as what came before it.
func trace(docs []policy.Document, perms []permission) (pairs int, untraced []string) {
	resources := map[string][]string{} // by action and conditions
	for _, p := range perms {
		key := p.action + "\x00" + conditionKey(p.conditions)
		resources[key] = append(resources[key], p.resource)
	}
	granted := map[string]*cover{}
	for key, r := range resources {
		granted[key] = newCover(r)
	}
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, a := range s.Actions {
				exact, always := granted[a+"\x00"+conditionKey(s.Conditions)], granted[a+"\x00"]
				for _, r := range s.Resources {
					pairs++
					if !exact.covers(r) && !always.covers(r) {
						untraced = append(untraced, fmt.Sprintf("%s on %s", a, r))
					}
				}
			}
		}
	}
	return pairs, untraced
}
