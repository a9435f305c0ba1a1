package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/policy/condition"
)

// passRoleRules are about the two IAM actions that give services roles.
var passRoleRules = []Rule{
	{
		ID: "pass-any-role", Severity: Security, AWS: []string{
			"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", "PASS_ROLE_WITH_NOT_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
			"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
		},
		Title: "Any role may be passed to any service",
		Help: "iam:PassRole is allowed, by name, by a wildcard or by NotAction, on all roles of an account, and no condition on " +
			"iam:PassedToService says to which services. Whoever may also create something that runs code under a role has " +
			"the rights of every role. Name the roles, and add the condition.",
		check: checkWideRole("iam:PassRole", passedToService),
	},
	{
		ID: "create-any-service-linked-role", Severity: Warning, AWS: []string{
			"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", "CREATE_SLR_WITH_NOT_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
			"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_RESOURCE", "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
		},
		Title: "Service-linked roles of any service may be created",
		Help: "iam:CreateServiceLinkedRole is allowed, by name, by a wildcard or by NotAction, for every service: no resource and no " +
			"condition on iam:AWSServiceName says for which. Name the role, as in " +
			"arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*, or add the condition.",
		check: checkWideRole("iam:CreateServiceLinkedRole", "iam:AWSServiceName"),
	},
}

// checkWideRole reports the statements that allow an action on all roles, or all service-linked ones,
// without a condition on the key.
func checkWideRole(action, key string) func(*checker) {
	return func(c *checker) {
		for _, g := range c.powers().grants(action, "") {
			if g.scoped || g.limits(key) || g.administer() {
				continue
			}
			if g.notTargets {
				c.reportActions(g.at, []string{action}, "%s is allowed on all roles but those of NotResource, %s", action, by(g))
				continue
			}
			for _, t := range g.on {
				if t.everything || wideFor(t, formatsOf(g.action), true) || allServiceRoles(action, t) {
					c.reportActions(g.statement.at("Resource", t.text), []string{action}, "%s is allowed on %s, %s", action, quote(t.text.Value), by(g))
				}
			}
		}
	}
}

// allServiceRoles reports whether the target is the service-linked roles of every service.
func allServiceRoles(action string, t target) bool {
	return action == "iam:CreateServiceLinkedRole" && t.known && wideFor(t, []*format{formatOf("arn:${Partition}:iam::${Account}:role/aws-service-role/${Service}")}, true)
}

// by says what allows the action.
func by(g grant) string {
	switch {
	case g.not:
		return "as NotAction does not name it"
	case wild(g.at.value):
		return "by " + quote(g.at.value)
	}
	return "by name"
}

// limits reports whether a positive condition limits the values of a key: one that holds for a value that
// nobody would name, as StringLike "*" does, limits nothing.
func (d *side) limits(key string) bool {
	unnamed := condition.Context{key: condition.One("service.invalid")}
	for _, m := range d.conditions {
		op := m.Operator()
		if strings.EqualFold(m.Key(), key) && !op.Negated && op.Test != condition.Null {
			if holds, err := m.Holds(unnamed); !holds || err != nil {
				return true
			}
		}
	}
	return false
}

// administer reports whether the statement allows all actions on everything, without condition. One
// finding says so, and others would repeat it.
func (d *side) administer() bool {
	everyAction := false
	for _, w := range d.wild {
		everyAction = everyAction || !d.not && kindOf(w.text.Value) == everyService
	}
	if !everyAction || d.notTargets || len(d.conditions) > 0 || d.broken {
		return false
	}
	for _, t := range d.targets {
		if t.everything {
			return true
		}
	}
	return false
}
