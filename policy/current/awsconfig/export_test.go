package awsconfig

import "testing"

// SetMaxBytes changes how much text is read in all, until the test ends.
func SetMaxBytes(t *testing.T, n int) {
	was := maxBytes
	maxBytes = n
	t.Cleanup(func() { maxBytes = was })
}

// What makes queries.
var (
	Expression = expression
	Quote      = quote
)
