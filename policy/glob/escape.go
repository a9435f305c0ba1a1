package glob

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// CompileEscaped returns the pattern that s is in escaped notation, the one of resources and
// condition values in a policy of Version 2012-10-17: "*" and "?" are wildcards, "${*}", "${?}" and
// "${$}" the characters themselves. Any other "${" is an error that names the variable: a caller
// replaces variables by the Escape of their value before.
func CompileEscaped(s string) (Pattern, error) {
	tokens := make([]token, 0, len(s))
	for rest := s; ; {
		i := strings.Index(rest, "${")
		if i < 0 {
			tokens = append(tokens, plainTokens(rest)...)
			return Pattern{normalize(tokens)}, nil
		}
		tokens = append(tokens, plainTokens(rest[:i])...)
		name, after, closed := strings.Cut(rest[i+2:], "}")
		switch {
		case !closed:
			return Pattern{}, fmt.Errorf("pattern %q: %q has no closing brace", s, rest[i:])
		case name == "*" || name == "?" || name == "$":
			tokens = append(tokens, token(name[0]))
		default:
			return Pattern{}, fmt.Errorf("pattern %q: variable %q has no value here", s, "${"+name+"}")
		}
		rest = after
	}
}

var escaper = strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}")

// Escape returns the pattern in escaped notation that matches s and nothing else.
func Escape(s string) string { return escaper.Replace(s) }

// Literal returns the narrowest pattern that matches s and that a policy can hold. It is Escape(s),
// and exact, if s has only tab, line feed, carriage return, U+0020 to U+007E, and U+00A0 to U+00FF.
// Every other character becomes one "?" per UTF-16 unit, and so does every byte that is not UTF-8.
// IAM permits no others (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
// but the control characters U+007F to U+009F: JSON does not escape these, terminals obey them, and
// the names in logs are whoever's who could write them.
func Literal(s string) (pattern string, exact bool) {
	exact = true
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '*' || r == '?' || r == '$':
			b.WriteString("${" + string(r) + "}")
		case permitted(r):
			b.WriteRune(r)
		default:
			exact = false
			b.WriteString(strings.Repeat("?", utf16.RuneLen(r)))
		}
	}
	return b.String(), exact
}

func permitted(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || ' ' <= r && r <= '~' || '\u00A0' <= r && r <= '\u00FF'
}
