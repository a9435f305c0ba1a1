package glob

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Match reports whether p matches the whole of s.
func (p Pattern) Match(s string) bool {
	var buf [160]uint16 // spares the heap: few ARNs are longer
	return match(p.tokens, appendUnits(buf[:0], s))
}

// match compares greedily: when a literal fails, only the latest "*" need take one unit more,
// because whatever an earlier one could gain by that, the latest can skip as well.
func match(tokens []token, units []uint16) bool {
	t, u := 0, 0
	star, resume := -1, 0 // the latest "*" and the unit after what it has taken
	for u < len(units) {
		switch {
		case t < len(tokens) && tokens[t] == anyRun:
			star, resume = t, u
			t++
		case t < len(tokens) && tokens[t].matches(units[u]):
			t++
			u++
		case star >= 0:
			resume++
			t, u = star+1, resume
		default:
			return false
		}
	}
	return t == len(tokens) || t == len(tokens)-1 && tokens[t] == anyRun
}

// appendUnits appends s in UTF-16, U+FFFD for each byte that is not UTF-8.
func appendUnits(units []uint16, s string) []uint16 {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return appendRunes(units, s[i:])
		}
		units = append(units, uint16(s[i]))
	}
	return units
}

func appendRunes(units []uint16, s string) []uint16 {
	for _, r := range s {
		units = utf16.AppendRune(units, r)
	}
	return units
}
