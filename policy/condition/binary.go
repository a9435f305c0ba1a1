package condition

import (
	"encoding/base64"
	"fmt"
	"slices"
)

// binaryTest compares base64 texts. Only the canonical, padded form of a value matches, so equal
// bytes are equal texts; AWS refuses a policy whose own value is not base64.
type binaryTest []string

func newBinaryTest(values []string) (test, error) {
	for _, v := range values {
		if _, err := base64.StdEncoding.Strict().DecodeString(v); err != nil {
			return nil, fmt.Errorf("%w: %q is not base64", ErrOperand, v)
		}
	}
	return binaryTest(values), nil
}

func (t binaryTest) match(value string, _ Context) (verdict, error) {
	return verdictOf(slices.Contains(t, value)), nil
}
