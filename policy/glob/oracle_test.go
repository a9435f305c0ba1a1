package glob_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/glob"
)

// naiveMatch is the definition of matching, by recursion over units. Plain notation.
func naiveMatch(pattern, s []uint16) bool {
	if len(pattern) == 0 {
		return len(s) == 0
	}
	switch pattern[0] {
	case '*':
		return naiveMatch(pattern[1:], s) || len(s) > 0 && naiveMatch(pattern, s[1:])
	case '?':
		return len(s) > 0 && naiveMatch(pattern[1:], s[1:])
	}
	return len(s) > 0 && pattern[0] == s[0] && naiveMatch(pattern[1:], s[1:])
}

func units(s string) []uint16 { return utf16.Encode([]rune(s)) }

// wordsUpTo returns all words of up to n letters of the alphabet.
func wordsUpTo(alphabet string, n int) []string {
	words := []string{""}
	for start := 0; n > 0; n-- {
		end := len(words)
		for _, w := range words[start:end] {
			for _, r := range alphabet {
				words = append(words, w+string(r))
			}
		}
		start = end
	}
	return words
}

// toRegexp translates for the standard library, which knows no UTF-16.
func toRegexp(pattern string) *regexp.Regexp {
	var b strings.Builder
	for _, r := range pattern {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(`(?s)\A` + b.String() + `\z`)
}

func TestMatchAgainstRegexp(t *testing.T) {
	subjects := wordsUpTo("ab/\n", 5)
	for _, pattern := range wordsUpTo("ab*?", 4) {
		p, re := glob.Compile(pattern), toRegexp(pattern)
		for _, s := range subjects {
			if got, want := p.Match(s), re.MatchString(s); got != want {
				t.Fatalf("Compile(%q).Match(%q) = %v, regexp says %v", pattern, s, got, want)
			}
		}
	}
}

// TestRelationsExhaustively compares Covers and Intersects with all words up to a length at which
// any two patterns this short that differ do so, over an alphabet with letters that the patterns
// do not have.
func TestRelationsExhaustively(t *testing.T) {
	words := wordsUpTo("abx", 7)
	patterns := wordsUpTo("ab*?", 4)
	type entry struct {
		text    string
		pattern glob.Pattern
		matches []bool
	}
	var entries []entry
	seen := map[string]bool{}
	for _, text := range patterns {
		p := glob.Compile(text)
		e := entry{text: text, pattern: p}
		for _, w := range words {
			e.matches = append(e.matches, p.Match(w))
		}
		// The normal form is a form of the language: one entry for each.
		key := fmt.Sprint(e.matches)
		if seen[key] != seen[p.String()] {
			t.Fatalf("%q is not normal: %q", text, p)
		}
		if !seen[key] {
			entries = append(entries, e)
		}
		seen[key], seen[p.String()] = true, true
	}
	for _, p := range entries {
		for _, q := range entries {
			covers, intersects := true, false
			for i := range words {
				covers = covers && (p.matches[i] || !q.matches[i])
				intersects = intersects || p.matches[i] && q.matches[i]
			}
			if got := p.pattern.Covers(q.pattern); got != covers {
				t.Fatalf("%q covers %q: %v, words say %v", p.text, q.text, got, covers)
			}
			if got := p.pattern.Intersects(q.pattern); got != intersects {
				t.Fatalf("%q intersects %q: %v, words say %v", p.text, q.text, got, intersects)
			}
		}
	}
}

// naiveCovers decides inclusion by the subset construction over explicit sets of positions: exact,
// exponential at worst. One fresh unit stands for all that neither pattern has.
func naiveCovers(p, q []uint16) bool {
	symbols := map[uint16]bool{}
	for _, u := range append(append([]uint16{}, p...), q...) {
		if u != '*' && u != '?' {
			symbols[u] = true
		}
	}
	for fresh := uint16('#'); ; fresh++ {
		if !symbols[fresh] && fresh != '*' && fresh != '?' {
			symbols[fresh] = true
			break
		}
	}
	type state struct{ q, p string } // sets as strings of one byte a position
	closure := func(pattern []uint16, set map[int]bool) string {
		for i := range pattern {
			if set[i] && pattern[i] == '*' {
				set[i+1] = true
			}
		}
		var b []byte
		for i := 0; i <= len(pattern); i++ {
			if set[i] {
				b = append(b, byte(i))
			}
		}
		return string(b)
	}
	step := func(pattern []uint16, set string, u uint16) string {
		next := map[int]bool{}
		for _, b := range []byte(set) {
			i := int(b)
			switch {
			case i == len(pattern):
			case pattern[i] == '*':
				next[i] = true
			case pattern[i] == '?' || pattern[i] == u:
				next[i+1] = true
			}
		}
		return closure(pattern, next)
	}
	accepts := func(pattern []uint16, set string) bool {
		return strings.IndexByte(set, byte(len(pattern))) >= 0
	}
	start := state{closure(q, map[int]bool{0: true}), closure(p, map[int]bool{0: true})}
	seen, todo := map[state]bool{start: true}, []state{start}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if accepts(q, at.q) && !accepts(p, at.p) {
			return false
		}
		for u := range symbols {
			next := state{step(q, at.q, u), step(p, at.p, u)}
			if next.q != "" && !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return true
}

func patternText() *rapid.Generator[string] { return rapid.StringMatching(`[ab*?]{0,12}`) }

func TestCoversAgainstSubsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := patternText().Draw(t, "p"), patternText().Draw(t, "q")
		if got, want := glob.Compile(p).Covers(glob.Compile(q)), naiveCovers(units(p), units(q)); got != want {
			t.Fatalf("%q covers %q: %v, want %v", p, q, got, want)
		}
	})
}

// TestCoversMutants draws q as p with small changes, so that inclusion is frequent.
func TestCoversMutants(t *testing.T) {
	replacements := []string{"", "a", "b", "?", "*", "ab", "a*", "?*", "*b*", "a?"}
	rapid.Check(t, func(t *rapid.T) {
		p := patternText().Draw(t, "p")
		var q strings.Builder
		for _, r := range p {
			if r == '*' || r == '?' {
				q.WriteString(rapid.SampledFrom(replacements).Draw(t, "replacement"))
			} else {
				q.WriteRune(r)
			}
		}
		if got, want := glob.Compile(p).Covers(glob.Compile(q.String())), naiveCovers(units(p), units(q.String())); got != want {
			t.Fatalf("%q covers %q: %v, want %v", p, q.String(), got, want)
		}
	})
}

func TestEscapeMatchesOnlyItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, other := rapid.String().Draw(t, "s"), rapid.String().Draw(t, "other")
		p, err := glob.CompileEscaped(glob.Escape(s))
		if err != nil {
			t.Fatal(err)
		}
		if !p.IsLiteral() || !p.Match(s) || p.Match(other) != (s == other) {
			t.Fatalf("Escape(%q) = %q", s, p)
		}
		if p.String() != glob.Escape(s) {
			t.Fatalf("Escape(%q) is not canonical: %q", s, p)
		}
		text, exact := glob.Literal(s)
		l, err := glob.CompileEscaped(text)
		if err != nil {
			t.Fatal(err)
		}
		if !l.Match(s) || l.IsLiteral() != exact || !l.Covers(p) {
			t.Fatalf("Literal(%q) = %q, %v", s, text, exact)
		}
	})
}

func FuzzPatterns(f *testing.F) {
	for _, seed := range [][3]string{
		{"*a*b", "a?*b", "aab"}, {"?*", "*?", ""}, {"😀*", "??", "😀"}, {"${*}", "\xff", "${x}"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, a, b, s string) {
		p, q := glob.Compile(a), glob.Compile(b)
		mp, mq := p.Match(s), q.Match(s)
		if len(a)+len(s) < 24 && mp != naiveMatch(units(a), units(s)) {
			t.Errorf("Compile(%q).Match(%q) = %v", a, s, mp)
		}
		if mp && mq && !p.Intersects(q) {
			t.Errorf("%q and %q both match %q but do not intersect", a, b, s)
		}
		if p.Covers(q) {
			if mq && !mp {
				t.Errorf("%q covers %q, but not %q", a, b, s)
			}
			if !p.Intersects(q) {
				t.Errorf("%q covers %q, but does not intersect it", a, b)
			}
		}
		if !p.Covers(p) || !p.Intersects(p) || p.Intersects(q) != q.Intersects(p) {
			t.Errorf("%q, %q: relations are not what they must be", a, b)
		}
		if len(a)+len(b) < 24 && p.Covers(q) != naiveCovers(units(a), units(b)) {
			t.Errorf("%q covers %q: %v", a, b, p.Covers(q))
		}
		back, err := glob.CompileEscaped(p.String())
		if err != nil || !back.Equal(p) {
			t.Errorf("%q does not come back from %q: %v", a, p, err)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	p := glob.Compile("arn:aws:s3:::orders-*/incoming/*/part-??.json")
	s := "arn:aws:s3:::orders-production/incoming/2026/11/23/part-07.json"
	b.ReportAllocs()
	for b.Loop() {
		if !p.Match(s) {
			b.Fatal("no match")
		}
	}
}

// BenchmarkCoversHostile is the worst that a policy can hold: 6,144 characters against as many.
func BenchmarkCoversHostile(b *testing.B) {
	p := glob.Compile(strings.Repeat("*a", 1000) + strings.Repeat("a?", 2000) + "b")
	q := glob.Compile(strings.Repeat("*a", 1000) + strings.Repeat("a", 4000) + "*b")
	for b.Loop() {
		p.Covers(q)
	}
}
