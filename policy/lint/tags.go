package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// tagRules are about conditions on tags for actions that know no tags, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html.
var tagRules = []Rule{
	{
		ID: "deny-by-unsupported-tag", Severity: Security,
		AWS:   []string{"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"},
		Title: "A Deny depends on a tag that its actions do not know",
		Help: "Requests for these actions carry no such tag key, so that the Deny never applies to them, or always does if the operator is " +
			"negated. Deny them in a statement without the condition, or by the names of the resources.",
		check: checkTags((*statement).denies),
	},
	{
		ID: "allow-by-unsupported-tag", Severity: Suggestion,
		AWS:   []string{"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"},
		Title: "An Allow depends on a tag that its actions do not know",
		Help: "Requests for these actions carry no such tag key, so that the statement never allows them, or allows them always if the " +
			"operator is negated. Move them to a statement without the condition, limited by the names of the resources.",
		check: checkTags((*statement).allows),
	},
}

// tagKeys are the global condition keys about tags, as the reference spells them.
var tagKeys = []string{"aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"}

func checkTags(has func(*statement) bool) func(*checker) {
	return func(c *checker) {
		for _, s := range c.statements {
			if !has(s) {
				continue
			}
			for _, k := range s.conditions() {
				if !k.valid || k.known == nil || !slices.Contains(tagKeys, k.known.Name) || k.optional() || k.absent() {
					continue
				}
				if s.NotActions.Present() {
					c.report(k.place(), "the statement is about all actions but a few, and %s is not in the requests of many", quote(k.Key.Value))
				} else if patterns, actions := c.tagless(s, k.known.Name); len(patterns) > 0 {
					result := "never"
					if k.operator.Negated {
						result = "always"
					}
					c.reportActions(k.place(), actions, "%s is not in the requests of %s: the condition %s holds for them", quote(k.Key.Value), list(patterns, 5), result)
				}
			}
		}
	}
}

// absent says whether the condition asks that the key be missing.
func (k comparison) absent() bool {
	return k.tests(condition.Null) && slices.ContainsFunc(k.Values, func(v policy.ValueSource) bool { return strings.EqualFold(v.Value, "true") })
}

// tagless returns the patterns of the statement of whose actions none supports the key, and those
// actions of theirs that are named in full.
func (c *checker) tagless(s *statement, key string) (patterns, actions []string) {
	for _, t := range s.Actions.Texts {
		expanded := c.expand(t.Value)
		if len(expanded) == 0 || slices.ContainsFunc(expanded, func(a *reference.Action) bool { return supports(a, key) }) {
			continue
		}
		patterns = append(patterns, t.Value)
		if !wild(t.Value) {
			actions = append(actions, expanded[0].ID())
		}
	}
	slices.Sort(actions)
	return patterns, slices.Compact(actions)
}
