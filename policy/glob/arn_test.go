package glob_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/glob"
)

func TestARNMatch(t *testing.T) {
	tests := []struct {
		name, pattern, resource string
		want                    bool
	}{
		{"everything matches a star", "*", "*", true},
		{"a whole ARN of stars is no star", "arn:*:*:*:*:*", "*", false},
		{"bucket* takes keys of bucket2", "arn:aws:s3:::bucket*", "arn:aws:s3:::bucket2/key", true},
		{"resource crosses colons", "arn:aws:logs:eu-west-1:111122223333:log-group:/a*", "arn:aws:logs:eu-west-1:111122223333:log-group:/ab:log-stream:x", true},
		{"inner star stays in its field", "arn:aws:s*3:::b", "arn:aws:s:3:::b", false},
		{"last star of a field runs on", "arn:aws:logs:*:x", "arn:aws:logs:eu-west-1:1:x:y", true},
		{"missing fields are stars", "arn:aws:sqs", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"missing fields need a field", "arn:aws:sqs", "arn:aws:sqs", false},
		{"fields before the resource fold", "arn:aws:SQS:EU-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"resource does not fold", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:Q", false},
		{"escaped star", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", false},
		{"escaped star matches itself", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", true},
		{"question mark is no colon", "arn:aws:s3?::b", "arn:aws:s3:::b", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := glob.CompileARN(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Match(test.resource); got != test.want {
				t.Errorf("%q matches %q: %v, want %v", test.pattern, test.resource, got, test.want)
			}
			byField := test.want && test.name != "last star of a field runs on"
			if got := p.MatchFields(test.resource); got != byField {
				t.Errorf("%q matches the fields of %q: %v, want %v", test.pattern, test.resource, got, byField)
			}
		})
	}
}

func TestCompileARNErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		"bucket":                        `resource "bucket": neither "*" nor an ARN`,
		"":                              `resource "": neither "*" nor an ARN`,
		"**":                            "",
		"arn:aws:kms:*:${aws:x}:key/*":  `resource: pattern "arn:aws:kms:*:${aws:x}:key/*": variable "${aws:x}" has no value here`,
		"arn:aws:s3:::b/${aws:username": `resource: pattern "arn:aws:s3:::b/${aws:username": "${aws:username" has no closing brace`,
	} {
		_, err := glob.CompileARN(pattern)
		if got := fmt.Sprint(err); got != want && (err != nil || want != "") {
			t.Errorf("CompileARN(%q): %s, want %s", pattern, got, want)
		}
	}
}

// arnText draws patterns and resources alike, small enough to meet often.
func arnText(field, resource string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		fields := []string{"arn"}
		for range 4 {
			fields = append(fields, rapid.StringMatching(field).Draw(t, "field"))
		}
		fields = append(fields, rapid.StringMatching(resource).Draw(t, "resource"))
		return strings.Join(fields, ":")
	})
}

func TestARNRelations(t *testing.T) {
	patterns := arnText(`[aA]?[*?]?`, `[ab:/*?]{0,4}`)
	resources := arnText(`[aAb]{0,2}`, `[ab:/]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := patterns.Draw(t, "a"), patterns.Draw(t, "b")
		if rapid.Bool().Draw(t, "shortened") {
			a = a[:strings.LastIndex(a, ":")]
		}
		p, err := glob.CompileARN(a)
		if err != nil {
			t.Fatal(err)
		}
		q, err := glob.CompileARN(b)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			r := resources.Draw(t, "r")
			if p.Match(r) && q.Match(r) && !p.Intersects(q) {
				t.Fatalf("%q and %q both match %q but do not intersect", a, b, r)
			}
			if q.Match(r) && !p.Match(r) && p.Covers(q) {
				t.Fatalf("%q covers %q but not %q", a, b, r)
			}
		}
		if !p.Covers(p) || !p.Intersects(p) {
			t.Fatalf("%q: not reflexive", a)
		}
		back, err := glob.CompileARN(p.String())
		if err != nil || back.String() != p.String() || !back.Covers(p) || !p.Covers(back) {
			t.Fatalf("%q does not come back from %q: %v", a, p, err)
		}
	})
}
