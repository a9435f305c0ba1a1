package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// variableRules are about policy variables, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
var variableRules = []Rule{
	{
		ID: "empty-variable", Severity: Error, AWS: []string{"EMPTY_VARIABLE"},
		Title: "A policy variable is empty",
		Help:  "\"${}\" names no condition key, and IAM refuses it. Name the key, or remove the variable.",
		check: malformed("is empty", func(v variable) bool { return v.closed && strings.TrimSpace(v.name) == "" }),
	},
	{
		ID: "unclosed-variable", Severity: Error, AWS: []string{"MISSING_BRACE_IN_VARIABLE"},
		Title: "A policy variable has no closing brace",
		Help:  "What begins with \"${\" ends with \"}\". A \"${\" that is meant as text is written \"${$}{\".",
		check: malformed("is not closed by \"}\"", func(v variable) bool { return !v.closed }),
	},
	{
		ID: "space-in-variable", Severity: Error, AWS: []string{"UNSUPPORTED_SPACE_IN_VARIABLE"},
		Title: "The name of a policy variable has a space in it",
		Help:  "The name of a condition key has no spaces; only before the default, after the comma, there may be some.",
		check: malformed("has a space in its name", func(v variable) bool {
			return v.closed && strings.TrimSpace(v.name) != "" && strings.ContainsAny(v.name, " \t\r\n")
		}),
	},
	{
		ID: "unquoted-variable-default", Severity: Error, AWS: []string{"MISSING_QUOTE_IN_VARIABLE"},
		Title: "The default of a policy variable is not quoted",
		Help:  "A default stands after a comma, in single quotes: ${aws:PrincipalTag/team, 'none'}.",
		check: malformed("has a default without quotes", func(v variable) bool { return v.closed && v.hasDefault && !v.quoted }),
	},
	{
		ID: "variable-in-old-version", Severity: Error, AWS: []string{"VARIABLE_UNSUPPORTED_IN_VERSION"},
		Title: "The policy has variables, and a Version that does not know them",
		Help: "Without \"Version\": \"2012-10-17\" variables are literal text: the resource that the statement names is one with \"${\" in " +
			"its name. Add the Version.",
		check: func(c *checker) {
			if c.variables() || c.src.Version.Value != "" && c.src.Version.Value != policy.Version2008 {
				return
			}
			c.eachText(func(at place, r role) {
				if r == replaced && len(variablesOf(at.value)) > 0 {
					c.report(at, "%s has a variable, which is literal text without Version %q", quote(at.value), policy.Version2012)
				}
			})
		},
	},
	{
		ID: "variable-out-of-place", Severity: Error, AWS: []string{"VARIABLE_UNSUPPORTED_IN_ELEMENT"},
		Title: "A policy variable stands where variables are not replaced",
		Help: "Variables are replaced in the last field of a Resource's ARN and in the values of conditions. Elsewhere, as in an action or in " +
			"the account of an ARN, they are text that matches nothing.",
		check: checkOutOfPlace,
	},
	{
		ID: "variable-under-operator", Severity: Error, AWS: []string{"INVALID_VARIABLE_FOR_OPERATOR"},
		Title: "A policy variable stands under an operator that does not replace variables",
		Help:  "Variables are replaced by the String and Arn operators alone, not by Numeric, Date, Bool, Binary, IpAddress and Null.",
		check: func(c *checker) {
			plain := func(k comparison) bool { return c.variables() && !k.onStrings() && !k.onARNs() }
			c.eachValue(plain, func(k comparison, v policy.ValueSource) {
				if strings.Contains(v.Value, "${") {
					c.report(k.at(v), "%s does not replace variables such as %s", k.name.Value, quote(v.Value))
				}
			})
		},
	},
	{
		ID: "unknown-variable", Severity: Warning,
		Title: "A policy variable names a condition key that does not exist",
		Help: "No request carries the key, so that the variable never has a value: the resource matches nothing, and a condition never " +
			"holds. Mend the spelling; what a template ought to fill in has to be filled in before.",
		check: func(c *checker) {
			c.eachVariable(func(at place, v variable) {
				if v.wellFormed() && wellFormedKey(v.name) && conditionKey(v.name) == nil {
					c.report(at, "there is no condition key %s for the variable in %s", quote(v.name), quote(at.value))
				}
			})
		},
	},
	{
		ID: "multivalued-variable", Severity: Warning,
		Title: "A policy variable names a key with many values",
		Help: "A variable takes the value of a key that has one. A key with many gives none, so that the resource matches nothing and a " +
			"condition never holds.",
		check: func(c *checker) {
			c.eachVariable(func(at place, v variable) {
				if k := conditionKey(v.name); v.wellFormed() && k != nil && k.MultiValued {
					c.report(at, "%s has many values, so that the variable in %s has none", quote(v.name), quote(at.value))
				}
			})
		},
	},
}

func malformed(what string, is func(variable) bool) func(*checker) {
	return func(c *checker) {
		c.eachVariable(func(at place, v variable) {
			if is(v) {
				c.report(at, "a variable of %s %s", quote(at.value), what)
			}
		})
	}
}

// checkOutOfPlace leaves values to the rule about operators.
func checkOutOfPlace(c *checker) {
	if !c.variables() {
		return
	}
	c.eachText(func(at place, r role) {
		before, _, found := strings.Cut(at.value, "${")
		switch {
		case !found || r == otherValue:
		case r == fixedText:
			c.report(at, "%s: variables are not replaced in %s", quote(at.value), at.element)
		case r == keyText:
			c.report(at, "%s: variables are not replaced in condition keys", quote(at.value))
		case at.element != "Condition" && strings.HasPrefix(before, "arn:") && strings.Count(before, ":") < arnFields-1 && len(parseVariables(at.value)) > 0:
			c.report(at, "%s has a variable before the last field of the ARN", quote(at.value))
		}
	})
}
