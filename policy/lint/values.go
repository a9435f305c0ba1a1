package lint

import (
	"encoding/base64"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// valueRules are about the values that operators compare with.
var valueRules = []Rule{
	{
		ID: "mixed-value-types", Severity: Error, AWS: []string{"INVALID_CONDITION_DATA_TYPE"},
		Title: "The values of a condition have different JSON types",
		Help:  "The values of one key are all strings, all numbers or all booleans. Write strings.",
		check: func(c *checker) {
			c.eachComparison(func(k comparison) {
				for _, v := range k.Values {
					if v.Type != k.Values[0].Type {
						c.report(k.at(v), "%s is a %s, and the value before it a %s", quote(v.Value), v.Type, k.Values[0].Type)
						return
					}
				}
			})
		},
	},
	{
		ID: "several-booleans", Severity: Error, AWS: []string{"INVALID_CONDITION_MULTIPLE_BOOLEAN"},
		Title: "A Boolean condition has several values",
		Help:  "A condition that accepts both true and false says nothing but that the key is there. Write one value, or use Null.",
		check: func(c *checker) {
			c.eachComparison(func(k comparison) {
				if k.tests(condition.Bool, condition.Null) && len(k.Values) > 1 {
					c.report(k.place(), "%s is compared with %s, and takes one", quote(k.Key.Value), count(len(k.Values), "Boolean"))
				}
			})
		},
	},
	{
		ID: "invalid-boolean", Severity: Warning, AWS: []string{"TYPE_MISMATCH_BOOLEAN"},
		Title: "A value of Bool or Null is neither true nor false",
		Help:  "IAM takes every other text under Bool as false, and refuses it under Null. Write \"true\" or \"false\".",
		check: invalidValue("is neither true nor false", isBoolean, condition.Bool, condition.Null),
	},
	{
		ID: "invalid-number", Severity: Warning, AWS: []string{"TYPE_MISMATCH_NUMBER"},
		Title: "A value of a Numeric operator is no number",
		Help:  "What is no number is unequal to every number, so that the condition never holds, or always if it is negated. Write an integer or a decimal.",
		check: invalidValue("is no number", func(v string) bool { return equalsItself("NumericEquals", v) }, numericTests...),
	},
	{
		ID: "invalid-date", Severity: Warning, AWS: []string{"TYPE_MISMATCH_DATE"},
		Title: "A value of a Date operator is no date",
		Help:  "Dates are written as ISO 8601 has it, 2026-01-31 or 2026-01-31T12:00:00Z. What is no date is unequal to every date.",
		check: invalidValue("is no date", func(v string) bool { return equalsItself("DateEquals", v) }, dateTests...),
	},
	{
		ID: "epoch-date", Severity: Warning, AWS: []string{"INVALID_DATE_VALUE"},
		Title: "A date is written in seconds since 1970",
		Help:  "IAM understands such dates, but readers do not, and AWS warns that they may not resolve as expected. Write 2026-01-31T12:00:00Z.",
		check: invalidValue("is a date in seconds: write it as 2026-01-31T12:00:00Z", func(v string) bool { return !epoch(v) }, dateTests...),
	},
	{
		ID: "invalid-binary", Severity: Warning, AWS: []string{"TYPE_MISMATCH_STRING"},
		Title: "A value of BinaryEquals is not base64",
		Help:  "BinaryEquals compares bytes that are written in base64, and IAM refuses what is not.",
		check: invalidValue("is not base64", isBase64, condition.BinaryEquals),
	},
	{
		ID: "wildcard-without-like", Severity: Warning, AWS: []string{"WILDCARD_WITHOUT_LIKE_OPERATOR"},
		Title: "A wildcard stands under an operator that does not know wildcards",
		Help: "StringEquals takes \"*\" and \"?\" as the characters themselves, so that the condition hardly ever holds. Use StringLike if " +
			"they are meant as wildcards.",
		check: func(c *checker) {
			c.eachValue(func(k comparison) bool { return k.onStrings() && !k.globs() }, func(k comparison, v policy.ValueSource) {
				if wild(withoutVariables(v.Value)) {
					c.report(k.at(v), "%s takes %s literally: StringLike knows wildcards", k.name.Value, quote(v.Value))
				}
			})
		},
	},
}

var numericTests = []condition.Test{
	condition.NumericEquals, condition.NumericLessThan, condition.NumericLessThanEquals, condition.NumericGreaterThan, condition.NumericGreaterThanEquals,
}

var dateTests = []condition.Test{
	condition.DateEquals, condition.DateLessThan, condition.DateLessThanEquals, condition.DateGreaterThan, condition.DateGreaterThanEquals,
}

// invalidValue makes a check of the values under some operators.
func invalidValue(what string, valid func(string) bool, tests ...condition.Test) func(*checker) {
	return func(c *checker) {
		c.eachValue(func(k comparison) bool { return k.tests(tests...) }, func(k comparison, v policy.ValueSource) {
			if !valid(v.Value) && !strings.Contains(v.Value, "${") {
				c.report(k.at(v), "%s %s", quote(v.Value), what)
			}
		})
	}
}

func isBoolean(v string) bool { return strings.EqualFold(v, "true") || strings.EqualFold(v, "false") }

func isBase64(v string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(v)
	return err == nil
}

// equalsItself asks the evaluator: what it cannot read is unequal to everything.
func equalsItself(operator, v string) bool {
	m, err := condition.Compile(policy.Condition{Operator: operator, Key: "k", Values: []string{v}}, policy.Version2012)
	if err != nil {
		return false
	}
	equal, err := m.Holds(condition.Context{"k": condition.One(v)})
	return equal && err == nil
}

// epoch says whether a date is one in seconds: four digits are a year.
func epoch(v string) bool {
	return len(v) != 4 && v != "" && strings.Trim(v, "0123456789") == "" && equalsItself("DateEquals", v)
}
