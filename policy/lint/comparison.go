package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A comparison is one condition key under one operator.
type comparison struct {
	policy.KeySource
	statement *statement
	// name is the operator as written; operator is what it means, zero unless valid.
	name     policy.Text
	operator condition.Operator
	valid    bool
	// known is what the reference says of the key, nil if it does not know it.
	known *reference.ConditionKey
}

// conditions returns the statement's condition keys, in the order of the text.
func (s *statement) conditions() []comparison {
	if s.comparisons != nil {
		return s.comparisons
	}
	for _, o := range s.Condition.Operators {
		operator, err := condition.ParseOperator(o.Operator.Value)
		for _, k := range o.Keys {
			s.comparisons = append(s.comparisons, comparison{
				KeySource: k, statement: s, name: o.Operator, operator: operator, valid: err == nil,
				known: conditionKey(k.Key.Value),
			})
		}
	}
	return s.comparisons
}

// eachComparison calls visit for each condition of the policy that has a valid operator.
func (c *checker) eachComparison(visit func(comparison)) {
	for _, s := range c.statements {
		for _, k := range s.conditions() {
			if k.valid {
				visit(k)
			}
		}
	}
}

// eachValue calls visit for each value of those conditions that choose accepts.
func (c *checker) eachValue(choose func(comparison) bool, visit func(comparison, policy.ValueSource)) {
	c.eachComparison(func(k comparison) {
		if choose(k) {
			for _, v := range k.Values {
				visit(k, v)
			}
		}
	})
}

func (k comparison) place() place { return k.statement.at("Condition", k.Key) }

func (k comparison) at(v policy.ValueSource) place { return k.statement.at("Condition", v.Text) }

// is compares the key's name without case.
func (k comparison) is(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, k.Key.Value) })
}

// tests says whether the operator, negated or not, is one of some.
func (k comparison) tests(tests ...condition.Test) bool {
	return slices.Contains(tests, k.operator.Test)
}

// onStrings and onARNs say what the operator compares.
func (k comparison) onStrings() bool {
	return k.tests(condition.StringEquals, condition.StringEqualsIgnoreCase, condition.StringLike)
}

func (k comparison) onARNs() bool { return k.tests(condition.ArnEquals, condition.ArnLike) }

// globs says whether "*" and "?" are wildcards in the values.
func (k comparison) globs() bool { return k.onARNs() || k.tests(condition.StringLike) }

// widens says whether more values let the statement allow more: those of an Allow that it accepts, and
// those that a Deny spares.
func (k comparison) widens() bool {
	return k.statement.allows() && !k.operator.Negated || k.statement.denies() && k.operator.Negated
}

// optional says whether the condition holds for a request without the key whatever the values are.
func (k comparison) optional() bool {
	return k.operator.IfExists || k.operator.Qualifier == condition.ForAllValues
}
