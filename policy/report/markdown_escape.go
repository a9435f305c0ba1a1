package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Whoever chooses a role's name, an S3 key or a file name can put Markdown and HTML in it. Two forms
// keep it text in GitHub's dialect (https://github.github.com/gfm/): a code span, where nothing but a
// backtick is obeyed and where GitHub looks for no @mentions, and words of letters alone.

// Characters that code and prose write per string at most, so that one name cannot fill a comment.
const (
	codeLimit  = 160
	proseLimit = 300
)

// Within a code span a backtick would end it, and a pipe would end a table's cell even there. They,
// and what looks like HTML, are written as Clean writes control characters.
var escapeCode = strings.NewReplacer("`", `\u0060`, "|", `\u007c`, "<", `\u003c`)

// literal makes a string safe within a code span, and cuts it.
func literal(s string, limit int) string { return cut(s, limit, escapeCode.Replace) }

// cut makes a string printable and returns at most limit characters of what escape makes of it, with an
// ellipsis if there was more. The work does not grow with the length of s.
func cut(s string, limit int, escape func(string) string) string {
	more := len(s) > limit*utf8.UTFMax
	if more {
		s = s[:limit*utf8.UTFMax]
	}
	s = escape(Clean(s))
	if utf8.RuneCountInString(s) > limit {
		s, more = string([]rune(s)[:limit]), true
	}
	if more {
		s += "…"
	}
	return s
}

// code is a name as a code span.
func code(s string) string {
	if s == "" {
		return "(none)"
	}
	return "`" + literal(s, codeLimit) + "`"
}

// codes lists names as code spans, at most limit of them.
func codes(items []string, limit int) string {
	if len(items) == 0 {
		return "(none)"
	}
	var parts []string
	for i, s := range items {
		if i == limit {
			return strings.Join(parts, ", ") + fmt.Sprintf(" and %d more", len(items)-limit)
		}
		parts = append(parts, code(s))
	}
	return strings.Join(parts, ", ")
}

// plainWord is a word that no dialect of Markdown takes for more than a word; number is one where no
// stop or parenthesis follows.
var (
	plainWord = regexp.MustCompile(`^([A-Za-z]+(['-][A-Za-z]+)*|[A-Z]{1,4}[0-9]{1,2})$`)
	number    = regexp.MustCompile(`^[0-9]+[,;]?$`)
)

// prose is a sentence that holds names: all but plain words are code spans. Quotation marks, parentheses
// and the stops of sentences stand outside of them.
func prose(s string) string {
	var out []string
	var names []string
	flush := func() {
		if len(names) > 0 {
			out = append(out, "`"+strings.Join(names, " ")+"`")
			names = nil
		}
	}
	for _, w := range strings.Fields(literal(s, proseLimit)) {
		before, name, after := unwrap(w)
		switch {
		case plainWord.MatchString(name) || number.MatchString(w):
			flush()
			out = append(out, w)
		case name == "" || len(name) == len(w):
			names = append(names, w)
		default:
			if before != "" {
				flush()
			}
			names = append(names, name)
			if flush(); before != "" {
				out[len(out)-1] = before + out[len(out)-1]
			}
			out[len(out)-1] += after
		}
	}
	flush()
	if len(out) == 0 {
		return "(none)"
	}
	return strings.Join(out, " ")
}

// unwrap takes the punctuation of a sentence off a word.
func unwrap(w string) (before, name, after string) {
	name = strings.TrimLeft(w, `("`)
	before = w[:len(w)-len(name)]
	rest := strings.TrimRight(name, `,.;:?)"`)
	if strings.ContainsAny(rest, "(*") {
		rest = strings.TrimRight(name, `,.;:`) // the rest belongs to the name
	}
	return before, rest, name[len(rest):]
}

// htmlName is a name within HTML, where Markdown is not read: all but letters and digits as references.
func htmlName(s string) string {
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range literal(s, codeLimit) {
		if r < utf8.RuneSelf && (r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9') {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}
