package tighten

import (
	"slices"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A cover is a list of resource patterns, compiled once, that is asked whether one of them covers
// another pattern. The nil cover covers nothing.
type cover struct {
	exact map[string]bool
	wide  []glob.ARNPattern // those that are no literals
}

func newCover(patterns []string) *cover {
	c := &cover{exact: map[string]bool{}}
	for _, p := range patterns {
		c.exact[p] = true
		if compiled, err := glob.CompileARN(p); err == nil && !compiled.IsLiteral() {
			c.wide = append(c.wide, compiled)
		}
	}
	return c
}

func (c *cover) covers(pattern string) bool {
	if c == nil {
		return false
	}
	if c.exact[pattern] {
		return true
	}
	narrow, err := glob.CompileARN(pattern)
	return err == nil && slices.ContainsFunc(c.wide, func(w glob.ARNPattern) bool { return w.Covers(narrow) })
}

// covers reports whether one resource pattern covers another.
func covers(wide, narrow string) bool { return newCover([]string{wide}).covers(narrow) }
