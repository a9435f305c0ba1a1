//go:build integration

package query_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// The very SELECT, on Trino, over a hundred thousand records, says what reading them one by one says.
func TestIntegrationTrinoLarge(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	records := largeRecords(100_000)
	raw := 0
	for _, r := range records {
		raw += len(r) + 1
	}
	s := load(t, records, awsColumns)
	s.kinds = m.Kinds()
	for name, q := range map[string]trail.Query{
		"all": {}, "window": {Since: largeStart.AddDate(0, 0, 3).Add(time.Millisecond), Until: largeStart.AddDate(0, 0, 9), Regions: []string{"eu-west-1"}, Accounts: []string{"111122223333"}},
	} {
		t.Run(name, func(t *testing.T) {
			q.Fields = m.Fields
			want, wantStats, before := readAll(q, records)
			var stats trail.Stats
			q.Stats = &stats
			start := time.Now()
			got, err := s.read(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d records of %d bytes gave %d rows of %d bytes in %v; %d Usages before and %d after what is varying was replaced",
				len(records), raw, s.rows, s.bytes, time.Since(start).Round(time.Second), before, len(got))
			if len(got) != len(want) {
				t.Errorf("%d rows, want %d", len(got), len(want))
			}
			wrong := 0
			for i := range min(len(got), len(want)) {
				if diff := cmp.Diff(want[i], got[i]); diff != "" {
					if wrong++; wrong > 3 {
						break
					}
					t.Errorf("row %d (-want +got):\n%s", i, diff)
				}
			}
			if diff := cmp.Diff(wantStats, stats); diff != "" {
				t.Errorf("stats (-want +got):\n%s", diff)
			}
		})
	}
}

// readAll says what the records do, read one after the other, and how many rows it was before Reduce.
func readAll(q trail.Query, records []json.RawMessage) ([]trail.Usage, trail.Stats, int) {
	observer, aggregator := trail.NewObserver(q), trail.NewAggregator()
	for _, r := range records {
		o := observer.Observe(r)
		aggregator.Add(&o)
	}
	usages := aggregator.Usages()
	return query.Reduce(usages), aggregator.Stats(), len(usages)
}

// A table without the later columns says what the records would without those members.
func TestIntegrationTrinoOldTable(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	records := largeRecords(2000)
	var stripped []json.RawMessage
	for _, r := range records {
		var members map[string]any
		if err := json.Unmarshal(r, &members); err != nil {
			t.Fatal(err)
		}
		for name := range members {
			if !slices.ContainsFunc(oldColumns, func(c [2]string) bool { return strings.EqualFold(c[0], name) }) {
				delete(members, name)
			}
		}
		delete(members["userIdentity"].(map[string]any), "inScopeOf")
		without, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		stripped = append(stripped, without)
	}
	s := load(t, records, oldColumns)
	s.kinds = m.Kinds()
	var stats trail.Stats
	q := trail.Query{Fields: m.Fields, Stats: &stats}
	got, err := s.read(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	want, wantStats, _ := readAll(q, stripped)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantStats, stats); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}
