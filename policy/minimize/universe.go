package minimize

import (
	"slices"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A universe is the distinct texts of one kind (actions, or resources) that the grants have, and
// which of them cover which. Texts of the same meaning are one element, spelt as the least of them.
type universe struct {
	texts   []string // in ascending order
	indexOf map[string]int
	// above[i] are the elements that cover element i, itself included; below is the reverse.
	above, below [][]int
}

// A pattern is what a universe asks of its elements.
type pattern[P any] interface {
	Covers(P) bool
	IsLiteral() bool
}

// newUniverse reads every text with compile, which returns its canonical form as well, or false for
// a text that is not a pattern: that equals only itself.
func newUniverse[P pattern[P]](texts []string, less func(a, b string) int, compile func(string) (P, string, bool)) *universe {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, less)
	texts = slices.Compact(texts)

	u := &universe{indexOf: map[string]int{}}
	byCanonical := map[string]int{}
	var patterns []*P
	for _, text := range texts {
		p, canonical, ok := compile(text)
		if ok {
			if i, seen := byCanonical[canonical]; seen {
				u.indexOf[text] = i
				continue
			}
			byCanonical[canonical] = len(u.texts)
			patterns = append(patterns, &p)
		} else {
			patterns = append(patterns, nil)
		}
		u.indexOf[text] = len(u.texts)
		u.texts = append(u.texts, text)
	}

	u.above, u.below = make([][]int, len(u.texts)), make([][]int, len(u.texts))
	relate := func(wide, narrow int) {
		u.above[narrow] = append(u.above[narrow], wide)
		u.below[wide] = append(u.below[wide], narrow)
	}
	for i := range u.texts {
		relate(i, i)
	}
	for i, p := range patterns {
		if p == nil || (*p).IsLiteral() {
			continue
		}
		for j, q := range patterns {
			// Of two that cover each other the first counts as the wider one.
			if i != j && q != nil && (*p).Covers(*q) && (i < j || !(*q).Covers(*p)) {
				relate(i, j)
			}
		}
	}
	return u
}

func actionUniverse(actions []string) *universe {
	return newUniverse(actions, policy.CompareActions, func(s string) (glob.Pattern, string, bool) {
		p := glob.CompileFold(s)
		return p, p.String(), true
	})
}

func resourceUniverse(resources []string) *universe {
	return newUniverse(resources, compareText, func(s string) (glob.ARNPattern, string, bool) {
		p, err := glob.CompileARN(s)
		return p, p.String(), err == nil
	})
}
