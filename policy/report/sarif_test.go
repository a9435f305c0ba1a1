package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// sarifSchema is the schema of OASIS, see NOTICE.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	return compile(t, "testdata/sarif-schema-2.1.0.json")
}

// checkSarif validates against the official schema, and for what GitHub needs beyond it.
func checkSarif(t interface{ Fatalf(string, ...any) }, schema *jsonschema.Schema, text []byte) sarifLog {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Fatalf("%v", err)
	}
	var log sarifLog
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatalf("%v", err)
	}
	ids := map[string]bool{}
	for _, run := range log.Runs {
		if ids[run.Automation.ID] {
			t.Fatalf("two runs have the ID %q", run.Automation.ID)
		}
		ids[run.Automation.ID] = true
		prints := map[string]bool{}
		for _, r := range run.Results {
			if r.RuleIndex < 0 || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
				t.Fatalf("rule %q has the index %d", r.RuleID, r.RuleIndex)
			}
			print := r.RuleID + r.Fingerprints.Line
			if prints[print] {
				t.Fatalf("two results have the fingerprint %q", print)
			}
			prints[print] = true
			if len(r.Locations) != 1 {
				t.Fatalf("%d locations", len(r.Locations))
			}
			uri := r.Locations[0].Physical.Artifact.URI
			if u, err := url.Parse(uri); err != nil || uri == "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(uri, "\\ <>") {
				t.Fatalf("URI %q: %v", uri, err)
			}
			if strings.Contains(r.Message.Text, "](") {
				t.Fatalf("link in %q", r.Message.Text)
			}
		}
	}
	return log
}

func TestSarifSchema(t *testing.T) {
	schema := sarifSchema(t)
	results := map[string]int{}
	for _, section := range sections[1:] {
		var b bytes.Buffer
		if err := SARIF(&b, section.report()); err != nil {
			t.Fatal(err)
		}
		results[section.name] = len(checkSarif(t, schema, b.Bytes()).Runs[0].Results)
	}
	if d := cmp.Diff(map[string]int{"diff": 3, "same": 0, "lint": 4, "unused": 2}, results); d != "" {
		t.Errorf("results (-want +got):\n%s", d)
	}
	if schema.Validate(map[string]any{"version": "2.1.0"}) == nil {
		t.Error("the schema takes anything")
	}
}

// TestSarifMinimal: little data makes a valid file, too, and all sections can be in one.
func TestSarifMinimal(t *testing.T) {
	schema := sarifSchema(t)
	all := fullDiff()
	all.Lint, all.Unused = fullLint().Lint, fullUnused().Unused
	for name, r := range map[string]Report{
		"empty":  base(),
		"lint":   {Tool: "whittle", Lint: &Lint{Rules: []LintRule{{ID: "r", Severity: "error"}}, Findings: []LintFinding{{Rule: "r", Severity: "error"}}}},
		"diff":   {Tool: "whittle", Comparisons: []Comparison{{Changes: []Change{{Kind: "granted", Widens: true}, {Kind: "granted", Widens: true}}}}},
		"unused": {Tool: "whittle", Unused: []UnusedRole{{Inactive: true, Granted: []GrantedPermission{{Status: Unused}}}, {Granted: []GrantedPermission{{Status: Unused}}}}},
		"all":    all,
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := SARIF(&b, r); err != nil {
				t.Fatal(err)
			}
			checkSarif(t, schema, b.Bytes())
		})
	}
}

func TestSarifRefusesProposals(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, full()); !errors.Is(err, ErrNoPlace) || b.Len() > 0 {
		t.Errorf("SARIF = %v with %d bytes, want ErrNoPlace and none", err, b.Len())
	}
}

func TestSarifHostile(t *testing.T) {
	schema := sarifSchema(t)
	names := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{"", "-", "..", "../x", "/etc/x", "a:b", "//host/x", "a\\b", "a%20b", "?q#f", "[a](b)", "\x00", "http://evil.example/"}))
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(sections[1:]).Draw(t, "section").report()
		replaceStrings(&r, func() string { return names.Draw(t, "name") })
		var b bytes.Buffer
		if err := SARIF(&b, r); err != nil {
			t.Fatal(err)
		}
		checkSarif(t, schema, b.Bytes())
	})
}

// TestSarifLimits: the worst results stay, and the run says how many are missing.
func TestSarifLimits(t *testing.T) {
	r := base()
	r.Lint = &Lint{Rules: []LintRule{{ID: "r", Title: "r", Help: "r", Severity: "suggestion"}}}
	for i := range 100 {
		f := LintFinding{Rule: "r", Severity: "suggestion", Message: fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i)})), At: Location{File: "f"}, Fingerprint: fmt.Sprint(i)}
		if i >= 90 {
			f.Severity = "error"
		}
		r.Lint.Findings = append(r.Lint.Findings, f)
	}
	schema := sarifSchema(t)
	for _, test := range []struct {
		results, size, want int
		note                string
	}{
		{1000, 1_000_000, 100, ""},
		{100, 1_000_000, 100, ""},
		{12, 1_000_000, 12, "88 results left out, as code scanning takes no more; the report in another format has all."},
		{100, 4000, 50, "50 results left out, as code scanning takes no more; the report in another format has all."},
		{100, 1, 0, "100 results left out, as code scanning takes no more; the report in another format has all."},
	} {
		var b bytes.Buffer
		if err := writeSarif(&b, r, test.results, test.size); err != nil {
			t.Fatal(err)
		}
		run := checkSarif(t, schema, b.Bytes()).Runs[0]
		errors, note := 0, ""
		for _, res := range run.Results {
			if res.Level == "error" {
				errors++
			}
		}
		for _, n := range run.Invocations[0].Notifications {
			note += n.Message.Text
		}
		if len(run.Results) != test.want || note != test.note || errors != min(10, test.want) {
			t.Errorf("%d results, %d bytes: %d results, %d errors, %q", test.results, test.size, len(run.Results), errors, note)
		}
	}
}

// TestFingerprintsStay: a result keeps its fingerprint while lines move and while more comes into use.
func TestFingerprintsStay(t *testing.T) {
	prints := func(r Report) []string {
		var b bytes.Buffer
		if err := SARIF(&b, r); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, res := range checkSarif(t, sarifSchema(t), b.Bytes()).Runs[0].Results {
			out = append(out, res.Fingerprints.Line)
		}
		return out
	}
	for _, section := range sections[1:] {
		moved := section.report()
		for i := range moved.Comparisons {
			for j := range moved.Comparisons[i].Changes {
				if at := moved.Comparisons[i].Changes[j].At; at != nil {
					at.Line += 5
				}
			}
		}
		if moved.Lint != nil {
			for i := range moved.Lint.Findings {
				moved.Lint.Findings[i].At.Line += 5
			}
		}
		for i := range moved.Unused {
			moved.Unused[i].Granted = moved.Unused[i].Granted[min(1, len(moved.Unused[i].Granted)-1):]
		}
		if d := cmp.Diff(prints(section.report()), prints(moved)); d != "" {
			t.Errorf("%s (-before +after):\n%s", section.name, d)
		}
	}
}

func TestFileURI(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"a/b.json", "a/b.json"}, {"./a//b.json", "a/b.json"}, {"../b.json", "../b.json"}, {"a b#c?d%e.json", "a%20b%23c%3Fd%25e.json"},
		{"/tmp/x.json", "file:///tmp/x.json"}, {"c:d.json", "./c:d.json"}, {"é.json", "%C3%A9.json"}, {"-", "-"}, {"", "unknown"}, {"a\\b", "a%5Cb"}, {"\xff", "%FF"},
	} {
		if got := fileURI(test.file); got != test.want {
			t.Errorf("fileURI(%q) = %q, want %q", test.file, got, test.want)
		}
	}
}
