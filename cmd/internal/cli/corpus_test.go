package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/report"
)

// TestCorpus runs generate over records that nobody here wrote, where they are at hand: real ones,
// and examples that AWS printed. Whatever they hold, the answer keeps its promises.
func TestCorpus(t *testing.T) {
	logs, err := filepath.Glob("../../../../shared/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, f := range logs {
		if filepath.Base(f) != "condition-observations.jsonl" {
			args = append(args, f)
		}
	}
	if len(args) == 0 {
		t.Skip("the corpus is not here")
	}
	file := filepath.Join(t.TempDir(), "report.json")
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), append([]string{"generate", "--all-roles", "--report", file}, args...), Env{Stdin: &bytes.Buffer{}, Stdout: &stdout, Stderr: &stderr})
	if code != ExitOK {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	rep := readReport(t, file)
	if rep.Input.Records < 1000 || len(rep.Roles) < 20 {
		t.Fatalf("%d records, %d roles: too few to mean anything", rep.Input.Records, len(rep.Roles))
	}
	var skipped int64
	for _, c := range rep.Input.Skipped {
		skipped += c.Count
	}
	if rep.Input.Records != rep.Input.Used+skipped {
		t.Errorf("%d records, %d used, %d skipped: some are not accounted for", rep.Input.Records, rep.Input.Used, skipped)
	}
	for _, r := range rep.Roles {
		if r.Proof.Checked != r.Proof.Allowed || r.Proof.Pairs != r.Proof.Traced {
			t.Errorf("%s: proof %+v", r.Role, r.Proof)
		}
		for _, p := range r.Permissions {
			a, ok := reference.LookupAction(p.Action)
			switch {
			case !ok || a.ID() != p.Action:
				t.Errorf("%s: %s is no action", r.Role, p.Action)
			case p.Resource == "*" && a.TakesResource():
				t.Errorf("%s: %s on *, although it takes a resource", r.Role, p.Action)
			}
		}
		for _, u := range r.Unmapped {
			if u.Reason == "" {
				t.Errorf("%s: %s is unmapped without a reason", r.Role, u.Event)
			}
		}
		t.Logf("%s: %d authorised, %d permissions, %d unmapped", r.Role, r.Calls.Authorised, len(r.Permissions), len(r.Unmapped))
	}
}

func readReport(t *testing.T, file string) report.Report {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rep report.Report
	if err := json.Unmarshal(text, &rep); err != nil {
		t.Fatal(err)
	}
	return rep
}
