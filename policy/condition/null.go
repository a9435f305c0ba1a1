package condition

import (
	"fmt"
	"strings"
)

// nullTest asks whether the request lacks the key. An empty string counts as present; a
// multivalued key without values does not.
type nullTest struct{ absent, present bool }

func newNullTest(values []string) (test, error) {
	var t nullTest
	for _, v := range values {
		switch {
		case strings.EqualFold(v, "true"):
			t.absent = true
		case strings.EqualFold(v, "false"):
			t.present = true
		default:
			return nil, fmt.Errorf("%w: %q is neither true nor false", ErrOperand, v)
		}
	}
	return t, nil
}

func (t nullTest) holds(present bool) bool { return present && t.present || !present && t.absent }

// match makes nullTest a test like the others: a value that is there is present.
func (t nullTest) match(string, Context) (verdict, error) { return verdictOf(t.present), nil }
