package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
)

// TestParseSource: what is right is understood although much else is wrong, and all that is wrong is
// told.
func TestParseSource(t *testing.T) {
	src := policy.ParseSource([]byte(`{
  "Version": "2012-10-18", "Id": "x",
  "Statement": [
    {"Sid": "a-b", "Effect": "allow", "Action": ["s3:GetObject", 1], "Resource": "*", "Principal": "*",
     "Condition": {"Bool": {"b": true, "B": [false, null]}, "Null": 1}},
    "x",
    {"Sid": "ok", "Effect": "Deny", "NotAction": "iam:*", "Action": [], "Action": "a:b",
     "Condition": {"StringLike": {"k": ["v", 2]}}}
  ]
}`))
	text := func(value string, line, column int) policy.Text {
		return policy.Text{Value: value, Pos: policy.Position{Line: line, Column: column}}
	}
	want := &policy.Source{
		Pos:     policy.Position{Line: 1, Column: 1},
		Version: text("2012-10-18", 2, 14),
		Document: policy.Document{Statements: []policy.Statement{
			{
				Actions: []string{"s3:GetObject"}, Resources: []string{"*"},
				Conditions: []policy.Condition{
					{Operator: "Bool", Key: "B", Values: []string{"false"}}, {Operator: "Bool", Key: "b", Values: []string{"true"}},
				},
			},
			{},
			{
				Sid: "ok", Effect: policy.Deny, Actions: []string{"a:b"}, NotActions: []string{"iam:*"},
				Conditions: []policy.Condition{{Operator: "StringLike", Key: "k", Values: []string{"v", "2"}}},
			},
		}},
		Statements: []policy.StatementSource{
			{
				Pos: policy.Position{Line: 4, Column: 5}, Sid: text("a-b", 4, 13), Effect: text("allow", 4, 30),
				Actions:   policy.ListSource{Pos: policy.Position{Line: 4, Column: 49}, Texts: []policy.Text{text("s3:GetObject", 4, 50)}},
				Resources: policy.ListSource{Pos: policy.Position{Line: 4, Column: 82}, Texts: []policy.Text{text("*", 4, 82)}},
				Condition: policy.ConditionSource{Pos: policy.Position{Line: 5, Column: 19}, Operators: []policy.OperatorSource{
					{Operator: text("Bool", 5, 20), Keys: []policy.KeySource{
						{Key: text("b", 5, 29), List: policy.Position{Line: 5, Column: 34}, Values: []policy.ValueSource{{Text: text("true", 5, 34), Type: policy.BooleanValue}}},
						{Key: text("B", 5, 40), List: policy.Position{Line: 5, Column: 45}, Values: []policy.ValueSource{{Text: text("false", 5, 46), Type: policy.BooleanValue}}},
					}},
					{Operator: text("Null", 5, 61)},
				}},
			},
			{Pos: policy.Position{Line: 6, Column: 5}},
			{
				Pos: policy.Position{Line: 7, Column: 5}, Sid: text("ok", 7, 13), Effect: text("Deny", 7, 29),
				NotActions: policy.ListSource{Pos: policy.Position{Line: 7, Column: 50}, Texts: []policy.Text{text("iam:*", 7, 50)}},
				Actions:    policy.ListSource{Pos: policy.Position{Line: 7, Column: 83}, Texts: []policy.Text{text("a:b", 7, 83)}},
				Condition: policy.ConditionSource{Pos: policy.Position{Line: 8, Column: 19}, Operators: []policy.OperatorSource{
					{Operator: text("StringLike", 8, 20), Keys: []policy.KeySource{
						{Key: text("k", 8, 35), List: policy.Position{Line: 8, Column: 40}, Values: []policy.ValueSource{
							{Text: text("v", 8, 41), Type: policy.StringValue}, {Text: text("2", 8, 46), Type: policy.NumberValue},
						}},
					}},
				}},
			},
		},
	}
	var problems []string
	for _, p := range src.Problems {
		problems = append(problems, fmt.Sprintf("%s %s, statement %d, %q: %s", p.Pos, p.Kind, p.Statement, p.Element, p.Msg))
	}
	src.Problems = nil
	if diff := cmp.Diff(want, src); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	wantProblems := []string{
		`2:14 invalid Version, statement -1, "Version": Version must be "2012-10-17" or "2008-10-17", not "2012-10-18"`,
		`2:28 element of other policies, statement -1, "Id": Id belongs to resource and trust policies, which this looks like; an identity policy has none`,
		`4:13 invalid Sid, statement 0, "Sid": Sid "a-b" may hold only the letters A-Z, a-z and digits`,
		`4:30 invalid Effect, statement 0, "Effect": Effect must be "Allow" or "Deny", not "allow"`,
		`4:66 wrong type, statement 0, "Action": Action must hold strings, not a number`,
		`4:87 element of other policies, statement 0, "Principal": Principal belongs to resource and trust policies, which this looks like; an identity policy has none`,
		`5:40 condition key in different case, statement 0, "Condition": Condition Bool has the key "B" twice, in different case`,
		`5:53 wrong type, statement 0, "Condition": Condition Bool B must hold strings, numbers or booleans, not null`,
		`5:69 wrong type, statement 0, "Condition": Condition Null must be an object, not a number`,
		`6:5 wrong type, statement 1, "": a statement must be an object, not a string`,
		`7:73 repeated name, statement 2, "Action": a statement has "Action" twice`,
		`7:5 clashing elements, statement 2, "Action": a statement must have either Action or NotAction`,
		`7:5 no Resource, statement 2, "Resource": a statement must have either Resource or NotResource`,
	}
	if diff := cmp.Diff(wantProblems, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// FuzzParseSource: Parse and ParseSource are of one mind, and every position is one of the text.
func FuzzParseSource(f *testing.F) {
	for _, text := range fixtures(f) {
		f.Add(text)
	}
	f.Add([]byte(`{"Statement":[1,{"Effect":[],"Action":{"é":null},"Condition":{"a":{"b":[[]],"B":"x"}}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		src := policy.ParseSource(text)
		doc, err := policy.Parse(text)
		if (err == nil) != (len(src.Problems) == 0) {
			t.Fatalf("Parse: %v; problems: %v", err, src.Problems)
		}
		if err == nil {
			if diff := cmp.Diff(*doc, src.Document); diff != "" {
				t.Fatal(diff)
			}
		}
		lines := strings.Split(string(text), "\n")
		for _, p := range src.Problems {
			if p.Pos.Line < 1 || p.Pos.Line > len(lines) || p.Pos.Column < 1 || p.Pos.Column > len(lines[p.Pos.Line-1])+1 {
				t.Fatalf("%s is not in the text", p.Pos)
			}
		}
	})
}
