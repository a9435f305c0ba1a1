package glob

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// A Pattern is one compiled pattern. It is immutable, and safe for concurrent use. The zero value
// matches the empty string alone.
type Pattern struct {
	// tokens are in normal form: in a run of wildcards every "?" stands before a single "*".
	// Patterns of the same language then have the same tokens, and Covers can be decided in one
	// pass.
	tokens []token
}

// A token is a wildcard or a literal UTF-16 unit, the latter with foldBit where ASCII case is
// ignored. The unit of a token with foldBit is a lower-case letter.
type token uint32

const (
	anyUnit token = 1 << (16 + iota) // "?"
	anyRun                           // "*"
	foldBit
)

func (t token) isLiteral() bool { return t&(anyUnit|anyRun) == 0 }

// matches reports whether t takes the unit u. It is not for anyRun.
func (t token) matches(u uint16) bool {
	switch {
	case t == token(u), t == anyUnit:
		return true
	case t&foldBit != 0:
		return t&^foldBit == token(lower(u))
	}
	return false
}

// lower is ASCII lower-casing: IAM's action names hold nothing else.
func lower(u uint16) uint16 {
	if 'A' <= u && u <= 'Z' {
		return u + 'a' - 'A'
	}
	return u
}

// fold returns the token that matches what the literal t does, in any case.
func fold(t token) token {
	l := token(lower(uint16(t)))
	if t.isLiteral() && 'a' <= l && l <= 'z' {
		return l | foldBit
	}
	return t
}

// Compile returns the pattern that s is in plain notation: "*" and "?" are wildcards and cannot be
// escaped, everything else is literal.
func Compile(s string) Pattern {
	return Pattern{normalize(plainTokens(s))}
}

// CompileFold is Compile without regard to ASCII case, as IAM compares actions and the names of
// condition keys.
func CompileFold(s string) Pattern {
	return Pattern{normalize(plainTokens(s))}.fold()
}

func plainTokens(s string) []token {
	tokens := make([]token, 0, len(s))
	for _, r := range s {
		switch r {
		case '*':
			tokens = append(tokens, anyRun)
		case '?':
			tokens = append(tokens, anyUnit)
		default:
			tokens = appendLiteral(tokens, r)
		}
	}
	return tokens
}

func appendLiteral(tokens []token, r rune) []token {
	if hi, lo := utf16.EncodeRune(r); hi != '\uFFFD' {
		return append(tokens, token(hi), token(lo))
	}
	return append(tokens, token(r))
}

// normalize puts runs of wildcards in order, in place: "*?**?" becomes "??*".
func normalize(tokens []token) []token {
	out := tokens[:0]
	run := false // a "*" is due at the end of the current run of wildcards
	for _, t := range tokens {
		if t == anyRun {
			run = true
			continue
		}
		if run && t.isLiteral() {
			out = append(out, anyRun)
			run = false
		}
		out = append(out, t)
	}
	if run {
		out = append(out, anyRun)
	}
	return out
}

// fold returns p without regard to ASCII case.
func (p Pattern) fold() Pattern {
	tokens := make([]token, len(p.tokens))
	for i, t := range p.tokens {
		tokens[i] = fold(t)
	}
	return Pattern{tokens}
}

// IsLiteral reports whether p has no wildcards. Without CompileFold it then matches one string.
func (p Pattern) IsLiteral() bool {
	return !slices.ContainsFunc(p.tokens, func(t token) bool { return !t.isLiteral() })
}

// Equal reports whether p and q match the same strings.
func (p Pattern) Equal(q Pattern) bool { return slices.Equal(p.tokens, q.tokens) }

// String returns p in escaped notation: CompileEscaped gives p back, but for case. It is canonical:
// patterns that match the same strings have the same String, if both are folded or neither is.
// Folded letters are in lower case.
func (p Pattern) String() string {
	var b strings.Builder
	var high rune // a high surrogate that waits for its partner
	for _, t := range p.tokens {
		switch t &^ foldBit {
		case anyRun:
			b.WriteByte('*')
		case anyUnit:
			b.WriteByte('?')
		case '*', '?', '$':
			b.WriteString("${" + string(rune(t)) + "}")
		default:
			switch r := rune(t &^ foldBit); {
			case utf16.IsSurrogate(r) && high == 0:
				high = r
			case utf16.IsSurrogate(r):
				b.WriteRune(utf16.DecodeRune(high, r))
				high = 0
			default:
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
