package lint_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/policy/lint"
)

// managed returns AWS's managed policies, sorted by name.
func managed(tb testing.TB) []lint.Input {
	tb.Helper()
	f, err := os.Open("../../../shared/corpus/aws-managed-policies.json.gz")
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("the corpus is not here")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var texts map[string]json.RawMessage
	if err := json.NewDecoder(z).Decode(&texts); err != nil {
		tb.Fatal(err)
	}
	var inputs []lint.Input
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		inputs = append(inputs, lint.Input{Name: name, Text: texts[name]})
	}
	if len(inputs) < 800 {
		tb.Fatalf("the corpus has %d policies", len(inputs))
	}
	return inputs
}

func TestCorpus(t *testing.T) {
	findings, policies := map[string]int{}, map[string]int{}
	for _, in := range managed(t) {
		seen := map[string]bool{}
		for _, f := range lint.Check(in) {
			findings[f.Rule]++
			if !seen[f.Rule] {
				seen[f.Rule] = true
				policies[f.Rule]++
			}
			if os.Getenv("SHOW") == f.Rule {
				t.Logf("%s %s: %s", in.Name, f.Pos, f.Message)
			}
		}
	}
	for _, rule := range lint.Rules() {
		t.Logf("%-36s %-10s %5d findings in %3d policies", rule.ID, rule.Severity, findings[rule.ID], policies[rule.ID])
	}
}
