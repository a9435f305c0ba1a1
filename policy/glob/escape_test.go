package glob_test

import (
	"testing"

	"github.com/whittle-iam/whittle/policy/glob"
)

func TestLiteralCharacters(t *testing.T) {
	for _, test := range []struct {
		in, want string
		exact    bool
		reason   string
	}{
		{"a\tb\nc\rd ~", "a\tb\nc\rd ~", true, "what IAM permits below U+0080"},
		{"\u00a0é\u00ff", "\u00a0é\u00ff", true, "what IAM permits above"},
		{"a\x00b\x1b[2J", "a?b?[2J", false, "ASCII control characters"},
		{"a\x7fb", "a?b", false, "delete, which IAM permits"},
		{"a\u0080\u009b2J\u009f", "a??2J?", false, "C1 control characters, which IAM permits and terminals obey"},
		{"\xff\u0100😀", "????", false, "no UTF-8; beyond U+00FF; two UTF-16 units"},
		{"*?${x}", "${*}${?}${$}{x}", true, "what means something in a pattern"},
	} {
		if got, exact := glob.Literal(test.in); got != test.want || exact != test.exact {
			t.Errorf("Literal(%q) = %q, %v, want %q, %v: %s", test.in, got, exact, test.want, test.exact, test.reason)
		}
	}
}
