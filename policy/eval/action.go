package eval

import "github.com/whittle-iam/whittle/policy/glob"

// An actionSet is a compiled Action or NotAction. Most entries are plain names, which are looked up
// instead of matched.
type actionSet struct {
	names    map[string]struct{} // in lower case
	patterns []glob.Pattern
}

func newActionSet(entries []string) actionSet {
	s := actionSet{names: make(map[string]struct{}, len(entries))}
	for _, entry := range entries {
		if p := glob.CompileFold(entry); p.IsLiteral() {
			s.names[lowerASCII(entry)] = struct{}{}
		} else {
			s.patterns = append(s.patterns, p)
		}
	}
	return s
}

// match takes an action in lower case.
func (s actionSet) match(action string) bool {
	if _, ok := s.names[action]; ok {
		return true
	}
	for _, p := range s.patterns {
		if p.Match(action) {
			return true
		}
	}
	return false
}

// lowerASCII lowers the letters that actions are written with, and no others.
func lowerASCII(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if c := b[i]; 'A' <= c && c <= 'Z' {
					b[i] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
