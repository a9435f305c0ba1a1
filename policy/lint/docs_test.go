package lint_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/lint"
)

var update = flag.Bool("update", false, "write docs/lint.md anew")

const docs = "../../docs/lint.md"

// A check is one of IAM Access Analyzer's.
type check struct {
	severity, code string
	identity       bool
}

// awsChecks reads the list of AWS's checks.
func awsChecks(t *testing.T) []check {
	t.Helper()
	data, err := os.ReadFile("testdata/access-analyzer.txt")
	if err != nil {
		t.Fatal(err)
	}
	var checks []check
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[2] != "y" && fields[2] != "n" {
			t.Fatalf("not a check: %q", line)
		}
		checks = append(checks, check{fields[0], fields[1], fields[2] == "y"})
	}
	if len(checks) != 152 {
		t.Fatalf("%d checks, want 152", len(checks))
	}
	return checks
}

// TestRules holds what every rule has to have, and that every check of AWS that applies to identity
// policies has its counterpart.
func TestRules(t *testing.T) {
	rules := lint.Rules()
	counterparts := map[string][]string{}
	for i, r := range rules {
		switch {
		case i > 0 && rules[i-1].ID >= r.ID:
			t.Errorf("%s comes after %s", r.ID, rules[i-1].ID)
		case strings.Trim(r.ID, "abcdefghijklmnopqrstuvwxyz-") != "":
			t.Errorf("%s: an ID has lower-case words and hyphens", r.ID)
		case r.Title == "" || strings.ContainsAny(r.Title, "\n|") || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: Title is %q", r.ID, r.Title)
		case len(r.Help) < 40 || strings.Contains(r.Help, "\n") || !strings.HasSuffix(r.Help, "."):
			t.Errorf("%s: Help is %q", r.ID, r.Help)
		case !slices.Contains(lint.Severities, r.Severity):
			t.Errorf("%s: Severity is %q", r.ID, r.Severity)
		}
		for _, code := range r.AWS {
			counterparts[code] = append(counterparts[code], r.ID)
		}
	}
	for _, c := range awsChecks(t) {
		if got := counterparts[c.code]; c.identity != (len(got) > 0) {
			t.Errorf("%s applies to identity policies: %t; counterparts: %v", c.code, c.identity, got)
		}
		delete(counterparts, c.code)
	}
	for code, rules := range counterparts {
		t.Errorf("AWS has no check %s, counterpart of %v", code, rules)
	}
}

// TestDocs compares docs/lint.md with the rules.
func TestDocs(t *testing.T) {
	want := document(lint.Rules(), awsChecks(t))
	if *update {
		if err := os.WriteFile(docs, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/lint.md is not that of the rules; go test -run Docs -update ./policy/lint writes it (-want +got):\n%s", diff)
	}
}

func document(rules []lint.Rule, checks []check) []byte {
	var b bytes.Buffer
	b.WriteString(`# The rules of whittle lint

<!-- Written by go test -run Docs -update ./policy/lint from the rules themselves. -->

` + "`whittle lint --rules`" + ` prints the same, with help. A project's exceptions stand in ` + "`.whittle.yaml`" + `, each with its reason.

| rule | severity | what it finds | checks of IAM Access Analyzer |
|---|---|---|---|
`)
	counterparts := map[string][]string{}
	for _, r := range rules {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, r.Severity, r.Title, strings.Join(r.AWS, ", "))
		for _, code := range r.AWS {
			counterparts[code] = append(counterparts[code], r.ID)
		}
	}
	b.WriteString(`
## The checks of IAM Access Analyzer

[AWS's list](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html) has checks for
all kinds of policies. Those that apply to identity policies have a rule here; the others are about resource
policies, trust policies and the policies of organizations.

| check | AWS's severity | rule |
|---|---|---|
`)
	for _, c := range checks {
		rule := strings.Join(counterparts[c.code], ", ")
		if !c.identity {
			rule = "does not apply to identity policies"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.code, c.severity, rule)
	}
	return b.Bytes()
}
