// Package condition evaluates the Condition element of IAM policies: operators, set qualifiers,
// condition keys and policy variables.
//
// It follows
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// and, where that page is silent or wrong, answers that AWS itself gave: each operator's file says
// which. A condition has three results. It holds, it does not, or it cannot be decided, because an
// operand is not of the operator's type; callers must then let no Allow apply and every Deny, as
// AWS does.
package condition

import (
	"errors"
	"fmt"

	"github.com/whittle-iam/whittle/policy"
)

// ErrOperand says that a value in a policy cannot be read as the type that its operator compares.
var ErrOperand = errors.New("malformed condition value")

// A Matcher is one compiled condition: an operator, a key and the values to compare with. It is
// immutable, safe for concurrent use, and comes from Compile alone.
type Matcher struct {
	operator Operator
	key      string
	test     test     // nil for Null
	null     nullTest // for Null
}

// A test compares one request value with all of a condition's values.
type test interface {
	// match ignores negation. An error means that the policy's side cannot be read.
	match(value string, ctx Context) (verdict, error)
}

// A verdict is what a test says of one request value.
type verdict uint8

const (
	// differs: no policy value matches. A negated operator holds.
	differs verdict = iota
	// matches: some policy value matches.
	matches
	// malformed: the request value is not of the operator's type. Neither the operator nor its
	// negation holds.
	malformed
)

// verdictOf turns a plain comparison into a verdict.
func verdictOf(match bool) verdict {
	if match {
		return matches
	}
	return differs
}

// Compile prepares a condition for evaluation. Policy variables are recognised only under
// policy.Version2012, and only by the String and Arn operators.
//
// A condition without values never holds for a key that is there. AWS documents that for operators
// that are not negated, and contradicts itself for the others, which are therefore refused.
//
// The error wraps ErrOperator, ErrVariable or ErrOperand; AWS refuses such a policy.
func Compile(c policy.Condition, version string) (Matcher, error) {
	op, err := ParseOperator(c.Operator)
	if err != nil {
		return Matcher{}, err
	}
	if op.Negated && len(c.Values) == 0 {
		return Matcher{}, fmt.Errorf("%s %q: %w: there is none", c.Operator, c.Key, ErrOperand)
	}
	m := Matcher{operator: op, key: c.Key}
	if op.Test == Null {
		m.null, err = newNullTest(c.Values)
	} else {
		m.test, err = newTest(op.Test, c.Values, version == policy.Version2012)
	}
	if err != nil {
		return Matcher{}, fmt.Errorf("%s %q: %w", c.Operator, c.Key, err)
	}
	return m, nil
}

func newTest(t Test, values []string, variables bool) (test, error) {
	switch t {
	case StringEquals, StringEqualsIgnoreCase, StringLike:
		return newStringTest(t, values, variables)
	case ArnEquals, ArnLike:
		return newARNTest(values, variables)
	case NumericEquals, NumericLessThan, NumericLessThanEquals, NumericGreaterThan, NumericGreaterThanEquals:
		return newNumericTest(t, values), nil
	case DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan, DateGreaterThanEquals:
		return newDateTest(t, values), nil
	case IPAddress:
		return newIPTest(values), nil
	case BinaryEquals:
		return newBinaryTest(values)
	default:
		return newBoolTest(values), nil
	}
}

// Operator returns the condition's operator.
func (m Matcher) Operator() Operator { return m.operator }

// Key returns the condition key as the policy writes it.
func (m Matcher) Key() string { return m.key }

// Holds reports whether the condition holds for a request. An error wraps ErrOperand and means that
// AWS cannot decide: the statement must then apply if it is a Deny and not if it is an Allow.
func (m Matcher) Holds(ctx Context) (bool, error) {
	value, present := ctx.Lookup(m.key)
	if m.operator.Test == Null {
		return m.null.holds(m.operator.Qualifier, present && len(value.Values) > 0), nil
	}
	if !present {
		return m.holdsWithoutKey(), nil
	}
	switch m.operator.Qualifier {
	case ForAllValues:
		return m.holdsForAll(value.Values, ctx)
	case ForAnyValue:
		return m.holdsForAny(value.Values, ctx)
	}
	if value.multivalued() {
		return false, nil
	}
	if len(value.Values) == 0 {
		return m.holdsWithoutKey(), nil
	}
	return m.holdsFor(value.Values[0], ctx)
}

// holdsWithoutKey is the result when the request does not carry the key.
func (m Matcher) holdsWithoutKey() bool {
	switch {
	case m.operator.IfExists, m.operator.Qualifier == ForAllValues:
		return true
	case m.operator.Qualifier == ForAnyValue:
		return false
	}
	return m.operator.Negated
}

func (m Matcher) holdsFor(value string, ctx Context) (bool, error) {
	v, err := m.test.match(value, ctx)
	if err != nil {
		return false, err
	}
	if m.operator.Negated {
		return v == differs, nil
	}
	return v == matches, nil
}

// holdsForAll is false as soon as one value fails, whatever cannot be decided about the others.
func (m Matcher) holdsForAll(values []string, ctx Context) (bool, error) {
	var undecided error
	for _, value := range values {
		ok, err := m.holdsFor(value, ctx)
		if err != nil {
			undecided = err
		} else if !ok {
			return false, nil
		}
	}
	return undecided == nil, undecided
}

// holdsForAny is true as soon as one value does.
func (m Matcher) holdsForAny(values []string, ctx Context) (bool, error) {
	var undecided error
	for _, value := range values {
		ok, err := m.holdsFor(value, ctx)
		if err != nil {
			undecided = err
		} else if ok {
			return true, nil
		}
	}
	return false, undecided
}
