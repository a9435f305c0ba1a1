package lint

import (
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// elementRules are about Version and about elements that are there and empty.
var elementRules = []Rule{
	{
		ID: "missing-version", Severity: Warning, AWS: []string{"MISSING_VERSION"},
		Title: "The policy has no Version",
		Help: "Without a Version, policy variables such as ${aws:username} are literal text, so that a policy which uses them does " +
			"something else than its author meant. Add \"Version\": \"2012-10-17\".",
		check: func(c *checker) {
			if c.readable() && c.src.Version.Pos == (policy.Position{}) {
				c.report(c.document(), "the policy has no Version: variables are literal text in it")
			}
		},
	},
	{
		ID: "old-version", Severity: Suggestion,
		Title: "The policy is written in the language of 2008",
		Help: "Under \"2008-10-17\" policy variables such as ${aws:username} are literal text. Use \"2012-10-17\", after a look at " +
			"whether the policy has \"${\" in it.",
		check: func(c *checker) {
			if v := c.src.Version; v.Value == policy.Version2008 {
				c.report(place{element: "Version", value: v.Value, pos: v.Pos}, "Version %q is the old policy language", v.Value)
			}
		},
	},
	{
		ID: "empty-sid", Severity: Suggestion, AWS: []string{"EMPTY_SID_VALUE"},
		Title: "A Sid is empty",
		Help:  "A Sid is optional, and an empty one says nothing. Give the statement a name, or remove the element.",
		check: func(c *checker) {
			for _, s := range c.statements {
				if s.Sid.Value == "" && s.Sid.Pos != (policy.Position{}) {
					c.report(s.element("Sid", s.Sid.Pos), "Sid is empty")
				}
			}
		},
	},
	{
		ID: "empty-action", Severity: Suggestion, AWS: []string{"EMPTY_ARRAY_ACTION"},
		Title: "A statement names no actions",
		Help: "An empty list of actions matches none, so that the statement does nothing; an empty NotAction is about every action " +
			"there is. Name the actions, or remove the statement.",
		check: func(c *checker) {
			for _, s := range c.statements {
				c.empty(s, "Action", s.Actions)
				c.empty(s, "NotAction", s.NotActions)
			}
		},
	},
	{
		ID: "empty-resource", Severity: Suggestion, AWS: []string{"EMPTY_ARRAY_RESOURCE"},
		Title: "A statement names no resources",
		Help: "An empty list of resources matches none, so that the statement does nothing; an empty NotResource is about every " +
			"resource there is. Name the resources, or remove the statement.",
		check: func(c *checker) {
			for _, s := range c.statements {
				c.empty(s, "Resource", s.Resources)
				c.empty(s, "NotResource", s.NotResources)
			}
		},
	},
	{
		ID: "empty-condition", Severity: Suggestion, AWS: []string{
			"EMPTY_ARRAY_CONDITION", "EMPTY_ARRAY_CONDITION_FORALLVALUES", "EMPTY_ARRAY_CONDITION_FORANYVALUE",
			"EMPTY_ARRAY_CONDITION_IFEXISTS", "EMPTY_OBJECT_CONDITION",
		},
		Title: "A Condition, an operator or a key has nothing in it",
		Help: "A Condition or an operator without keys holds always, and is best removed. A key without values holds for no request that " +
			"has the key: with ForAllValues or IfExists it asks whether the key is absent, which Null says better, otherwise the " +
			"statement never applies.",
		check: checkEmptyCondition,
	},
}

// readable says whether the text is JSON at all.
func (c *checker) readable() bool {
	return len(c.src.Problems) == 0 || c.src.Problems[0].Kind != policy.NotJSON
}

func (c *checker) empty(s *statement, name string, list policy.ListSource) {
	if list.Present() && len(list.Texts) == 0 && !c.mistyped(s, name) {
		c.report(s.element(name, list.Pos), "%s is an empty list", name)
	}
}

// mistyped says whether an element has a value of the wrong type, so that it only seems empty.
func (c *checker) mistyped(s *statement, element string) bool {
	for _, p := range s.problems {
		if p.Kind == policy.WrongType && p.Element == element {
			return true
		}
	}
	return false
}

func checkEmptyCondition(c *checker) {
	for _, s := range c.statements {
		if c.mistyped(s, "Condition") {
			continue
		}
		if s.Condition.Pos != (policy.Position{}) && len(s.Condition.Operators) == 0 {
			c.report(s.element("Condition", s.Condition.Pos), "Condition is empty: it always holds")
		}
		for _, o := range s.Condition.Operators {
			if len(o.Keys) == 0 {
				c.report(s.at("Condition", o.Operator), "%s has no keys: it always holds", quote(o.Operator.Value))
			}
		}
		for _, k := range s.conditions() {
			if len(k.Values) > 0 {
				continue
			}
			why := "no request with the key satisfies it"
			if k.operator.IfExists || k.operator.Qualifier == condition.ForAllValues {
				why = "it holds only for a request without the key, which Null says better"
			}
			c.report(k.place(), "%s has no values: %s", quote(k.Key.Value), why)
		}
	}
}
