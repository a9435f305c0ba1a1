package glob_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/glob"
)

const manySteps = 1 << 20

func ExampleAtoms() {
	atoms, complete := glob.Atoms([]glob.Pattern{
		glob.Compile("logs/*"), glob.Compile("*.gz"), glob.Compile("logs/latest"),
	}, 10_000)
	for _, a := range atoms {
		fmt.Println(a.Sample, a.Matches, a.Free)
	}
	fmt.Println(complete)
	// Output:
	// x [false false false] true
	// x.gz [false true false] true
	// logs/x [true false false] true
	// logs/x.gz [true true false] true
	// logs/latest [true false true] false
	// true
}

func ExampleARNAtoms() {
	compile := func(s string) glob.ARNPattern {
		p, err := glob.CompileARN(s)
		if err != nil {
			panic(err)
		}
		return p
	}
	objects := []glob.ARNPattern{compile("arn:*:s3:::*/*")}
	atoms, complete := glob.ARNAtoms([]glob.ARNPattern{
		compile("arn:aws:s3:::orders-*"), compile("arn:aws:s3:::orders"), compile("arn:aws:s3:::*/2026/*"),
	}, objects, nil, 10_000)
	for _, a := range atoms {
		fmt.Println(a.Sample, a.Matches)
	}
	fmt.Println(complete)
	// Output:
	// arn:aws:s3:::x/x [false false false]
	// arn:aws:s3:::x/2026/x [false false true]
	// arn:aws:s3:::orders-x/x [true false false]
	// arn:aws:s3:::orders-x/2026/x [true false true]
	// true
}

// A relation is a list of patterns in general, whatever matches.
type relation struct {
	patterns []func(string) bool
	counts   func(string) bool
}

func (r relation) signature(s string) string {
	var b strings.Builder
	for _, match := range r.patterns {
		if match(s) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

// check compares atoms with the words that count: each word must be of an atom, and no two atoms of
// one signature; each sample must be of its atom. Words with the fresh letter show
// which atoms are free.
func (r relation) check(t interface{ Fatalf(string, ...any) }, atoms []glob.Atom, words []string) {
	have := map[string]glob.Atom{}
	for _, a := range atoms {
		var b strings.Builder
		for _, m := range a.Matches {
			b.WriteByte("01"[map[bool]int{true: 1}[m]])
		}
		if got := r.signature(a.Sample); got != b.String() || !r.counts(a.Sample) {
			t.Fatalf("sample %q is said to be of %s, but is of %s, and counts: %v", a.Sample, b.String(), got, r.counts(a.Sample))
		}
		if twin, ok := have[b.String()]; ok {
			t.Fatalf("%q and %q are of one atom", a.Sample, twin.Sample)
		}
		have[b.String()] = a
	}
	for _, w := range words {
		if !r.counts(w) {
			continue
		}
		a, ok := have[r.signature(w)]
		if !ok {
			t.Fatalf("no atom for %q, which is of %s; atoms %v", w, r.signature(w), slices.Sorted(maps.Keys(have)))
		}
		if strings.Contains(w, freshLetter) && !a.Free {
			t.Fatalf("%q is of the atom of %q, which could be free", w, a.Sample)
		}
	}
}

// freshLetter is in the words of tests and in no pattern.
const freshLetter = "#"

func everyString(string) bool { return true }

func checkAtoms(t interface{ Fatalf(string, ...any) }, patterns []glob.Pattern, words []string) {
	r := relation{counts: everyString}
	for _, p := range patterns {
		r.patterns = append(r.patterns, p.Match)
	}
	atoms, complete := glob.Atoms(patterns, manySteps)
	if !complete {
		t.Fatalf("%q: not complete", patterns)
	}
	r.check(t, atoms, words)
}

func TestAtomsExhaustively(t *testing.T) {
	words := wordsUpTo("ab"+freshLetter, 5)
	texts := wordsUpTo("ab*?", 3)
	if len(words) == 0 || len(texts) == 0 {
		t.Fatal("nothing to compare")
	}
	for i, p := range texts {
		for _, q := range texts[:i+1] {
			checkAtoms(t, []glob.Pattern{glob.Compile(p), glob.Compile(q)}, words)
		}
	}
}

func TestAtomsProperties(t *testing.T) {
	words := wordsUpTo("aAb:"+freshLetter, 5)
	rapid.Check(t, func(t *rapid.T) {
		var patterns []glob.Pattern
		for _, text := range rapid.SliceOfN(rapid.StringMatching(`[aAb:*?]{0,6}`), 0, 5).Draw(t, "patterns") {
			if rapid.Bool().Draw(t, "folded") {
				patterns = append(patterns, glob.CompileFold(text))
			} else {
				patterns = append(patterns, glob.Compile(text))
			}
		}
		checkAtoms(t, patterns, words)
	})
}

func TestAtomsSurrogates(t *testing.T) {
	words := wordsUpTo("😀😁é"+freshLetter, 4)
	rapid.Check(t, func(t *rapid.T) {
		var patterns []glob.Pattern
		for _, text := range rapid.SliceOfN(rapid.StringMatching(`[😀😁é*?]{0,5}`), 0, 4).Draw(t, "patterns") {
			patterns = append(patterns, glob.Compile(text))
		}
		checkAtoms(t, patterns, words)
	})
}

// arnWords returns ARNs with the given fields in every place before the resource.
func arnWords(first []string, fields, resources []string) []string {
	words := first
	for range 4 {
		var longer []string
		for _, w := range words {
			for _, f := range fields {
				longer = append(longer, w+":"+f)
			}
		}
		words = longer
	}
	var all []string
	for _, w := range words {
		for _, r := range resources {
			all = append(all, w+":"+r)
		}
	}
	return all
}

func TestARNAtomsProperties(t *testing.T) {
	words := append(arnWords([]string{"arn"}, []string{"", "a", "A", "b", "#"}, wordsUpTo("ab:#", 2)), wordsUpTo("*#a:", 4)...)
	words = append(words, arnWords([]string{"arn", "aRn"}, []string{"", "a", "#"}, wordsUpTo("a:#", 3))...)
	text := arnText(`([aAb]|[*]|[?]|[aA][*]|[*]a|)`, `[ab:*?]{0,4}`)
	patterns := rapid.Custom(func(t *rapid.T) arnReading {
		s := text.Draw(t, "text")
		switch rapid.IntRange(0, 11).Draw(t, "shape") {
		case 0:
			s = "*"
		case 1:
			s = s[:strings.LastIndex(s, ":")]
		}
		return readARN(t, s)
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(patterns, 0, 4).Draw(t, "patterns")
		within := rapid.SliceOfN(patterns, 0, 3).Draw(t, "within")
		without := rapid.SliceOfN(patterns, 0, 2).Draw(t, "without")
		anyOf := func(ps []arnReading, s string) bool {
			return slices.ContainsFunc(ps, func(p arnReading) bool { return p.byField(s) })
		}
		r := relation{counts: func(s string) bool { return anyOf(within, s) && !anyOf(without, s) }}
		for _, p := range list {
			r.patterns = append(r.patterns, p.Match)
		}
		atoms, complete := glob.ARNAtoms(compiled(list), compiled(within), compiled(without), manySteps)
		if !complete {
			t.Fatalf("not complete")
		}
		// Words in which a pattern runs on need not be found.
		sure := slices.DeleteFunc(slices.Clone(words), func(s string) bool {
			return slices.ContainsFunc(list, func(p arnReading) bool { return p.Match(s) != p.byField(s) })
		})
		r.check(t, atoms, sure)
	})
}

// An arnReading is a pattern and what it would be if no "*" could run on.
type arnReading struct {
	glob.ARNPattern
	byField func(string) bool
}

func readARN(t interface{ Fatal(...any) }, s string) arnReading {
	p, err := glob.CompileARN(s)
	if err != nil {
		t.Fatal(err)
	}
	if s == "*" {
		return arnReading{p, everyString}
	}
	var fields [6]glob.Pattern
	parts := strings.SplitN(s, ":", 6)
	for i := range fields {
		switch {
		case i >= len(parts):
			fields[i] = glob.Compile("*")
		case i < 5:
			fields[i] = glob.CompileFold(parts[i])
		default:
			fields[i] = glob.Compile(parts[i])
		}
	}
	return arnReading{p, matchFields(fields)}
}

func compiled(readings []arnReading) (ps []glob.ARNPattern) {
	for _, r := range readings {
		ps = append(ps, r.ARNPattern)
	}
	return ps
}

func matchFields(fields [6]glob.Pattern) func(string) bool {
	return func(s string) bool {
		parts := strings.SplitN(s, ":", 6)
		if len(parts) != 6 {
			return false
		}
		for i, p := range fields {
			if !p.Match(parts[i]) {
				return false
			}
		}
		return true
	}
}

func TestValueAtomsProperties(t *testing.T) {
	words := append(arnWords([]string{"arn", "a"}, []string{"", "a", "A", "#"}, wordsUpTo("ab:#", 2)), wordsUpTo("#a:", 6)...)
	arnTexts := arnText(`([aA]|[*]|[?]|a[*]|[*]a|)`, `[ab:*?]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		r := relation{counts: everyString}
		var texts []glob.Pattern
		for _, s := range rapid.SliceOfN(rapid.OneOf(arnTexts, rapid.StringMatching(`[a:*?]{0,6}`)), 0, 3).Draw(t, "texts") {
			texts = append(texts, glob.Compile(s))
			r.patterns = append(r.patterns, glob.Compile(s).Match)
		}
		var arns [][6]glob.Pattern
		for _, s := range rapid.SliceOfN(arnTexts, 0, 3).Draw(t, "arns") {
			var fields [6]glob.Pattern
			for i, f := range strings.SplitN(s, ":", 6) {
				fields[i] = glob.Compile(f)
			}
			if rapid.IntRange(0, 5).Draw(t, "colon") == 0 {
				fields[3] = glob.Compile("a:*") // no field can match this
			}
			arns = append(arns, fields)
			r.patterns = append(r.patterns, matchFields(fields))
		}
		atoms, complete := glob.ValueAtoms(texts, arns, manySteps)
		if !complete {
			t.Fatalf("not complete")
		}
		r.check(t, atoms, words)
	})
}

// TestAtomsOfLongWords draws longer patterns than TestAtomsProperties, and words that one of them
// matches.
func TestAtomsOfLongWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`(ab|a|b|ba|[*]|a[?]){0,7}`), 1, 3).Draw(t, "texts")
		var patterns []glob.Pattern
		for _, text := range texts {
			patterns = append(patterns, glob.Compile(text))
		}
		var words []string
		for range 20 {
			words = append(words, instance(t, rapid.SampledFrom(texts).Draw(t, "text")))
		}
		checkAtoms(t, patterns, words)
	})
}

// instance draws a word that the pattern matches.
func instance(t *rapid.T, text string) string {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '*':
			b.WriteString(rapid.StringMatching(`[ab#]{0,6}`).Draw(t, "run"))
		case '?':
			b.WriteString(rapid.StringMatching(`[ab#]`).Draw(t, "unit"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// FuzzAtoms gets patterns one a line, and a word.
func FuzzAtoms(f *testing.F) {
	f.Add("*a*\n*b*\na?b", "acb")
	f.Add("😀*\n??\n*😁", "😀")
	f.Add("arn:aws:s3:::b/*\n*/x\n\xff", "arn:aws:s3:::b/x")
	f.Add(strings.Repeat("*a", 30)+"\n*b"+strings.Repeat("?", 30), "")
	f.Fuzz(func(t *testing.T, list, word string) {
		lines := strings.Split(list, "\n")
		if len(lines) > 12 {
			return
		}
		var patterns []glob.Pattern
		r := relation{counts: everyString}
		for i, line := range lines {
			p := glob.Compile(line)
			if i%2 == 1 {
				p = glob.CompileFold(line)
			}
			patterns = append(patterns, p)
			r.patterns = append(r.patterns, p.Match)
		}
		atoms, complete := glob.Atoms(patterns, 2000)
		words := []string{word}
		if !complete || strings.Contains(list, freshLetter) {
			words = nil
		}
		r.check(t, atoms, words)
		again, _ := glob.Atoms(patterns, 2000)
		if d := cmp.Diff(atoms, again); d != "" {
			t.Error(d)
		}
	})
}

func hostile() map[string][]glob.Pattern {
	var subsets []glob.Pattern
	for i := range 24 {
		subsets = append(subsets, glob.Compile(fmt.Sprintf("*-%c*", 'a'+i)))
	}
	return map[string][]glob.Pattern{
		"exponentially many states": {glob.Compile("*a" + strings.Repeat("?", 40)), glob.Compile("*b" + strings.Repeat("?", 41))},
		"exponentially many atoms":  subsets,
		"many stars":                {glob.Compile(strings.Repeat("*a", 3000)), glob.Compile(strings.Repeat("*b", 3000)), glob.Compile(strings.Repeat("*ab", 2000))},
	}
}

func TestAtomsStopAtBudget(t *testing.T) {
	for name, patterns := range hostile() {
		t.Run(name, func(t *testing.T) {
			atoms, complete := glob.Atoms(patterns, 5000)
			if complete {
				t.Fatal("complete")
			}
			r := relation{counts: everyString}
			for _, p := range patterns {
				r.patterns = append(r.patterns, p.Match)
			}
			r.check(t, atoms, nil)
		})
	}
	if atoms, complete := glob.Atoms(nil, 0); len(atoms) != 0 || complete {
		t.Errorf("without steps: %v, %v", atoms, complete)
	}
}

func TestARNAtomsSamples(t *testing.T) {
	compile := func(texts ...string) (ps []glob.ARNPattern) {
		for _, s := range texts {
			p, err := glob.CompileARN(s)
			if err != nil {
				t.Fatal(err)
			}
			ps = append(ps, p)
		}
		return ps
	}
	for _, test := range []struct {
		name                      string
		patterns, within, without []string
		want                      []string
	}{
		{"nothing counts", []string{"*"}, nil, nil, nil},
		{"everything is without", []string{"*"}, []string{"*"}, []string{"*"}, nil},
		{"objects", []string{"arn:aws:s3:::orders/*", "*"}, []string{"arn:*:s3:::*/*"}, nil, []string{
			"arn:aws:s3:::x/x [false true] true", "arn:aws:s3:::orders/x [true true] true",
		}},
		{"literals", []string{"arn:aws:sqs:eu-west-1:111122223333:a", "arn:aws:sqs:eu-west-1:111122223333:b"},
			[]string{"arn:aws:sqs:*:*:*"}, nil, []string{
				"arn:aws:sqs:::x [false false] true",
				"arn:aws:sqs:eu-west-1:111122223333:a [true false] false",
				"arn:aws:sqs:eu-west-1:111122223333:b [false true] false",
			}},
		{"another service", []string{"arn:aws:sns:*:*:*", "arn:aws:sqs:*:111122223333:*"}, []string{"arn:aws:sqs:*:*:*"}, nil, []string{
			"arn:aws:sqs:::x [false false] true", "arn:aws:sqs::111122223333:x [false true] true",
		}},
		{"buckets without objects", []string{"arn:aws:s3:::*", "arn:aws:s3:::b*"}, []string{"arn:*:s3:::*"}, []string{"arn:*:s3:::*/*"}, []string{
			"arn:awsx:s3:::x [false false] true", "arn:aws:s3:::x [true false] true", "arn:aws:s3:::bx [true true] true",
		}},
		{"all resources", []string{"arn:aws:s3:::*", "*"}, []string{"*"}, nil, []string{
			"arn:aws:x:::x [false true] true", "arn:aws:s3:::x [true true] true",
		}},
		{"a star runs on into a key", []string{"arn:aws:s3:::foo/*", "arn:aws:s3:*:*:foo/*"}, []string{"arn:aws:s3:::*/*"}, nil, []string{
			"arn:aws:s3:::x/x [false false] true", "arn:aws:s3:::foo/x [true true] true",
			"arn:aws:s3:::x/x:foo/x [false true] true runs on",
		}},
		{"a star takes the account too", []string{"arn:aws:logs:*:log-group:/a*", "arn:aws:logs:*:*:log-group:/a?"},
			[]string{"arn:aws:logs:*:*:log-group:*"}, nil, []string{
				"arn:aws:logs:::log-group:x [false false] true",
				"arn:aws:logs:::log-group:/axx [true false] true",
				"arn:aws:logs:::log-group:/ax [true true] true",
			}},
		{"functions", []string{"arn:aws:lambda:eu-*:*:function:orders-*", "arn:aws:lambda:*:111122223333:function:*:prod"},
			[]string{"arn:*:lambda:*:*:function:*", "arn:*:lambda:*:*:function:*:*"}, nil, []string{
				"arn:aws:lambda:::function:x [false false] true",
				"arn:aws:lambda:eu-::function:orders-x [true false] true",
				"arn:aws:lambda::111122223333:function:x:prod [false true] true",
				"arn:aws:lambda:eu-:111122223333:function:orders-x:prod [true true] true",
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			atoms, complete := glob.ARNAtoms(compile(test.patterns...), compile(test.within...), compile(test.without...), 10_000)
			if !complete {
				t.Fatal("not complete")
			}
			var got []string
			for _, a := range atoms {
				line := fmt.Sprint(a.Sample, " ", a.Matches, " ", a.Free)
				if a.RunsOn {
					line += " runs on"
				}
				got = append(got, line)
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
