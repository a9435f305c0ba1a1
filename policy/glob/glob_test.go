package glob_test

import (
	"fmt"
	"testing"

	"github.com/whittle-iam/whittle/policy/glob"
)

func ExamplePattern_Covers() {
	read := glob.CompileFold("s3:Get*")
	one := glob.CompileFold("s3:getobject")
	fmt.Println(read.Match("s3:GetObjectTagging"), read.Covers(one), one.Covers(read))
	// Output: true true false
}

func ExampleLiteral() {
	fmt.Println(glob.Literal("reports/${aws:username}/*"))
	fmt.Println(glob.Literal("naïve/日本😀"))
	// Output:
	// reports/${$}{aws:username}/${*} true
	// naïve/???? false
}

func ExampleCompileARN() {
	keys, err := glob.CompileARN("arn:aws:s3:::orders/2026/*")
	if err != nil {
		panic(err)
	}
	fmt.Println(keys.Match("arn:aws:s3:::orders/2026/a:b/c"))
	// Output: true
}

func TestMatch(t *testing.T) {
	tests := []struct {
		name, pattern, s string
		want             bool
	}{
		{"empty matches empty", "", "", true},
		{"empty matches nothing else", "", "a", false},
		{"star matches empty", "*", "", true},
		{"star crosses line breaks", "a*b", "a\n\r\nb", true},
		{"star crosses slashes and colons", "a*b", "a/:b", true},
		{"question mark wants one unit", "a?b", "ab", false},
		{"question mark takes a line break", "a?b", "a\nb", true},
		{"one question mark is half an emoji", "?", "😀", false},
		{"two question marks are an emoji", "??", "😀", true},
		{"brackets are literal", "[ab]", "a", false},
		{"brackets match themselves", "[ab]", "[ab]", true},
		{"backslash is literal", `a\*`, `a\b`, true},
		{"backslash does not escape", `a\*`, `a*`, false},
		{"stars in sequence", "a**?b", "axb", true},
		{"star before question mark needs a unit", "a*?", "a", false},
		{"backtracking over a false start", "*aab", "aaab", true},
		{"suffix twice", "a*ab", "aab", true},
		{"case counts", "abc", "ABC", false},
		{"plain notation has no escapes", "${*}", "${anything}", true},
		{"invalid bytes are one unit each", "??", "\xff\xfe", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := glob.Compile(test.pattern).Match(test.s); got != test.want {
				t.Errorf("Compile(%q).Match(%q) = %v, want %v", test.pattern, test.s, got, test.want)
			}
		})
	}
}

func TestCompileEscaped(t *testing.T) {
	tests := []struct {
		name, pattern string
		canonical     string
		err           string
	}{
		{"wildcards", "a*?b", "a?*b", ""},
		{"escapes", "${*}${?}${$}{x}", "${*}${?}${$}{x}", ""},
		{"dollar without brace", "a$b", "a${$}b", ""},
		{"variable", "home/${aws:username}/*", "",
			`pattern "home/${aws:username}/*": variable "${aws:username}" has no value here`},
		{"unclosed", "a${b", "", `pattern "a${b": "${b" has no closing brace`},
		{"outside the basic plane", "😀*", "😀*", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := glob.CompileEscaped(test.pattern)
			if err != nil || test.err != "" {
				if fmt.Sprint(err) != test.err {
					t.Fatalf("error %v, want %v", err, test.err)
				}
				return
			}
			if got := p.String(); got != test.canonical {
				t.Errorf("String() = %q, want %q", got, test.canonical)
			}
		})
	}
}

func TestCovers(t *testing.T) {
	tests := []struct {
		p, q string
		want bool
	}{
		{"*", "", true},
		{"", "*", false},
		{"?*", "*?", true},
		{"*a*", "*ab*", true},
		{"*ab*", "*a*b*", false},
		{"*a*b*", "*ab*", true},
		{"a?*", "a*b", true},
		{"a*b", "a?*", false},
		{"a", "a*", false},
		{"*a??", "*a??", true},
		{"*a??", "*a*??", false},
		{"*a?*b", "a*ab", true},
		{"*?a", "*aa", true},
		{"b*?a", "b*aa", true},
		{"????", "😀😀", true},
		{"😀?", "😀*", false},
	}
	for _, test := range tests {
		if got := glob.Compile(test.p).Covers(glob.Compile(test.q)); got != test.want {
			t.Errorf("%q covers %q: %v, want %v", test.p, test.q, got, test.want)
		}
	}
}

func TestFold(t *testing.T) {
	plain, folded := glob.Compile, glob.CompileFold
	tests := []struct {
		name      string
		p, q      glob.Pattern
		covers    bool
		intersect bool
	}{
		{"both folded", folded("S3:GET*"), folded("s3:getObject"), true, true},
		{"folded covers plain", folded("s3:get*"), plain("S3:GetObject"), true, true},
		{"plain does not cover folded", plain("s3:get*"), folded("s3:getobject"), false, true},
		{"plain covers folded without letters", plain("1?*"), folded("1a"), true, true},
		{"only ASCII folds", folded("k"), plain("\u212a"), false, false},
		{"cases apart", plain("a*"), plain("A*"), false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.p.Covers(test.q); got != test.covers {
				t.Errorf("Covers = %v, want %v", got, test.covers)
			}
			if got := test.p.Intersects(test.q); got != test.intersect {
				t.Errorf("Intersects = %v, want %v", got, test.intersect)
			}
		})
	}
}
