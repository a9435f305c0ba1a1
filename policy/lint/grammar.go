package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// grammarRules are what the parser refuses, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
var grammarRules = []Rule{
	{
		ID: "invalid-json", Severity: Error, AWS: []string{"JSON_SYNTAX_ERROR"},
		Title: "The text is not JSON",
		Help: "The policy cannot be read: the text is not JSON, has a name twice in one object, or is longer than 1 MiB. " +
			"Mend the text at the position given.",
		check: problems(policy.NotJSON, policy.RepeatedName),
	},
	{
		ID: "wrong-type", Severity: Error, AWS: []string{"DATA_TYPE_MISMATCH"},
		Title: "An element has a value of the wrong type",
		Help: "Version, Sid and Effect are strings; actions and resources are a string or a list of strings; Condition holds objects, " +
			"and condition values are strings, numbers or booleans. IAM refuses null and everything else.",
		check: problems(policy.WrongType),
	},
	{
		ID: "unknown-element", Severity: Error, AWS: []string{"INVALID_POLICY_ELEMENT"},
		Title: "The policy has an element that policies do not have",
		Help: "IAM refuses a policy with an element that it does not know, and the names of elements are compared with case. " +
			"Mend the spelling, or remove the element.",
		check: problems(policy.UnknownElement),
	},
	{
		ID: "element-of-other-policies", Severity: Error, AWS: []string{"UNSUPPORTED_PRINCIPAL"},
		Title: "An identity policy has Principal, NotPrincipal or Id",
		Help: "An identity policy belongs to whoever it is attached to, so it names no principal. Principal, NotPrincipal and Id are " +
			"elements of resource policies and of the trust policies of roles: remove them, or check whether this is the right file.",
		check: problems(policy.ForeignElement),
	},
	{
		ID: "repeated-condition-key", Severity: Error, AWS: []string{"DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
		Title: "A condition key stands twice under one operator, in different case",
		Help:  "Names of condition keys are compared without case, so that these are one key. Join their values in one list.",
		check: problems(policy.RepeatedKey),
	},
	{
		ID: "missing-statement", Severity: Error, AWS: []string{"MISSING_STATEMENT"},
		Title: "The policy has no Statement",
		Help:  "Statement is the one element that a policy must have. Without it, IAM refuses the policy.",
		check: problems(policy.MissingStatement),
	},
	{
		ID: "missing-effect", Severity: Error, AWS: []string{"MISSING_EFFECT"},
		Title: "A statement has no Effect",
		Help:  "Every statement says whether it allows or denies. Add \"Effect\": \"Allow\" or \"Effect\": \"Deny\".",
		check: problems(policy.MissingEffect),
	},
	{
		ID: "missing-action", Severity: Error, AWS: []string{"MISSING_ACTION"},
		Title: "A statement has neither Action nor NotAction",
		Help:  "Every statement names actions. Add an Action with what the statement allows or denies.",
		check: problems(policy.MissingAction),
	},
	{
		ID: "missing-resource", Severity: Error, AWS: []string{"MISSING_RESOURCE"},
		Title: "A statement has neither Resource nor NotResource",
		Help:  "Every statement of an identity policy names resources. Add a Resource: ARNs, or \"*\" for actions that take none.",
		check: problems(policy.MissingResource),
	},
	{
		ID: "clashing-elements", Severity: Error, AWS: []string{"UNSUPPORTED_ELEMENT_COMBINATION"},
		Title: "A statement has an element and its negation",
		Help:  "Action and NotAction exclude each other, and so do Resource and NotResource. Split the statement, or remove one of the two.",
		check: problems(policy.ClashingElements),
	},
	{
		ID: "invalid-effect", Severity: Error, AWS: []string{"INVALID_EFFECT"},
		Title: "Effect is neither Allow nor Deny",
		Help:  "Effect is compared with case: only \"Allow\" and \"Deny\" are valid.",
		check: problems(policy.InvalidEffect),
	},
	{
		ID: "invalid-version", Severity: Error, AWS: []string{"INVALID_VERSION"},
		Title: "Version is none of the policy language",
		Help: "Version is that of the policy language, not the policy's own: \"2012-10-17\", or the older \"2008-10-17\". " +
			"Use \"2012-10-17\".",
		check: problems(policy.InvalidVersion),
	},
	{
		ID: "invalid-sid", Severity: Error, AWS: []string{"UNSUPPORTED_SID"},
		Title: "A Sid has characters that IAM refuses",
		Help:  "In identity policies a Sid may hold the letters A-Z and a-z and digits, and nothing else.",
		check: problems(policy.InvalidSid),
	},
	{
		ID: "repeated-sid", Severity: Error, AWS: []string{"UNIQUE_SIDS_REQUIRED"},
		Title: "Two statements have one Sid",
		Help:  "A Sid identifies a statement within its policy, and IAM refuses an identity policy in which two are equal. Rename one.",
		check: problems(policy.RepeatedSid),
	},
}

// problems reports the parser's problems of some kinds.
func problems(kinds ...policy.ProblemKind) func(*checker) {
	return func(c *checker) {
		for _, p := range c.src.Problems {
			if !slices.Contains(kinds, p.Kind) {
				continue
			}
			at := place{element: p.Element, pos: p.Pos}
			if p.Statement >= 0 {
				at.statement = c.all[p.Statement]
			}
			c.report(at, "%s", clean(p.Msg))
		}
	}
}

// clean shortens a message of the parser, which quotes what the text holds.
func clean(message string) string {
	if len(message) <= 3*maxQuoted {
		return message
	}
	return strings.ToValidUTF8(message[:3*maxQuoted], "") + "…"
}
