package query

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// unquote reads what the engine would: the text between the quotes, a doubled quote being one.
func unquote(t *testing.T, quoted, quote string) string {
	t.Helper()
	inner, ok := strings.CutPrefix(quoted, quote)
	inner, ok2 := strings.CutSuffix(inner, quote)
	if !ok || !ok2 || len(quoted) < 2 {
		t.Fatalf("%q is not in quotes", quoted)
	}
	var out strings.Builder
	for i := 0; i < len(inner); i++ {
		if inner[i:i+1] == quote {
			if i++; i >= len(inner) || inner[i:i+1] != quote {
				t.Fatalf("%q ends early", quoted)
			}
		}
		out.WriteByte(inner[i])
	}
	return out.String()
}

func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{"", "'", "''", `\'`, "x'; DROP TABLE y; --", "\x00", "\xff", "é\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := unquote(t, literal(text), "'"); got != strings.ToValidUTF8(text, string(utf8.RuneError)) {
			t.Errorf("literal(%q) reads as %q", text, got)
		}
	})
}

func FuzzIdentifier(f *testing.F) {
	for _, seed := range []string{"", `"`, `a"b`, `x" FROM y --`, "timestamp"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got := unquote(t, identifier(name), `"`); got != name {
			t.Errorf("identifier(%q) reads as %q", name, got)
		}
	})
}
