package condition

import (
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// arnFields is how many fields an ARN has: arn, partition, service, Region, account, resource.
const arnFields = 6

// arnTest compares ARNs field by field, with case, wildcards in each field. ArnEquals and ArnLike
// are this one test.
//
// AWS compares nothing with a request value that is no ARN: the operator does not hold, negated or
// not. And it does not decide at all once one of the policy's values is no ARN, though another one
// may match: an Allow then does not apply, a Deny does.
type arnTest []func(Context) (arnOperand, bool)

// An arnOperand is one policy value, or the reason why it is no ARN.
type arnOperand struct {
	fields [arnFields]glob.Pattern
	err    error
}

func newARNTest(values []string, variables bool) (test, error) {
	var t arnTest
	for _, v := range values {
		tmpl, err := ParseTemplate(v, variables)
		if err != nil {
			return nil, err
		}
		t = append(t, newOperand(tmpl, Template.Pattern, parseARNOperand))
	}
	return t, nil
}

// parseARNOperand reads a pattern in escaped notation.
func parseARNOperand(s string) arnOperand {
	var o arnOperand
	fields, ok := splitARN(s)
	if !ok {
		o.err = fmt.Errorf("%w: %q is no ARN", ErrOperand, s)
		return o
	}
	for i, field := range fields {
		o.fields[i] = compilePattern(field)
	}
	return o
}

// splitARN cuts at the first five colons. The escapes of patterns hold no colon.
func splitARN(s string) (fields [arnFields]string, ok bool) {
	parts := strings.SplitN(s, ":", arnFields)
	if len(parts) != arnFields || parts[0] != "arn" {
		return fields, false
	}
	return [arnFields]string(parts), true
}

func (t arnTest) match(value string, ctx Context) (verdict, error) {
	fields, ok := splitARN(value)
	if !ok {
		return malformed, nil
	}
	result := differs
	for _, operand := range t {
		o, ok := operand(ctx)
		switch {
		case !ok:
			// A variable without a value: this operand matches nothing.
		case o.err != nil:
			return differs, o.err
		case o.match(fields):
			result = matches
		}
	}
	return result, nil
}

func (o arnOperand) match(fields [arnFields]string) bool {
	for i, p := range o.fields {
		if !p.Match(fields[i]) {
			return false
		}
	}
	return true
}
