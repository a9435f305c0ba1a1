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

// plainWord is a word that no dialect of Markdown takes for more than a word.
var plainWord = regexp.MustCompile(`^(\(?[A-Za-z]+(['-][A-Za-z]+)*[,.;:)]?|[0-9]+[,;]?)$`)

// prose is a sentence that holds names: all but plain words are code spans.
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
		if plainWord.MatchString(w) {
			flush()
			out = append(out, w)
			continue
		}
		// A sentence's comma or stop stands outside.
		if name := strings.TrimRight(w, ",.;:"); name != "" && len(name) < len(w) {
			names = append(names, name)
			flush()
			out[len(out)-1] += w[len(name):]
			continue
		}
		names = append(names, w)
	}
	flush()
	if len(out) == 0 {
		return "(none)"
	}
	return strings.Join(out, " ")
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
