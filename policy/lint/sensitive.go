package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// sensitiveRules are about keys that say who or what is trusted, and about keys that say nothing, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive.
var sensitiveRules = []Rule{
	{
		ID: "wildcard-on-sensitive-key", Severity: Error, AWS: []string{"WILDCARD_USAGE_TOO_PERMISSIVE"},
		Title: "A wildcard widens a condition on an account, an organization or a VPC",
		Help: "These keys hold identifiers that AWS gives out, so that a pattern accepts those of strangers: whoever makes accounts until one " +
			"fits. Write the identifiers in full.",
		check: func(c *checker) {
			c.eachValue(sensitive, func(k comparison, v policy.ValueSource) {
				if wild(withoutVariables(v.Value)) && k.globs() {
					c.report(k.at(v), "%s accepts identifiers of others by %s", quote(k.Key.Value), quote(v.Value))
				}
			})
		},
	},
	{
		ID: "variable-on-sensitive-key", Severity: Error, AWS: []string{"VARIABLE_USAGE_TOO_PERMISSIVE"},
		Title: "A variable decides about a condition on an account, an organization or a VPC",
		Help: "The value of the variable, such as a tag of the principal, is set by others than the policy's author, and with it what the " +
			"condition accepts. Write the identifier in full. Variables that AWS sets, such as ${aws:PrincipalAccount}, are not meant.",
		check: func(c *checker) {
			c.eachValue(sensitive, func(k comparison, v policy.ValueSource) {
				if !c.variables() {
					return
				}
				for _, name := range variablesOf(v.Value) {
					if !slices.ContainsFunc(sensitiveKeys, func(s string) bool { return strings.EqualFold(s, name) }) {
						c.report(k.at(v), "the value of the variable %s decides what %s accepts", quote(name), quote(k.Key.Value))
						return
					}
				}
			})
		},
	},
	{
		ID: "always-true-condition", Severity: Suggestion, AWS: []string{"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION"},
		Title: "A condition always holds",
		Help:  "The value \"*\" accepts every value of the key, and the operator holds without the key too. Remove the condition, or write Null if the key has to be there.",
		check: starred(func(k comparison) bool { return !k.operator.Negated && k.optional() }, "always holds"),
	},
	{
		ID: "never-true-condition", Severity: Suggestion, AWS: []string{"REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION"},
		Title: "A condition never holds",
		Help:  "The negated operator accepts no value beside \"*\", and ForAnyValue does not hold without the key: the statement never applies. Remove it, or mend the condition.",
		check: starred(func(k comparison) bool {
			return k.operator.Negated && k.operator.Qualifier == condition.ForAnyValue && !k.operator.IfExists
		}, "never holds, so that the statement never applies"),
	},
	{
		ID: "null-false-in-disguise", Severity: Suggestion, AWS: []string{"EQUIVALENT_TO_NULL_FALSE"},
		Title: "A condition only asks whether the key is there",
		Help:  "The value \"*\" accepts every value of the key. \"Null\": {key: \"false\"} says so.",
		check: starred(func(k comparison) bool { return !k.operator.Negated && !k.optional() }, "only asks whether the key is there: Null with \"false\" says so"),
	},
	{
		ID: "null-true-in-disguise", Severity: Suggestion, AWS: []string{"EQUIVALENT_TO_NULL_TRUE"},
		Title: "A condition only asks whether the key is missing",
		Help:  "The negated operator accepts no value beside \"*\". \"Null\": {key: \"true\"} says so.",
		check: starred(func(k comparison) bool {
			return k.operator.Negated && (k.operator.Qualifier != condition.ForAnyValue || k.operator.IfExists)
		}, "only asks whether the key is missing: Null with \"true\" says so"),
	},
	{
		ID: "untrustworthy-key", Severity: Security, AWS: []string{"UNTRUSTWORTHY_CONDITION_KEY"},
		Title: "A condition rests on what the caller says of itself",
		Help: "aws:Referer and aws:UserAgent are headers that every caller sets as it likes. They keep nobody out: use keys that AWS sets, " +
			"such as aws:SourceVpce or aws:PrincipalArn.",
		check: eachKey(func(c *checker, k comparison) {
			if k.is("aws:Referer", "aws:UserAgent") {
				c.report(k.place(), "%s is what the caller says it is", quote(k.Key.Value))
			}
		}),
	},
}

// sensitiveKeys are those for which AWS knows no valid use of wildcards.
var sensitiveKeys = []string{
	"aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:SourceAccount",
	"aws:SourceOrgID", "aws:SourceVpc", "aws:SourceVpce", "aws:VpceAccount", "aws:VpceOrgID",
}

// sensitive says whether a comparison lets a statement allow more by a sensitive key. What is "*" alone
// is for the rules about conditions that say nothing.
func sensitive(k comparison) bool {
	return k.is(sensitiveKeys...) && k.onStrings() && k.widens() && !k.starred()
}

// starred says whether a value accepts everything.
func (k comparison) starred() bool {
	return k.globs() && slices.ContainsFunc(k.Values, func(v policy.ValueSource) bool {
		return v.Value != "" && strings.Trim(v.Value, "*") == ""
	})
}

// starred makes a check of the conditions with a value that accepts everything.
func starred(is func(comparison) bool, what string) func(*checker) {
	return func(c *checker) {
		c.eachComparison(func(k comparison) {
			if k.starred() && is(k) {
				c.report(k.place(), "%s %s \"*\" %s", k.name.Value, quote(k.Key.Value), what)
			}
		})
	}
}
