package generalize

import "strings"

// A path is the pattern of some levels, built from the first one on. Paths share their beginnings; nil
// is the empty path.
type path struct {
	parent *path
	text   string
	notes  []note
}

func (p *path) join(text string, notes ...note) *path {
	return &path{p, text, notes}
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
