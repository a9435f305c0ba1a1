package lint

import "github.com/whittle-iam/whittle/policy"

// exceptRules are about Allow statements that say what they do not allow.
var exceptRules = []Rule{
	{
		ID: "allow-not-action", Severity: Security,
		Title: "NotAction with Allow allows everything else",
		Help: "An Allow statement with NotAction allows every action that it does not name, of every service, today's and " +
			"tomorrow's. Name the actions that are needed in Action; to keep some out, deny them.",
		check: func(c *checker) {
			for _, s := range c.statements {
				if s.allows() && s.NotActions.Present() {
					actions := s.actions()
					c.report(s.element("NotAction", s.NotActions.Pos), "it allows %s in %s", tally(actions), count(len(servicesOf(actions)), "service"))
				}
			}
		},
	},
	{
		ID: "allow-not-resource", Severity: Security,
		Title: "NotResource with Allow allows everything else",
		Help: "An Allow statement with NotResource allows its actions on every resource that it does not name, of other " +
			"services and accounts too. Name the resources in Resource; to keep some out, deny them.",
		check: func(c *checker) {
			for _, s := range c.statements {
				if s.allows() && s.NotResources.Present() {
					c.report(s.element("NotResource", s.NotResources.Pos), "it allows %s on all resources but %s",
						tally(s.actions()), some(s.NotResources.Texts, 3))
				}
			}
		},
	},
}

// some lists the first texts for a message.
func some(texts []policy.Text, n int) string {
	values := make([]string, len(texts))
	for i, text := range texts {
		values[i] = text.Value
	}
	return list(values, n)
}
