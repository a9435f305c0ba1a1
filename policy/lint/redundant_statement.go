package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// An extent is what a statement applies to, in the form that extents are compared.
type extent struct {
	*statement
	actions, targets       []claim
	notActions, notTargets bool
	conditions             map[string]bool
}

// extents are the statements that can be compared: all, if the policy is one that IAM takes.
func (c *checker) extents() []*extent {
	if len(c.src.Problems) > 0 {
		return nil
	}
	document := c.src.Document.Canonical()
	var out []*extent
	for _, s := range c.statements {
		e := &extent{
			statement: s, notActions: s.NotActions.Present(), notTargets: s.NotResources.Present(),
			actions:    actionClaims(append(slices.Clone(s.Actions.Texts), s.NotActions.Texts...)),
			targets:    targetClaims(append(c.targets(s.Resources), c.targets(s.NotResources)...)),
			conditions: map[string]bool{},
		}
		for _, cond := range document.Statements[s.index].Conditions {
			e.conditions[strings.Join(append([]string{cond.Operator, strings.ToLower(cond.Key)}, cond.Values...), "\x00")] = true
		}
		if len(e.actions) > 0 && len(e.targets) > 0 { // empty lists are another rule's matter
			out = append(out, e)
		}
	}
	return out
}

// covers reports whether e applies to every request that other applies to. True is a proof.
func (e *extent) covers(other *extent, budget *pairs) bool {
	if len(e.conditions) > len(other.conditions) {
		return false
	}
	for cond := range e.conditions {
		if !other.conditions[cond] {
			return false
		}
	}
	return e.coversActions(other, budget) && e.coversTargets(other, budget)
}

func (e *extent) coversActions(other *extent, budget *pairs) bool {
	return coversList(e.actions, e.notActions, other.actions, other.notActions, budget, func(a, b claim) bool { return !a.action.Intersects(b.action) })
}

func (e *extent) coversTargets(other *extent, budget *pairs) bool {
	return coversList(e.targets, e.notTargets, other.targets, other.notTargets, budget, func(a, b claim) bool {
		return a.target.known && b.target.known && !a.target.pattern.Intersects(b.target.pattern)
	})
}

// coversList reports whether what a means, all but its claims with notA, has in it what b means.
func coversList(a []claim, notA bool, b []claim, notB bool, budget *pairs, apart func(a, b claim) bool) bool {
	if !budget.take(len(a)) {
		return false
	}
	everything := slices.ContainsFunc(a, func(c claim) bool { return strings.Trim(c.text.Value, "*") == "" })
	switch {
	case !notA && everything:
		return true
	case notA == notB && notA:
		a, b = b, a // what a leaves out must be left out by b
	case !notA && notB:
		return false
	}
	return !slices.ContainsFunc(b, func(c claim) bool {
		if !budget.take(len(a)) {
			return true
		}
		if notA && !notB {
			return slices.ContainsFunc(a, func(not claim) bool { return !apart(not, c) })
		}
		return !slices.ContainsFunc(a, func(wide claim) bool { return wide.key == c.key || wide.covers(c) })
	})
}

func checkRedundantStatements(c *checker) {
	budget := c.pairs()
	all := c.extents()
	for i, e := range all {
		for j, other := range all {
			if i == j || e.effect != other.effect {
				continue
			}
			if !budget.take(1) {
				return
			}
			if other.covers(e, budget) && (j < i || !e.covers(other, budget)) {
				c.report(e.whole(), "%s %s all that this statement does, under no other conditions", other, thirdPerson[e.effect])
				break
			}
		}
	}
}

func checkDeniedAllows(c *checker) {
	budget := c.pairs()
	var allows, denials []*extent
	for _, e := range c.extents() {
		if e.denies() {
			denials = append(denials, e)
		} else {
			allows = append(allows, e)
		}
	}
	for _, allow := range allows {
		if deny := deniedBy(allow, denials, budget); deny != nil {
			c.report(allow.whole(), "%s denies all that it allows", deny)
			continue
		}
		if allow.notActions {
			continue
		}
		for i := range allow.actions {
			one := *allow
			one.actions = allow.actions[i : i+1]
			if deny := deniedBy(&one, denials, budget); deny != nil {
				c.report(allow.at("Action", allow.actions[i].text), "%s denies %s on all resources of this statement", deny, quote(allow.actions[i].text.Value))
			}
		}
	}
}

var thirdPerson = map[policy.Effect]string{policy.Allow: "allows", policy.Deny: "denies"}

// deniedBy returns the first Deny statement that covers an Allow.
func deniedBy(allow *extent, denials []*extent, budget *pairs) *extent {
	for _, deny := range denials {
		if budget.take(1) && deny.covers(allow, budget) {
			return deny
		}
	}
	return nil
}
