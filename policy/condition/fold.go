package condition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold lowers a string as AWS does to compare without case. AWS's answers show Unicode lowering
// with two special cases, "İ" to two characters and a word's last "Σ" to "ς", and nothing beyond
// U+FFFF lowered. The Kelvin sign equals "k"; "ſ" does not equal "s", nor "ß" "SS".
func fold(s string) string {
	if isLowerASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		switch {
		case r == 'İ':
			b.WriteString("i\u0307")
		case r == 'Σ' && isFinal(s, i):
			b.WriteRune('ς')
		case r == utf8.RuneError:
			// A byte that is no UTF-8 stays itself and equals no other.
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
		case r > 0xFFFF:
			b.WriteRune(r)
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// isFinal is the Final_Sigma condition of the Unicode Standard, section 3.13: the "Σ" at i follows
// a cased letter and none follows it, not counting characters that casing ignores.
func isFinal(s string, i int) bool {
	before := strings.TrimRightFunc(s[:i], isCaseIgnorable)
	last, _ := utf8.DecodeLastRuneInString(before)
	after := strings.TrimLeftFunc(s[i+len("Σ"):], isCaseIgnorable)
	next, _ := utf8.DecodeRuneInString(after)
	return isCased(last) && !isCased(next)
}

func isCased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Lowercase, unicode.Other_Uppercase)
}

func isCaseIgnorable(r rune) bool {
	return strings.ContainsRune("'.:^`·’․﹒＇．", r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
