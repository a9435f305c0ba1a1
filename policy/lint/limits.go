package lint

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// limitRules are about the policy's size.
var limitRules = []Rule{
	{
		ID: "policy-too-large", Severity: Warning, AWS: []string{"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
		Title: "The policy is larger than IAM accepts",
		Help: "A managed policy may have 6,144 characters, and all inline policies of a role together 10,240, white space not counted. Split the " +
			"policy, or write it shorter.",
		check: func(c *checker) {
			quota, kind := managedQuota, "a managed policy"
			if c.input.Inline {
				quota, kind = inlineQuota, "the inline policies of a role"
			}
			if size := c.size(); size > quota {
				c.report(c.document(), "the policy has %s, and %s may have %s", count(size, "character"), kind, thousands(quota))
			}
		},
	},
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

// The quotas of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, in characters.
const (
	managedQuota = 6144
	inlineQuota  = 10240
)

// size counts the characters of the text apart from the white space between its parts. AWS does not
// say whether spaces within strings count; here they do.
func (c *checker) size() int {
	var compact bytes.Buffer
	if err := json.Compact(&compact, c.input.Text); err != nil {
		return 0
	}
	return utf8.RuneCount(compact.Bytes())
}
