package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A predicate is a test of a request: one condition of statements, or the variables of one resource.
// Conditions that mean the same are one predicate, so that they are true together.
type predicate struct {
	// shown is the predicate as a row shows it.
	shown policy.Condition
	// key is that of the tested condition key in problem.keys, empty for a resource.
	key     string
	matcher condition.Matcher
	// operands are the values' templates, sorted.
	operands []condition.Template
	// variables are the keys, folded, whose values the operands or the resource depend on.
	variables []string
	// lenient says that the predicate holds where AWS cannot decide: in a Deny.
	lenient bool
	// resource is the template of a resource.
	resource condition.Template
}

// resourceOperator is the operator of a condition that stands for the variables of a resource.
const resourceOperator = "Resource"

func (p *problem) predicate(m condition.Matcher, c policy.Condition, version string, lenient bool) int {
	op := m.Operator()
	if op.Test == condition.ArnEquals {
		op.Test = condition.ArnLike
	}
	// Only a malformed ARN is found out when the request is known.
	lenient = lenient && op.Test == condition.ArnLike
	values := slices.Clone(c.Values)
	slices.Sort(values)
	values = slices.Compact(values)
	q := predicate{
		shown: policy.Condition{Operator: m.Operator().String(), Key: c.Key, Values: values},
		key:   p.key(c.Key), matcher: m, lenient: lenient,
	}
	withVariables := version == policy.Version2012 && takesVariables(op.Test)
	for _, v := range values {
		t, err := condition.ParseTemplate(v, withVariables)
		if err != nil {
			continue // Compile has refused it where it matters
		}
		q.operands = append(q.operands, t)
		q.depends(p, t)
	}
	id := fmt.Sprintf("%s %q %q %t %t", op, q.key, values, lenient, withVariables && strings.Contains(strings.Join(values, ""), "${"))
	return p.addPredicate(id, q)
}

func takesVariables(t condition.Test) bool {
	switch t {
	case condition.StringEquals, condition.StringEqualsIgnoreCase, condition.StringLike, condition.ArnEquals, condition.ArnLike:
		return true
	}
	return false
}

func (p *problem) resourcePredicate(text string, t condition.Template) int {
	q := predicate{shown: policy.Condition{Operator: resourceOperator, Values: []string{text}}, resource: t}
	q.depends(p, t)
	return p.addPredicate("resource "+text, q)
}

func (q *predicate) depends(p *problem, t condition.Template) {
	for _, name := range t.Variables() {
		if key := p.key(name); !slices.Contains(q.variables, key) {
			q.variables = append(q.variables, key)
		}
	}
}

func (p *problem) addPredicate(id string, q predicate) int {
	if i, known := p.predicateIndex[id]; known {
		// Of several ways to write it, one is shown, whichever came first.
		shown := &p.predicates[i].shown
		shown.Operator, shown.Key = min(shown.Operator, q.shown.Operator), max(shown.Key, q.shown.Key)
		return i
	}
	p.predicates = append(p.predicates, q)
	p.predicateIndex[id] = len(p.predicates) - 1
	return len(p.predicates) - 1
}

// holds is the predicate's truth in a concrete request.
func (q *predicate) holds(ctx condition.Context, resource string) bool {
	if q.key != "" {
		ok, err := q.matcher.Holds(ctx)
		return ok && err == nil || err != nil && q.lenient
	}
	text, ok := q.resource.Pattern(ctx)
	if !ok {
		return false
	}
	pattern, err := glob.CompileARN(text)
	return err == nil && pattern.Match(resource)
}

// A family is a group of operators that read request values in the same way.
type family uint8

const (
	textFamily family = iota
	numericFamily
	dateFamily
	addressFamily
	nullFamily
)

func familyOf(t condition.Test) family {
	switch t {
	case condition.NumericEquals, condition.NumericLessThan, condition.NumericLessThanEquals,
		condition.NumericGreaterThan, condition.NumericGreaterThanEquals:
		return numericFamily
	case condition.DateEquals, condition.DateLessThan, condition.DateLessThanEquals,
		condition.DateGreaterThan, condition.DateGreaterThanEquals:
		return dateFamily
	case condition.IPAddress:
		return addressFamily
	case condition.Null:
		return nullFamily
	}
	return textFamily
}
