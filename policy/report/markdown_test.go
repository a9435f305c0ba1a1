package report

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMarkdownEscapes(t *testing.T) {
	for _, test := range []struct{ in, code, prose string }{
		{"", "(none)", "(none)"},
		{"s3:GetObject", "`s3:GetObject`", "`s3:GetObject`"},
		{"a plain sentence, with words.", "`a plain sentence, with words.`", "a plain sentence, with words."},
		{"s3:Foo is unknown, see s3:Get*.", "`s3:Foo is unknown, see s3:Get*.`", "`s3:Foo` is unknown, see `s3:Get*`."},
		{`Amazon S3 has no "s3:Foo": did you mean s3:GetFoo? Way (x-001).`,
			"`Amazon S3 has no \"s3:Foo\": did you mean s3:GetFoo? Way (x-001).`",
			"Amazon S3 has no \"`s3:Foo`\": did you mean `s3:GetFoo`? Way (`x-001`)."},
		{"a|b", "`a\\u007cb`", "`a\\u007cb`"},
		{"`x`", "`\\u0060x\\u0060`", "`\\u0060x\\u0060`"},
		{"<b>", "`\\u003cb>`", "`\\u003cb>`"},
		{"@octocat and #1", "`@octocat and #1`", "`@octocat` and `#1`"},
		{"![i](http://x) www.x.org", "`![i](http://x) www.x.org`", "`![i](http://x) www.x.org`"},
		{"${aws:username}", "`${aws:username}`", "`${aws:username}`"},
		{"a\nb\u202ec", "`a\\u000ab\\u202ec`", "`a\\u000ab\\u202ec`"},
		{"1. - # > ...", "`1. - # > ...`", "`1`. `- # > ...`"},
		{"GH-1 back\\", "`GH-1 back\\`", "`GH-1 back\\`"},
	} {
		if d := cmp.Diff([]string{test.code, test.prose}, []string{code(test.in), prose(test.in)}); d != "" {
			t.Errorf("%q (-want +got):\n%s", test.in, d)
		}
	}
}

func TestCut(t *testing.T) {
	same := func(s string) string { return s }
	for _, test := range []struct{ in, want string }{
		{"", ""}, {"abc", "abc"}, {"abcd", "abc…"}, {"\U0001f600\U0001f600\U0001f600", "\U0001f600\U0001f600\U0001f600"},
		{"\U0001f600\U0001f600\U0001f600\U0001f600", "\U0001f600\U0001f600\U0001f600…"}, {strings.Repeat("\xff", 100), "\ufffd…"}, {"a\n", "a\\u…"},
	} {
		if got := cut(test.in, 3, same); got != test.want {
			t.Errorf("cut(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

var (
	span = regexp.MustCompile("`[^`\n]*`")
	tag  = regexp.MustCompile("<(/?details|/?summary|/?code|br)>")
)

// checkMarkdown fails where data could have got out of its place.
func checkMarkdown(t interface{ Fatalf(string, ...any) }, text string) {
	if len(text) >= markdownLimit {
		t.Fatalf("%d bytes", len(text))
	}
	if i := strings.IndexFunc(text, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 {
		t.Fatalf("unprintable character at %d of %q", i, text)
	}
	columns := 0
	for _, line := range strings.Split(text, "\n") {
		if strings.Count(line, "`")%2 != 0 {
			t.Fatalf("unbalanced code span in %q", line)
		}
		if strings.Contains(tag.ReplaceAllString(line, ""), "<") {
			t.Fatalf("< in %q", line)
		}
		bare := span.ReplaceAllString(line, "X")
		if strings.ContainsAny(bare, "@[]{}$\\~^") {
			t.Fatalf("markup outside a code span in %q", line)
		}
		if !strings.HasPrefix(line, "|") {
			columns = 0
			if strings.Contains(line, "|") {
				t.Fatalf("table break in %q", line)
			}
			continue
		}
		n := strings.Count(line, "|")
		if columns != 0 && n != columns {
			t.Fatalf("%d pipes instead of %d in %q", n, columns, line)
		}
		columns = n
	}
	if a, b := strings.Count(text, "<details>"), strings.Count(text, "</details>"); a != b {
		t.Fatalf("%d <details> and %d </details>", a, b)
	}
	if !strings.HasPrefix(text, "**") {
		t.Fatalf("it does not open with a bold sentence: %.80q", text)
	}
}

func TestMarkdownFixtures(t *testing.T) {
	for _, section := range sections {
		var b bytes.Buffer
		if err := Markdown(&b, section.report()); err != nil {
			t.Fatal(err)
		}
		checkMarkdown(t, b.String())
	}
}

// TestMarkdownHostile: whatever the names are, they stay in their place.
func TestMarkdownHostile(t *testing.T) {
	bits := rapid.SampledFrom([]string{"`", "``", "|", "\\", "\\|", "<script>", "</details>", "-->", "@me", "[a](b)", "![", "\n", "\r\n", "${x}", "$`", "*", "_", "#1", "http://x", "&lt;", " ", "a", "1", ".", ",", "\u202e", "\x00", "\xff", "é", "…", "\u2028"})
	names := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(bits), func(parts []string) string { return strings.Join(parts, "") }))
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(sections).Draw(t, "section").report()
		replaceStrings(&r, func() string { return names.Draw(t, "name") })
		var b bytes.Buffer
		if err := Markdown(&b, r); err != nil {
			t.Fatal(err)
		}
		checkMarkdown(t, b.String())
	})
}

// TestMarkdownBound: the text has less than the limit whatever the size, and says what is left out.
func TestMarkdownBound(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	long := func() string { return strings.Repeat("x @ ` | é ", random.IntN(100)) }
	for _, n := range []int{1, 10, 100, 1000, 5000} {
		for _, section := range sections {
			r := section.report()
			replaceStrings(&r, long)
			r.Roles = many(r.Roles, n)
			r.Comparisons = many(r.Comparisons, n)
			for i := range min(10, len(r.Comparisons)) {
				r.Comparisons[i].Changes = many(r.Comparisons[i].Changes, n/10)
				r.Comparisons[i].Notes = many(r.Comparisons[i].Notes, n)
			}
			if r.Lint != nil {
				r.Lint.Findings, r.Lint.Ignored, r.Lint.Rules = many(r.Lint.Findings, n), many(r.Lint.Ignored, n), many(r.Lint.Rules, n)
			}
			r.Unused = many(r.Unused, n)
			for i := range r.Unused {
				r.Unused[i].Notes = many(r.Unused[i].Notes, 20)
			}
			var b bytes.Buffer
			if err := Markdown(&b, r); err != nil {
				t.Fatal(err)
			}
			checkMarkdown(t, b.String())
			if n == 5000 && section.name != "same" && !strings.Contains(b.String(), "left out") {
				t.Errorf("%s, %d: it does not say that rows were left out", section.name, n)
			}
		}
	}
}

func many[T any](items []T, n int) []T {
	if len(items) == 0 {
		return items
	}
	var out []T
	for len(out) < n {
		out = append(out, items...)
	}
	return out
}

// TestMarkdownDegrades: evidence goes first, then detail; the rows stay as long as they can.
func TestMarkdownDegrades(t *testing.T) {
	var got []string
	for _, n := range []int{1, 150, 300, 2000} {
		r := base()
		c := Comparison{Name: "role", Old: "old", New: "new"}
		for i := range n {
			for _, kind := range []string{"granted", "removed"} {
				c.Changes = append(c.Changes, Change{Kind: kind, Widens: kind == "granted", Service: "s3", Actions: []string{fmt.Sprintf("s3:Get%d", i)}, Known: []string{"a"},
					Resources: []string{"*"}, Gained: &Witness{Action: strings.Repeat("a", 400), Resource: "*", Confirmed: true}})
			}
		}
		r.Comparisons = []Comparison{c}
		var b bytes.Buffer
		if err := Markdown(&b, r); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		left := regexp.MustCompile(`[0-9]+ rows left out`).FindString(text)
		got = append(got, fmt.Sprintf("%d: evidence %v, removed rows %v, %s", n, strings.Contains(text, "e.g."), strings.Contains(text, "| removed"), left))
	}
	want := []string{
		"1: evidence true, removed rows true, ",
		"150: evidence false, removed rows true, ",
		"300: evidence false, removed rows true, ",
		"2000: evidence false, removed rows false, 1000 rows left out",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzEscapes(f *testing.F) {
	for _, s := range []string{"", evil, "a|b", "\\|", "`", "``a``", "a `b", "<!-- -->", "$`x`$", "1.", "- x", "\xff", "a\\", "``` \n x", "&#96;", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkMarkdown(t, "**x**\n| a | b |\n|---|---|\n| "+code(s)+" | "+prose(s)+" |\n")
		checkMarkdown(t, "**x**\n"+htmlName(s)+"\n")
	})
}
