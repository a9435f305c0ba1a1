package actionmap

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/whittle-iam/whittle/trail"
)

var update = flag.Bool("update", false, "write what the mapping says into the fixtures, for review")

// Identity and place of every fixture, unless the event has its own.
const envelope = `{
	"eventVersion": "1.11", "eventID": "00000000-0000-0000-0000-000000000001", "eventType": "AwsApiCall",
	"eventTime": "2026-09-01T12:00:00Z", "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
	"sourceIPAddress": "192.0.2.1", "userAgent": "Boto3/1.43",
	"userIdentity": {
		"type": "AssumedRole", "principalId": "AROAEXAMPLE:orders",
		"arn": "arn:aws:sts::111122223333:assumed-role/orders-role/orders", "accountId": "111122223333",
		"accessKeyId": "ASIAEXAMPLE",
		"sessionContext": {"sessionIssuer": {
			"type": "Role", "principalId": "AROAEXAMPLE", "arn": "arn:aws:iam::111122223333:role/orders-role",
			"accountId": "111122223333", "userName": "orders-role"}}
	}
}`

// TestFixtures maps events as CloudTrail writes them. Each testdata/SERVICE.txtar holds pairs of files:
// "NAME.json" is the event without what envelope has, "NAME.needs" what it needs, one grant a line as
// describe writes it, after it its findings.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 15 {
		t.Fatalf("fixtures: %d files, %v", len(files), err)
	}
	m := mustNew(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) == 0 || len(archive.Files)%2 != 0 {
				t.Fatalf("%d files are no pairs", len(archive.Files))
			}
			for i := 0; i < len(archive.Files); i += 2 {
				event, needs := archive.Files[i], &archive.Files[i+1]
				name := strings.TrimSuffix(event.Name, ".json")
				if needs.Name != name+".needs" {
					t.Fatalf("%s is followed by %s", event.Name, needs.Name)
				}
				t.Run(name, func(t *testing.T) {
					u := observe(t, m, event.Data)
					result := m.Map(u)
					if u.Outcome == trail.Denied {
						result = m.Denied(u)
					}
					got := describe(result)
					if *update {
						needs.Data = []byte(got)
						return
					}
					if diff := cmp.Diff(string(needs.Data), got); diff != "" {
						t.Errorf("needs (-want +got):\n%s", diff)
					}
				})
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func mustNew(t testing.TB) *Mapper {
	t.Helper()
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// observe reads an event as the file reader does, with the mapping's projection.
func observe(t testing.TB, m *Mapper, event []byte) *trail.Usage {
	t.Helper()
	var record map[string]any
	for _, text := range [][]byte{[]byte(envelope), event} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&record); err != nil {
			t.Fatal(err)
		}
	}
	if by, ok := record["invokedBy"]; ok { // stands for userIdentity.invokedBy
		record["userIdentity"].(map[string]any)["invokedBy"] = by
		delete(record, "invokedBy")
	}
	raw, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	seen := trail.NewObserver(trail.Query{Fields: m.Fields}).Observe(raw)
	if seen.Skip != "" {
		t.Fatalf("skipped: %s %v", seen.Skip, seen.Err)
	}
	return &trail.Usage{Key: seen.Key}
}

// describe writes a result as lines of text.
func describe(r Result) string {
	var b strings.Builder
	if r.Unmapped != nil {
		fmt.Fprintf(&b, "%s: %s\n", r.Unmapped.Reason, r.Unmapped.Detail)
	}
	for _, g := range r.Grants {
		fmt.Fprintf(&b, "%s %s", g.Action, g.Resource.Pattern)
		if g.Resource.Name != "" || g.Resource.Open {
			fmt.Fprintf(&b, " + %s", g.Resource.Name)
		}
		if g.Resource.Open {
			b.WriteString("…")
		}
		for _, c := range g.Conditions {
			fmt.Fprintf(&b, " %s %s = %s", c.Operator, c.Key, strings.Join(c.Values, " "))
		}
		b.WriteString("\n")
		if g.ItemEvent != "" {
			fmt.Fprintf(&b, "  unless %s is seen\n", g.ItemEvent)
		}
		for _, f := range g.Findings {
			fmt.Fprintf(&b, "  %s: %s\n", f.Kind, f.Detail)
		}
	}
	return b.String()
}
