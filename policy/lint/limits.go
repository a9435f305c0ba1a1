package lint

import "strings"

// limitRules are about the policy's size.
var limitRules = []Rule{
	{
		ID: "too-large-to-check", Severity: Warning,
		Title: "The policy was not checked in full",
		Help: "Checking is bounded in time and memory. This policy has more findings, or action patterns that stand for more " +
			"actions, than a policy that IAM stores can have, so some findings are missing. Split the policy.",
		check: func(c *checker) {
			if len(c.limits) > 0 {
				c.report(c.document(), "not everything was checked: %s", strings.Join(c.limits, "; "))
			}
		},
	},
}
