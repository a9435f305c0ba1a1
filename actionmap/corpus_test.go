package actionmap

import (
	"bufio"
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/trail"
)

// TestCorpus maps records that nobody here wrote. No action is unknown, "*" stands only where the
// action takes no resource or a reviewed rule says why, and the projection is what Map asks for.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../shared/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	m := mustNew(t)
	observer := trail.NewObserver(trail.Query{Fields: m.Fields})
	calls, grants := 0, 0
	unmapped, found := map[string]int{}, map[FindingKind]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			e, err := trail.Decode(lines.Bytes())
			if err != nil || e.EventSource == "" {
				continue
			}
			seen := observer.ObserveEvent(asRole(e))
			if seen.Skip != "" {
				continue
			}
			calls++
			u := &trail.Usage{Key: seen.Key}
			for _, r := range []Result{m.Map(u), m.Denied(u)} {
				checkResult(t, r)
				if r.Unmapped != nil {
					unmapped[string(r.Unmapped.Reason)+" "+u.EventSource+" "+u.EventName]++
				}
				for _, g := range r.Grants {
					grants++
					for _, f := range g.Findings {
						found[f.Kind]++
					}
				}
			}
		}
	}
	if calls < 500 {
		t.Errorf("only %d records are calls", calls)
	}
	t.Logf("%d calls, %d grants, %v", calls, grants, found)
	for _, reason := range slices.Sorted(maps.Keys(unmapped)) {
		t.Logf("%4d %s", unmapped[reason], reason)
	}
}

// asRole makes a call by anybody a role's call, so that more of the corpus counts.
func asRole(e trail.Event) *trail.Event {
	if e.UserIdentity.Type == "IAMUser" || e.UserIdentity.Type == "Root" {
		account := e.UserIdentity.AccountID
		e.UserIdentity.Type = "AssumedRole"
		e.UserIdentity.ARN = "arn:aws:sts::" + account + ":assumed-role/anybody/session"
		e.UserIdentity.SessionContext.SessionIssuer.ARN = "arn:aws:iam::" + account + ":role/anybody"
	}
	return &e
}

// checkResult checks what holds for every result.
func checkResult(t testing.TB, r Result) {
	t.Helper()
	if (r.Grants == nil) == (r.Unmapped == nil) {
		t.Errorf("neither or both of grants and unmapped: %+v", r)
	}
	for _, g := range r.Grants {
		a, ok := reference.LookupAction(g.Action)
		switch {
		case !ok:
			t.Errorf("unknown action %s", g.Action)
			continue
		case a.ID() != g.Action:
			t.Errorf("%s is spelt %s", g.Action, a.ID())
		}
		reviewed := slices.ContainsFunc(g.Findings, func(f Finding) bool { return f.Kind == NoResource && f.Detail != "" })
		if (g.Resource.Pattern == "*") == (a.TakesResource() && !reviewed) {
			t.Errorf("%s on %s", g.Action, g.Resource.Pattern)
		}
		if g.Rule == "" {
			t.Errorf("%s without a rule", g.Action)
		}
	}
}
