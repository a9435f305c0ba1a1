package condition

import (
	"errors"
	"fmt"
	"strings"
)

// ErrOperator says that a condition operator does not exist.
var ErrOperator = errors.New("unknown condition operator")

// An Operator is a parsed condition operator: "ForAnyValue:StringNotLikeIfExists" is
// {ForAnyValue, StringLike, Negated, IfExists}.
type Operator struct {
	Qualifier Qualifier
	Test      Test
	Negated   bool
	IfExists  bool
}

// A Qualifier says how an operator treats a key with several values.
type Qualifier uint8

// The qualifiers. Single never holds for a multivalued key.
const (
	Single Qualifier = iota
	ForAllValues
	ForAnyValue
)

// A Test is an operator without qualifier, negation and suffix.
type Test uint8

// The tests. ArnEquals and ArnLike are the same test under two names.
const (
	StringEquals Test = iota
	StringEqualsIgnoreCase
	StringLike
	NumericEquals
	NumericLessThan
	NumericLessThanEquals
	NumericGreaterThan
	NumericGreaterThanEquals
	DateEquals
	DateLessThan
	DateLessThanEquals
	DateGreaterThan
	DateGreaterThanEquals
	Bool
	BinaryEquals
	IPAddress
	ArnEquals
	ArnLike
	Null
)

// names holds every test's name and, where the negated operator exists, that one's.
var names = [...]struct{ positive, negated string }{
	StringEquals:             {"StringEquals", "StringNotEquals"},
	StringEqualsIgnoreCase:   {"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
	StringLike:               {"StringLike", "StringNotLike"},
	NumericEquals:            {"NumericEquals", "NumericNotEquals"},
	NumericLessThan:          {"NumericLessThan", ""},
	NumericLessThanEquals:    {"NumericLessThanEquals", ""},
	NumericGreaterThan:       {"NumericGreaterThan", ""},
	NumericGreaterThanEquals: {"NumericGreaterThanEquals", ""},
	DateEquals:               {"DateEquals", "DateNotEquals"},
	DateLessThan:             {"DateLessThan", ""},
	DateLessThanEquals:       {"DateLessThanEquals", ""},
	DateGreaterThan:          {"DateGreaterThan", ""},
	DateGreaterThanEquals:    {"DateGreaterThanEquals", ""},
	Bool:                     {"Bool", ""},
	BinaryEquals:             {"BinaryEquals", ""},
	IPAddress:                {"IpAddress", "NotIpAddress"},
	ArnEquals:                {"ArnEquals", "ArnNotEquals"},
	ArnLike:                  {"ArnLike", "ArnNotLike"},
	Null:                     {"Null", ""},
}

const (
	allPrefix = "ForAllValues:"
	anyPrefix = "ForAnyValue:"
	ifExists  = "IfExists"
)

// ParseOperator reads an operator as a policy writes it. Names are compared with case: AWS does not
// document that another case works. Null takes no IfExists. The error wraps ErrOperator.
func ParseOperator(s string) (Operator, error) {
	var op Operator
	name, qualified := strings.CutPrefix(s, allPrefix)
	if qualified {
		op.Qualifier = ForAllValues
	} else if name, qualified = strings.CutPrefix(s, anyPrefix); qualified {
		op.Qualifier = ForAnyValue
	}
	name, op.IfExists = strings.CutSuffix(name, ifExists)
	for test, n := range names {
		if name == "" || name != n.positive && name != n.negated {
			continue
		}
		op.Test, op.Negated = Test(test), name == n.negated
		if op.Test == Null && op.IfExists {
			break
		}
		return op, nil
	}
	return Operator{}, fmt.Errorf("%w %q", ErrOperator, s)
}

// String returns the operator as a policy writes it.
func (o Operator) String() string {
	name := names[o.Test].positive
	if o.Negated {
		name = names[o.Test].negated
	}
	switch o.Qualifier {
	case ForAllValues:
		name = allPrefix + name
	case ForAnyValue:
		name = anyPrefix + name
	}
	if o.IfExists {
		name += ifExists
	}
	return name
}
