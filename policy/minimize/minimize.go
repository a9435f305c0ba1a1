// Package minimize writes exact grants as the fewest statements, and fits them into IAM's quotas.
//
// [Minimize] never grants an (action, resource, condition) combination that it was not given, and
// invents no wildcard. [Fit] distributes the statements over as many documents as a quota allows.
// Only where they do not fit otherwise does it widen resources, and it returns every widening.
package minimize

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// A Grant is one permission: an action on a resource, under conditions.
type Grant struct {
	// Action is "service:Name". It may have wildcards; those are kept as they are.
	Action string
	// Resource is an IAM resource pattern, in the escaped notation of package glob. What is no
	// ARN pattern, such as one with variables, is kept and compared as text.
	Resource   string
	Conditions []policy.Condition
}

// Minimize returns a policy that allows the grants and nothing else, with the fewest statements,
// and of the fewest the smallest it finds.
//
// A grant is left out if another covers it: action and resource as patterns, and with the same
// conditions or none. What remains under one set of conditions is a relation of actions and
// resources, which statements have to cover by rectangles (a minimum biclique cover). A rectangle
// may take in pairs that are granted elsewhere too, because a pair allowed twice is not a pair
// more. The search is exact for policies of the usual size. It stops after a fixed number of steps,
// the problem being NP-hard, and then returns the best cover so far, which is never worse than one
// statement for each action or each resource.
//
// The result is canonical, the same for every order of grants. Statements are sorted by service,
// then access level, then text. Each has a Sid that says what it is for.
func Minimize(grants []Grant) policy.Document {
	doc := policy.Document{Version: policy.Version2012}
	for _, rel := range relations(grants) {
		for _, rect := range rel.cover() {
			doc.Statements = append(doc.Statements, policy.Statement{
				Effect: policy.Allow, Actions: rect.actions, Resources: rect.resources, Conditions: rel.conditions,
			})
		}
	}
	doc = doc.Canonical()
	slices.SortFunc(doc.Statements, compareStatements)
	nameStatements(doc.Statements)
	return doc
}

func compareStatements(a, b policy.Statement) int {
	return cmp.Or(
		strings.Compare(service(a.Actions[0]), service(b.Actions[0])),
		cmp.Compare(lowestAccess(a.Actions), lowestAccess(b.Actions)),
		slices.CompareFunc(a.Actions, b.Actions, policy.CompareActions),
		slices.Compare(a.Resources, b.Resources),
		strings.Compare(conditionsKey(a.Conditions), conditionsKey(b.Conditions)),
	)
}

func service(action string) string {
	prefix, _, _ := strings.Cut(action, ":")
	return strings.ToLower(prefix)
}

// conditionsKey is the text of canonical conditions: equal for equal ones.
func conditionsKey(conditions []policy.Condition) string {
	if len(conditions) == 0 {
		return ""
	}
	return string(policy.Document{Statements: []policy.Statement{{Conditions: conditions}}}.Format())
}
