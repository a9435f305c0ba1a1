//go:build integration

package query_test

import (
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
	s := load(t, records)
	s.kinds = m.Kinds()
	for name, q := range map[string]trail.Query{
		"all": {}, "window": {Since: largeStart.AddDate(0, 0, 3).Add(time.Millisecond), Until: largeStart.AddDate(0, 0, 9), Regions: []string{"eu-west-1"}, Accounts: []string{"111122223333"}},
	} {
		t.Run(name, func(t *testing.T) {
			q.Fields = m.Fields
			observer, aggregator := trail.NewObserver(q), trail.NewAggregator()
			for _, r := range records {
				o := observer.Observe(r)
				aggregator.Add(&o)
			}
			want, wantStats := query.Reduce(aggregator.Usages()), aggregator.Stats()
			var stats trail.Stats
			q.Stats = &stats
			start := time.Now()
			got, err := s.read(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d records of %d bytes gave %d rows of %d bytes in %v; %d Usages before and %d after what is varying was replaced",
				len(records), raw, s.rows, s.bytes, time.Since(start).Round(time.Second), len(aggregator.Usages()), len(got))
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
