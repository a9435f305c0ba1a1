package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/lint"
)

// many joins n texts made by their number.
func many(n int, text func(int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(text(i))
	}
	return b.String()
}

// costly are texts that are made to cost much. Most are far longer than what IAM stores.
var costly = map[string]string{
	"too long":               strings.Repeat(" ", 2<<20),
	"deep nesting":           strings.Repeat("[", 1<<19) + strings.Repeat("]", 1<<19),
	"nested conditions":      `{"Statement":{"Condition":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + "}}",
	"many action patterns":   policyText(`"Action":[` + many(20000, func(i int) string { return fmt.Sprintf(`"*a*%x*"`, i) }) + `]`),
	"patterns of services":   policyText(`"Action":[` + many(20000, func(i int) string { return fmt.Sprintf(`"*:*%x*"`, i) }) + `]`),
	"patterns of ec2":        policyText(`"Action":[` + many(20000, func(i int) string { return fmt.Sprintf(`"ec2:*%x*a*"`, i) }) + `]`),
	"patterns, all checked":  policyText(`"Action":[` + many(4000, func(i int) string { return fmt.Sprintf(`"*:*%x*"`, i) }) + `]`),
	"resources, all checked": policyText(`"Resource":[` + many(4000, func(i int) string { return fmt.Sprintf(`"arn:aws:ec2:*:*:*a*/%d*"`, i) }) + `]`),
	"ec2, all checked":       policyText(`"Action":[` + many(4000, func(i int) string { return fmt.Sprintf(`"ec2:*%x*a*"`, i) }) + `]`),
	"stars":                  policyText(`"Action":"s3:` + strings.Repeat("*a", 100000) + `"`),
	"many stars":             policyText(`"Action":[` + many(100000, func(int) string { return `"*"` }) + `],"Resource":"*"`),
	"many statements": `{"Version":"2012-10-17","Statement":[` + many(3000, func(int) string {
		return `{"Effect":"Allow","Action":"*","Resource":"*"}`
	}) + `]}`,
	"many exceptions": `{"Version":"2012-10-17","Statement":[` + many(3000, func(i int) string {
		return fmt.Sprintf(`{"Effect":"Allow","NotAction":"a:%d","NotResource":"arn:%d"}`, i, i)
	}) + `]}`,
	"many denials": `{"Version":"2012-10-17","Statement":[` + many(2000, func(i int) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:*%d","Resource":"*"}`, i)
	}) + `]}`,
	"long resource":   policyText(`"Resource":"arn:aws:ec2:*:*:` + strings.Repeat("*a", 100000) + `"`),
	"many resources":  policyText(`"Resource":[` + many(25000, func(i int) string { return fmt.Sprintf(`"arn:aws:ec2:*:*:*a*/%d*"`, i) }) + `]`),
	"stars in ARNs":   policyText(`"Resource":[` + many(200, func(int) string { return `"arn:aws:s3:::` + strings.Repeat("*a", 900) + `"` }) + `]`),
	"many conditions": policyText(`"Condition":{` + many(10000, func(i int) string { return fmt.Sprintf(`"StringLike":{"aws:userid%d":"*"}`, i) }) + `}`),
	"many keys":       policyText(`"Condition":{"ForAllValues:StringLike":{` + many(10000, func(i int) string { return fmt.Sprintf(`"s3:k%d":"*a*"`, i) }) + `}}`),
	"many values":     policyText(`"Condition":{"NumericLessThan":{"s3:max-keys":[` + many(50000, func(i int) string { return fmt.Sprint(i) }) + `]}}`),
	"variables":       policyText(`"Resource":"arn:aws:s3:::` + strings.Repeat("${aws:username}", 15000) + `"`),
	"half variables":  policyText(`"Resource":"arn:aws:s3:::` + strings.Repeat("${", 400000) + `"`),
	"many Sids": `{"Statement":[` + many(8000, func(i int) string {
		return fmt.Sprintf(`{"Sid":"%d","Sid":"%d"}`, i/2, i)
	}) + `]}`,
	"one long line of problems": `{"Statement":[` + many(50000, func(int) string { return "1" }) + `]}`,
}

// TestBounds only ends in time if work is bounded; go test stops what does not.
func TestBounds(t *testing.T) {
	for name, text := range costly {
		t.Run(name, func(t *testing.T) { examine(t, text) })
	}
}

// FuzzCheck: any text gives findings of rules that exist, at places of the text, in order, and the same
// again.
func FuzzCheck(f *testing.F) {
	f.Add(policyText(`"Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*","aws:ResourceTag/${x":["${}","${a b}","*"]}}`))
	f.Add(policyText(`"NotAction":["*:*","iam:","s3:Get?bject"],"NotResource":["arn:aws:s3:eu:1:${*}","arn","arn:aws:lambda:::x"]`))
	f.Add(policyText(`"Effect":"Deny","Action":["iam:PassRole","*"],"Resource":["*","arn:aws:iam::*:role/*"],"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.1/8","::1/0"]}}`))
	f.Add(`{"Statement":[{"Sid":"","Effect":[],"Action":{},"Condition":{"Null":{"a":[[]]}}}]}`)
	f.Add(policyText(`"Condition":{"\u001b[1m":{"\u0007":[null]},"StringEquals":{"aws:SourceVpc":"${\u001b}","\u0008:x":"\u0000"}},"Resource":["arn:\u0001:\u0002:\u0003:\u0004:\u0005","\u0006"],"\u0007":1`))
	f.Add("{\"Version\":\n\"2008-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"\u00e9:*\",\"Resource\":\"arn:aws:s3:::${aws:username}\"}}")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return // TestBounds has the large ones
		}
		examine(t, text)
	})
}

func examine(t *testing.T, text string) {
	in := lint.Input{Text: []byte(text), Name: "p"}
	findings := lint.Check(in)
	rules := lint.Rules()
	var widths []int
	for line := range strings.SplitSeq(text, "\n") {
		widths = append(widths, utf8.RuneCountInString(line))
	}
	for i, f := range findings {
		switch {
		case !slices.ContainsFunc(rules, func(r lint.Rule) bool { return r.ID == f.Rule }):
			t.Fatalf("there is no rule %s", f.Rule)
		case f.Pos.Line < 1 || f.Pos.Line > len(widths) || f.Pos.Column < 1 || f.Pos.Column > widths[f.Pos.Line-1]+1:
			t.Fatalf("%s: %s is not in the text", f.Rule, f.Pos)
		case f.Message == "" || len(f.Message) > 4096 || strings.ContainsFunc(f.Message, func(r rune) bool { return r < ' ' || r == 0x7f }):
			t.Fatalf("%s: message %q", f.Rule, f.Message)
		case i > 0 && before(f.Pos, findings[i-1].Pos):
			t.Fatalf("%s at %s comes after %s", f.Rule, f.Pos, findings[i-1].Pos)
		}
	}
	if len(text) < 1<<14 {
		if diff := cmp.Diff(findings, lint.Check(in)); diff != "" {
			t.Fatalf("another time:\n%s", diff)
		}
	}
}

func before(a, b policy.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
}
