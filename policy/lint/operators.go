package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/condition"
)

// operatorRules are about condition operators and whether they suit the key, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
var operatorRules = []Rule{
	{
		ID: "unknown-operator", Severity: Error, AWS: []string{"INVALID_CONDITION_OPERATOR"},
		Title: "A condition operator does not exist",
		Help:  "IAM refuses a policy with an operator that it does not know. Mend the spelling: operators are written like StringEquals, with capitals.",
		check: eachOperator(func(c *checker, at place, name string) {
			if !nullIfExists(name) {
				c.report(at, "there is no condition operator %s", quote(name))
			}
		}),
	},
	{
		ID: "null-if-exists", Severity: Error, AWS: []string{"NULL_WITH_IF_EXISTS"},
		Title: "Null is written with IfExists",
		Help:  "Null asks whether the request has the key, so that IfExists has no meaning with it, and IAM refuses it. Write Null.",
		check: eachOperator(func(c *checker, at place, name string) {
			if nullIfExists(name) {
				c.report(at, "%s: Null takes no IfExists", quote(name))
			}
		}),
	},
	{
		ID: "null-with-qualifier", Severity: Suggestion, AWS: []string{"NULL_WITH_QUALIFIER"},
		Title: "Null is written with ForAllValues or ForAnyValue",
		Help:  "With a set qualifier Null has a constant result: true with ForAllValues, false with ForAnyValue. Write Null alone, which works for keys with many values too.",
		check: eachKey(func(c *checker, k comparison) {
			if k.valid && k.tests(condition.Null) && k.operator.Qualifier != condition.Single {
				c.report(k.place(), "%s is always %t", quote(k.name.Value), k.operator.Qualifier == condition.ForAllValues)
			}
		}),
	},
	{
		ID: "missing-qualifier", Severity: Error, AWS: []string{"MISSING_QUALIFIER"},
		Title: "A key with many values has no ForAllValues or ForAnyValue",
		Help: "A request can have several values for this key. An operator without a set qualifier never holds for it, not even for one value: " +
			"say with ForAnyValue or ForAllValues what is meant.",
		check: eachKey(func(c *checker, k comparison) {
			if k.valid && k.known != nil && k.known.MultiValued && k.operator.Qualifier == condition.Single && !k.tests(condition.Null) && !k.is(singleValued...) {
				c.report(k.place(), "%s has many values: %s needs ForAnyValue or ForAllValues", quote(k.Key.Value), k.name.Value)
			}
		}),
	},
	{
		ID: "forallvalues-single-value", Severity: Security, AWS: []string{"FORALLVALUES_WITH_SINGLE_VALUED_KEY"},
		Title: "An Allow tests a key of one value with ForAllValues",
		Help: "ForAllValues holds when the request does not have the key at all, so that the statement allows requests that the condition " +
			"ought to stop. The key has one value: leave ForAllValues away.",
		check: eachKey(func(c *checker, k comparison) {
			if k.valid && k.known != nil && !k.known.MultiValued && k.operator.Qualifier == condition.ForAllValues &&
				!k.tests(condition.Null) && k.statement.allows() && !k.required() && !ofProvider(k.known.Name) {
				c.report(k.place(), "%s has one value: ForAllValues holds for every request without it", quote(k.Key.Value))
			}
		}),
	},
	{
		ID: "operator-mismatch", Severity: Warning, AWS: []string{"TYPE_MISMATCH"},
		Title: "An operator does not suit the type of the key",
		Help: "The reference gives every condition key a type, and AWS does not promise that the operators of another type hold for it. Use " +
			"the operator of the key's type.",
		check: eachKey(func(c *checker, k comparison) {
			if k.valid && k.known != nil && !suits(k) {
				c.report(k.place(), "%s is of type %s, and %s is for another", quote(k.Key.Value), k.known.Type, k.name.Value)
			}
		}),
	},
	{
		ID: "stringlike-on-arn", Severity: Security, AWS: []string{"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"},
		Title: "An ARN is compared with StringLike",
		Help: "StringLike takes an ARN as plain text, so that a \"*\" runs over colons and matches more than the field it stands in. Use " +
			"ArnLike, which compares field by field.",
		check: eachKey(func(c *checker, k comparison) {
			if k.valid && k.known != nil && k.known.Type == reference.ARNType && k.tests(condition.StringLike) && k.hasWildcard() {
				c.report(k.place(), "%s is an ARN: use ArnLike in place of %s", quote(k.Key.Value), k.name.Value)
			}
		}),
	},
}

// singleValued are keys that the reference gives many values, and AWS's own policies and examples
// compare without a set qualifier
// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html).
var singleValued = []string{"events:detail-type"}

// eachOperator makes a check of the operators of a policy that are not valid.
func eachOperator(check func(c *checker, at place, name string)) func(*checker) {
	return func(c *checker) {
		for _, s := range c.statements {
			for _, o := range s.Condition.Operators {
				if _, err := condition.ParseOperator(o.Operator.Value); err != nil {
					check(c, s.at("Condition", o.Operator), o.Operator.Value)
				}
			}
		}
	}
}

func nullIfExists(operator string) bool {
	bare, ok := strings.CutSuffix(operator, "IfExists")
	op, err := condition.ParseOperator(bare)
	return ok && err == nil && op.Test == condition.Null
}

// required says whether another condition of the statement asks that the key be there.
func (k comparison) required() bool {
	for _, other := range k.statement.conditions() {
		if other.valid && other.is(k.Key.Value) && other.tests(condition.Null) && len(other.Values) == 1 && strings.EqualFold(other.Values[0].Value, "false") {
			return true
		}
	}
	return false
}

// hasWildcard says whether one of the values does.
func (k comparison) hasWildcard() bool {
	for _, v := range k.Values {
		if wild(withoutVariables(v.Value)) {
			return true
		}
	}
	return false
}

// suits says whether the operator is one for the key's type. ARNs may be compared as text, which the
// rule stringlike-on-arn looks at; dates may be given in seconds.
func suits(k comparison) bool {
	date, number := k.tests(dateTests...), k.tests(numericTests...)
	if k.tests(condition.Null) {
		return true
	}
	switch k.known.Type {
	case reference.StringType:
		// Tags and the parts of an encryption context are named by whoever makes them, and may hold ARNs.
		anything := k.onARNs() && strings.Contains(k.known.Name, "${")
		return k.onStrings() || k.tests(condition.BinaryEquals) || anything
	case reference.ARNType:
		return k.onARNs() || k.onStrings()
	case reference.BoolType:
		return k.tests(condition.Bool)
	case reference.NumericType:
		return number
	case reference.DateType:
		return date || number && k.is("aws:EpochTime")
	case reference.IPAddressType:
		return k.tests(condition.IPAddress)
	}
	return true
}
