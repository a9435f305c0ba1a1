package condition

import (
	"fmt"
	"strings"
)

// nullTest asks whether the request lacks the key. An empty string counts as present; a
// multivalued key without values does not.
//
// AWS documents the result with a qualifier as constant, true with ForAllValues and false with
// ForAnyValue (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
// "Null with qualifier").
type nullTest struct{ absent, present bool }

func newNullTest(values []string) (nullTest, error) {
	var t nullTest
	for _, v := range values {
		switch {
		case strings.EqualFold(v, "true"):
			t.absent = true
		case strings.EqualFold(v, "false"):
			t.present = true
		default:
			return nullTest{}, fmt.Errorf("%w: %q is neither true nor false", ErrOperand, v)
		}
	}
	return t, nil
}

func (t nullTest) holds(q Qualifier, present bool) bool {
	if q != Single {
		return q == ForAllValues
	}
	return present && t.present || !present && t.absent
}
