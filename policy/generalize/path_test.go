package generalize

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/glob"
)

func TestCollapse(t *testing.T) {
	for _, test := range []struct{ pattern, want string }{
		{"", ""},
		{"a/b", "a/b"},
		{"*", "*"},
		{"in/*/*/*/*.json", "in/*.json"},
		{"*-*_*", "*"},
		{"*/a/*", "*/a/*"},
		{"year=*/month=*", "year=*/month=*"},
		{"*${*}*", "*"},
		{"*${$}*/x", "*/x"},
		{"${*}/*/${?}", "${*}/*/${?}"},
		{"*?*", "*"},
		{"*ü*", "*ü*"},
		{"a*-", "a*-"},
	} {
		if got := collapse(test.pattern); got != test.want {
			t.Errorf("collapse(%q) = %q, want %q", test.pattern, got, test.want)
		}
	}
}

// pieces draws patterns as newLevel writes them.
func pieces() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{"a", "b", "ab", "1", "2", "-", ".", "/", "*", "?", "${*}", "${?}", "${$}", "é", "{", "}"})
	return rapid.Custom(func(t *rapid.T) string {
		var s string
		for _, p := range rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces") {
			s += p
		}
		return s
	})
}

func TestCollapseCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pieces().Draw(t, "pattern")
		c := collapse(p)
		if !compile(t, c).Covers(compile(t, p)) {
			t.Fatalf("collapse(%q) = %q does not cover it", p, c)
		}
		if again := collapse(c); again != c {
			t.Fatalf("collapse(%q) = %q, and again %q", p, c, again)
		}
	})
}

func TestCommon(t *testing.T) {
	for _, test := range []struct {
		reason   string
		texts    []string
		leaf     bool
		prefix   string
		suffixes []string
	}{
		{"cut back to where a word ends", []string{"team-alpha", "team-able"}, false, "team-", []string{""}},
		{"a number after a word", []string{"order1001", "order1002"}, false, "order", []string{""}},
		{"not always a number", []string{"order1", "orders"}, false, "", []string{""}},
		{"an extension", []string{"a.pdf", "b.pdf"}, true, "", []string{".pdf"}},
		{"two extensions", []string{"a.pdf", "b.pdf", "c.txt"}, true, "", []string{".pdf", ".txt"}},
		{"the suffix may be longer", []string{"a-v1.tar.gz", "b-v1.tar.gz"}, true, "", []string{"-v1.tar.gz"}},
		{"a name without extension", []string{"a.pdf", "b"}, true, "", []string{""}},
		{"numbers are no extensions", []string{"a.1", "b.2"}, true, "", []string{""}},
		{"too many extensions", []string{"a.a", "a.b", "b.c", "b.d", "b.e"}, true, "", []string{""}},
		{"extensions matter in files only", []string{"a.pdf", "b.txt"}, false, "", []string{""}},
		{"prefix and suffix do not overlap", []string{"a.b", "a.b.b"}, true, "a.", []string{""}},
		{"one begins the other", []string{"x-", "x-y"}, false, "x-", []string{""}},
		{"escapes stay whole", []string{"${*}a", "${?}a"}, false, "", []string{""}},
		{"stars too", []string{"*-alice.csv", "*-bob.csv"}, true, "*-", []string{".csv"}},
	} {
		prefix, suffixes := common(test.texts, test.leaf)
		if diff := cmp.Diff(append([]string{test.prefix}, test.suffixes...), append([]string{prefix}, suffixes...)); diff != "" {
			t.Errorf("%s: common(%q) (-want +got):\n%s", test.reason, test.texts, diff)
		}
	}
}

func TestCommonCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(pieces(), 2, 6, rapid.ID).Draw(t, "texts")
		prefix, suffixes := common(texts, rapid.Bool().Draw(t, "leaf"))
	next:
		for _, text := range texts {
			for _, suffix := range suffixes {
				if compile(t, prefix+"*"+suffix).Covers(compile(t, text)) {
					continue next
				}
			}
			t.Fatalf("common(%q) = %q, %q does not cover %q", texts, prefix, suffixes, text)
		}
	})
}

func compile(t interface{ Fatalf(string, ...any) }, pattern string) glob.Pattern {
	p, err := glob.CompileEscaped(pattern)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}
