package lint

import (
	"slices"
	"strings"
)

// accountRules are about whose a resource is.
var accountRules = []Rule{
	{
		ID: "any-account", Severity: Suggestion,
		Title: "A resource may be in any account",
		Help: "The account of the ARN is \"*\" where resources of its type have one, so that a resource of that name in another account " +
			"will do, if that account's policy lets the role in. Write the account ID, or add a condition on aws:ResourceAccount, " +
			"aws:ResourceOrgID or aws:ResourceOrgPaths.",
		check: checkAnyAccount,
	},
}

// checkAnyAccount reports a statement once: who writes one such ARN writes all of them so.
func checkAnyAccount(c *checker) {
	open := map[*statement][]string{}
	eachFormatted(func(c *checker, a arn, formats []*format) {
		account, _ := a.field(accountField)
		if a.place.element == "Resource" && account == "*" && !strings.Contains(a.value, "${") && len(formats) > 0 &&
			allOf(formats, func(f *format) bool { return f.shape.text[accountField] == "*" }) {
			open[a.place.statement] = append(open[a.place.statement], a.value)
		}
	})(c)
	for _, s := range c.statements {
		if arns := open[s]; len(arns) > 0 && s.allows() && !slices.ContainsFunc(scopingKeys(s), accountKey) {
			c.report(s.element("Resource", s.Resources.Pos), "%s may be in any account", list(arns, 3))
		}
	}
}

// accountKey says whether a key in lower case tells whose a resource is.
func accountKey(key string) bool {
	return strings.HasPrefix(key, "aws:resourceaccount") || strings.HasPrefix(key, "aws:resourceorg")
}
