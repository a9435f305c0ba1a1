package reference

import "strings"

// ActionsMatching returns the actions that a pattern names, sorted by prefix, then by name. In a
// pattern "*" stands for any characters and "?" for one, as in policies; case does not matter.
//
//	s3:Get*      actions of one service; the prefix may hold wildcards too
//	GetObject    without a colon: the actions with this name in any service,
//	s3           and all actions of the service with this prefix
//
// A pattern without a colon, or with wildcards before it, may have to decode every service.
func ActionsMatching(pattern string) []*Action {
	prefix, name, qualified := strings.Cut(pattern, ":")
	if !qualified {
		name = pattern
	}
	var matches []*Action
	for i, s := range table {
		if qualified && !match(prefix, s.prefix) {
			continue
		}
		whole := !qualified && match(pattern, s.prefix)
		for _, a := range load(i).actions {
			if whole || match(name, a.Name) {
				matches = append(matches, a)
			}
		}
	}
	return matches
}

// match reports whether pattern covers s. It goes back only to the last star, so it is quadratic at
// worst.
func match(pattern, s string) bool {
	p, i := 0, 0
	star, resume := -1, 0 // the last star, and where what follows it was last tried
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || lower(pattern[p]) == lower(s[i])):
			p++
			i++
		case star >= 0:
			resume++
			p, i = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
