package generalize

import (
	"cmp"
	"strings"
)

// A path is the pattern of some levels, built from the first one on. Paths share their beginnings; nil
// is the empty path.
type path struct {
	parent *path
	text   string
	notes  []note
	// warning is the caution of this level, if any.
	warning string
}

func (p *path) join(text string, notes ...note) *path {
	return &path{parent: p, text: text, notes: notes}
}

// warn returns p, to which a caution was added.
func (p *path) warn(caution string) *path {
	p.warning = caution
	return p
}

// caution returns the first caution of the path, "" if it has none.
func (p *path) caution() string {
	first := ""
	for ; p != nil; p = p.parent {
		first = cmp.Or(p.warning, first)
	}
	return first
}

// pattern returns the whole pattern, and its notes from left to right.
func (p *path) pattern() (string, []note) {
	var texts []string
	var notes []note
	for ; p != nil; p = p.parent {
		texts = append([]string{p.text}, texts...)
		notes = append(append([]note(nil), p.notes...), notes...)
	}
	return collapse(strings.Join(texts, "")), notes
}

// collapse makes one "*" of two with neither letter nor digit between them. The result matches all
// that the pattern does.
func collapse(pattern string) string {
	out := make([]byte, 0, len(pattern))
	// star is where the last "*" ends in out, if nothing but punctuation follows it, else 0.
	star := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '$': // one of "${*}", "${?}" and "${$}"
			out = append(out, pattern[i:i+len("${*}")]...)
			i += len("{*}")
		case c == '*' && star > 0:
			out = out[:star]
		case c == '*':
			out = append(out, c)
			star = len(out)
		default:
			if isAlnum(c) {
				star = 0
			}
			out = append(out, c)
		}
	}
	return string(out)
}
