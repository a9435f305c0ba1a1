package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
)

func TestParse(t *testing.T) {
	got, err := policy.Parse([]byte(`{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","NotResource":["a","b"],
		"Condition":{"StringLike":{"b":"1"},"Bool":{"a":[true,"false",1.50]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &policy.Document{
		Version: policy.Version2008,
		Statements: []policy.Statement{{
			Effect:       policy.Allow,
			Actions:      []string{"*"},
			NotResources: []string{"a", "b"},
			Conditions: []policy.Condition{
				{Operator: "Bool", Key: "a", Values: []string{"true", "false", "1.50"}},
				{Operator: "StringLike", Key: "b", Values: []string{"1"}},
			},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	const ok = `"Effect":"Allow","Action":"a:B","Resource":"*"`
	tests := []struct {
		name, text, want string
	}{
		{"empty", ``, `1:1: not JSON: unexpected end of JSON input`},
		{"cut off", "{\"Version\":\n \"2012", `2:7: not JSON: unexpected end of JSON input`},
		{"stray character", "{\n  é}", `2:3: not JSON: invalid character 'Ã' looking for beginning of object key string`},
		{"two values", `{"Statement":[]} {}`, `1:18: not JSON: invalid character '{' after top-level value`},
		{"not UTF-8", "{\"é\xff", `1:4: not UTF-8`},
		{"deep nesting", strings.Repeat("[", 20000), `1:10001: not JSON: invalid character '[' exceeded max depth`},
		{"too long", strings.Repeat(" ", policy.MaxSource+1), `1:1: longer than 1 MiB: not an IAM policy`},
		{"a list", `[]`, `1:1: a policy must be an object, not a list`},
		{"a string, as the API's encoded form", `"%7B%7D"`, `1:1: a policy must be an object, not a string`},
		{"no statement", `{"Version":"2012-10-17"}`, `1:1: a policy must have a Statement`},
		{"unknown version", `{"Version":"2012-10-18","Statement":[]}`, `1:12: Version must be "2012-10-17" or "2008-10-17", not "2012-10-18"`},
		{"version is a date", `{"Version":2012}`, `1:12: Version must be a string, not a number`},
		{"answer of the API", `{"PolicyVersion":{"Document":{}}}`, `1:2: this is not a policy but an answer or a template that holds one: pass only what stands under "PolicyVersion"`},
		{"unknown element", `{"Statements":[]}`, `1:2: a policy has no element "Statements", only Version, Statement`},
		{"element in other case", `{"statement":[]}`, `1:2: a policy has no element "statement": it is spelt "Statement"`},
		{"Id", `{"Id":"x","Statement":[]}`, `1:2: Id belongs to resource and trust policies, which this looks like; an identity policy has none`},
		{"repeated element", `{"Statement":[],"Statement":[]}`, `1:17: a policy has "Statement" twice`},
		{"statement is a string", `{"Statement":["x"]}`, `1:15: a statement must be an object, not a string`},
		{"Principal", `{"Statement":{"Principal":"*",` + ok + `}}`, `1:15: Principal belongs to resource and trust policies, which this looks like; an identity policy has none`},
		{"no effect", `{"Statement":{"Action":"a:B","Resource":"*"}}`, `1:14: a statement must have an Effect`},
		{"effect in other case", `{"Statement":{"Effect":"allow"}}`, `1:24: Effect must be "Allow" or "Deny", not "allow"`},
		{"no action", `{"Statement":{"Effect":"Deny","Resource":"*"}}`, `1:14: a statement must have either Action or NotAction`},
		{"both actions", `{"Statement":{` + ok + `,"NotAction":[]}}`, `1:14: a statement must have either Action or NotAction`},
		{"no resource", `{"Statement":{"Effect":"Deny","Action":"*"}}`, `1:14: a statement must have either Resource or NotResource`},
		{"list within a list", `{"Statement":{"Action":["a",["b"]]}}`, `1:29: Action must hold strings, not a list`},
		{"null resource", `{"Statement":{"Resource":null}}`, `1:26: Resource must hold strings, not null`},
		{"sid with a hyphen", `{"Statement":{"Sid":"a-b"}}`, `1:21: Sid "a-b" may hold only the letters A-Z, a-z and digits`},
		{"sid twice", `{"Statement":[{"Sid":"a",` + ok + "},\n{\"Sid\":\"a\"}]}", `2:8: Sid "a" is taken by an earlier statement`},
		{"condition is a list", `{"Statement":{"Condition":[]}}`, `1:27: Condition must be an object, not a list`},
		{"operator is a string", `{"Statement":{"Condition":{"Bool":"x"}}}`, `1:35: Condition Bool must be an object, not a string`},
		{"condition key in two cases", `{"Statement":{"Condition":{"Bool":{"aws:A":[],"AWS:a":[]}}}}`, `1:47: Condition Bool has the key "AWS:a" twice, in different case`},
		{"control characters in names", `{"Statement":{"Condition":{"\u001b[1m":{"\u0007":null}}}}`, `1:50: Condition "\x1b[1m" "\a" must hold strings, numbers or booleans, not null`},
		{"value is an object", `{"Statement":{"Condition":{"Bool":{"a":{}}}}}`, `1:40: Condition Bool a must hold strings, numbers or booleans, not an object`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := policy.Parse([]byte(test.text))
			var syntax *policy.SyntaxError
			if doc != nil || !errors.As(err, &syntax) {
				t.Fatalf("Parse = %v, %v", doc, err)
			}
			if err.Error() != test.want {
				t.Errorf("error\n%s, want\n%s", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range fixtures(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := policy.Parse(text)
		var syntax *policy.SyntaxError
		switch {
		case err != nil && !errors.As(err, &syntax):
			t.Fatalf("error is %T", err)
		case err == nil:
			roundTrip(t, *doc)
		}
	})
}
