package diff

import "strings"

// A token is a character of a pattern, or a wildcard.
type token struct {
	char byte // in lower case
	kind tokenKind
}

type tokenKind uint8

const (
	char    tokenKind = iota
	anyChar           // "?"
	anyRun            // "*"
	// fieldRun is a "*" that takes no colon, as the variables of ARN formats.
	fieldRun
)

// tokensOf reads a pattern in escaped notation, nil if it is not all ASCII. With byField, a "*" before
// the fifth colon does not take colons.
func tokensOf(text string, byField bool) []token {
	if !isASCII(text) {
		return nil
	}
	text = strings.NewReplacer("${*}", "\x00", "${?}", "\x01", "${$}", "$").Replace(text)
	tokens := make([]token, 0, len(text))
	colons := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '*' && byField && colons < 5:
			tokens = append(tokens, token{kind: fieldRun})
		case c == '*':
			tokens = append(tokens, token{kind: anyRun})
		case c == '?':
			tokens = append(tokens, token{kind: anyChar})
		default:
			if c == ':' {
				colons++
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			tokens = append(tokens, token{char: c})
		}
	}
	return tokens
}

// mayMeet reports whether a pattern may match something of a format. False is a proof: letters count
// without case. It is for leaving out, cheaply, what glob.ARNAtoms would find not to match.
func mayMeet(pattern, format []token) bool {
	if pattern == nil || format == nil {
		return true
	}
	// row[j] says that some text takes the pattern to i and the format to j.
	row, next := make([]bool, len(format)+1), make([]bool, len(format)+1)
	row[0] = true
	for i := 0; ; i++ {
		clear(next)
		alive := false
		for j := range row {
			if !row[j] {
				continue
			}
			inRun := i < len(pattern) && pattern[i].kind == anyRun
			if inRun {
				next[j], alive = true, true // the pattern's run ends
			}
			if j == len(format) {
				continue
			}
			switch f := format[j]; {
			case f.kind != char:
				row[j+1] = true // the format's run ends
				if i < len(pattern) && !inRun && (f.kind == anyRun || pattern[i].kind == anyChar || pattern[i].char != ':') {
					next[j], alive = true, true
				}
			case inRun:
				row[j+1] = true
			case i < len(pattern) && (pattern[i].kind == anyChar || pattern[i] == f):
				next[j+1], alive = true, true
			}
		}
		if i == len(pattern) {
			return row[len(format)]
		}
		if !alive {
			return false
		}
		row, next = next, row
	}
}
