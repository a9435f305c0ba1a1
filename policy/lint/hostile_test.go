package lint_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/lint"
)

// largest is how many texts Check looks at, nearly.
const largest = 4_800

// hostile are policies of about n actions or resources that make each rule work hard.
func hostile(n int) map[string]string {
	many := func(n int, format string) string {
		texts := make([]string, n)
		for i := range texts {
			texts[i] = fmt.Sprintf(format, i)
		}
		return "[" + strings.Join(texts, ",") + "]"
	}
	known := func(n int) string {
		var ids []string
		for _, prefix := range reference.Prefixes() {
			service, _ := reference.Lookup(prefix)
			for _, a := range service.Actions() {
				ids = append(ids, `"`+a.ID()+`"`)
			}
		}
		return "[" + strings.Join(ids[:n], ",") + "]"
	}
	var all, pairs []string
	for i := range n / 16 {
		all = append(all, allow(`["*","s3:*"]`, fmt.Sprintf(`"arn:aws:s3:::b%d/*"`, i)))
	}
	for i := range n / 16 {
		pairs = append(pairs, allow(fmt.Sprintf(`"ec2:*%d*"`, i), fmt.Sprintf(`"arn:aws:ec2:*:*:*/%d"`, i)))
	}
	return map[string]string{
		"known actions":       statements(allow(known(n), `"*"`)),
		"unknown actions":     statements(allow(many(n, `"s3:GetObject%d"`), `"*"`)),
		"wildcards":           statements(allow(many(n, `"ec2:*e*%d*"`), `"*"`)),
		"services":            statements(allow(many(n, `"*e*%d:*"`), `"*"`)),
		"resources":           statements(allow(`"*"`, many(n, `"arn:aws:s3:::*a*%d*"`))),
		"actions, resources":  statements(allow(known(n/2), many(n/2, `"arn:aws:*:*:*:a*%d*"`))),
		"denied":              statements(allow(`["iam:*","sts:*","lambda:*"]`, many(n/2, `"arn:aws:iam::*:role/a%d*"`)), deny(`"iam:*"`, many(n/2, `"arn:aws:iam::*:role/*%d"`))),
		"statements":          statements(all...),
		"statements, targets": statements(pairs...),
		"keys":                statements(allowIf(`"*"`, `"*"`, `{"StringEquals":{`+strings.Trim(many(n, `"aws:ResourceTag/%d":"a"`), "[]")+`}}`)),
		"stars":               statements(allow(`"s3:`+strings.Repeat("*a", 5*n)+`"`, `"arn:aws:s3:::`+strings.Repeat("*a", 5*n)+`"`)),
	}
}

// TestHostile: whatever the policy, the findings are bounded, and what was left out is said.
func TestHostile(t *testing.T) {
	for name, text := range hostile(largest / 2) {
		t.Run(name, func(t *testing.T) {
			counts := map[string]int{}
			for _, f := range lint.Check(lint.Input{Text: []byte(text)}) {
				counts[f.Rule]++
				if len(f.Message) > 4000 {
					t.Errorf("a message of %s has %d bytes", f.Rule, len(f.Message))
				}
			}
			if len(counts) == 0 || counts["too-large-to-check"] > 1 {
				t.Errorf("findings: %v", counts)
			}
		})
	}
}

func BenchmarkHostile(b *testing.B) {
	policies := hostile(largest)
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		text := policies[name]
		b.Run(name, func(b *testing.B) {
			if len(text) > policy.MaxSource {
				b.Fatalf("%d bytes are no policy", len(text))
			}
			for b.Loop() {
				lint.Check(lint.Input{Text: []byte(text)})
			}
		})
	}
}
