package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/lint"
)

// A textCase is a policy and what one rule says of it.
type textCase struct {
	rule string
	// text is a policy, or what stands in its only statement: see policyText.
	text string
	// want are the findings as "line:column message", none where the rule has to stay silent.
	want []string
	// reason says why, where the case does not.
	reason string
}

// policyText completes the text of a case. What does not begin with "{" is the members of the one
// statement, of which Effect, Action and Resource are added where they lack.
func policyText(text string) string {
	if strings.HasPrefix(text, "{") || text == "" {
		return text
	}
	for _, element := range []struct{ name, alternative, value string }{
		{"Effect", "Effect", `"Allow"`}, {"Action", "NotAction", `"s3:GetObject"`}, {"Resource", "NotResource", `"arn:aws:s3:::b/*"`},
	} {
		if !strings.Contains(text, `"`+element.name+`":`) && !strings.Contains(text, `"`+element.alternative+`":`) {
			text += fmt.Sprintf(`,"%s":%s`, element.name, element.value)
		}
	}
	return "{\"Version\":\"2012-10-17\",\"Statement\":{\n" + text + "}}"
}

// runCases checks the cases, and that each rule among them has one that fires and one that does not.
func runCases(t *testing.T, cases []textCase) {
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		t.Run(c.rule+"/"+c.text, func(t *testing.T) {
			var got []string
			for _, f := range lint.Check(lint.Input{Text: []byte(policyText(c.text)), Name: "p"}) {
				if f.Rule == c.rule {
					got = append(got, fmt.Sprintf("%s %s", f.Pos, f.Message))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
		fires[c.rule] = fires[c.rule] || len(c.want) > 0
		silent[c.rule] = silent[c.rule] || len(c.want) == 0
	}
	for rule := range fires {
		if !fires[rule] || !silent[rule] {
			t.Errorf("%s: a case that fires: %t, one that does not: %t", rule, fires[rule], silent[rule])
		}
	}
}
