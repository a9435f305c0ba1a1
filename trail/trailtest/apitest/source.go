// Package apitest is what tests of sources over APIs share.
package apitest

import (
	"context"
	"encoding/json"
	"iter"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

// Sent remembers which records, by their index, a fake server has sent. It is safe for concurrent use.
type Sent struct {
	mu    sync.Mutex
	known map[int]bool
}

// Add says that the records were sent.
func (s *Sent) Add(records ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[int]bool{}
	}
	for _, i := range records {
		s.known[i] = true
	}
}

func (s *Sent) has(i int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[i]
}

// Source returns src, which reads records from a server, with the statistics of a source that reads them all:
// the conformance suite counts records outside the window as skipped, and a source that asks a server for
// the window never sees them. It is an error of the test if a record was not sent that the query does not skip, or if the gaps
// are not those that gaps returns for the query.
func Source(tb testing.TB, src trail.Source, records []json.RawMessage, sent *Sent, gaps func(trail.Query) []trail.Gap) trail.Source {
	return &source{tb, src, records, sent, gaps}
}

type source struct {
	tb      testing.TB
	src     trail.Source
	records []json.RawMessage
	sent    *Sent
	gaps    func(trail.Query) []trail.Gap
}

// Usage implements trail.Source.
func (s *source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		failed := false
		var stats trail.Stats
		own := q
		own.Stats = &stats
		for usage, err := range s.src.Usage(ctx, own) {
			failed = failed || err != nil
			if !yield(usage, err) {
				return
			}
		}
		if failed {
			return
		}
		if diff := cmp.Diff(trail.MergeGaps(s.gaps(q)), stats.Gaps); diff != "" {
			s.tb.Errorf("gaps (-want +got):\n%s", diff)
		}
		stats.Gaps = nil
		s.account(q, &stats)
		if q.Stats != nil {
			q.Stats.Add(stats)
		}
	}
}

// account adds the records that the server did not send.
func (s *source) account(q trail.Query, stats *trail.Stats) {
	observer, aggregator := trail.NewObserver(q), trail.NewAggregator()
	for i, raw := range s.records {
		if s.sent.has(i) {
			continue
		}
		o := observer.Observe(raw)
		if o.Skip == "" {
			s.tb.Errorf("the source did not ask for a record that the query wants: %s", raw)
		}
		aggregator.Add(&o)
	}
	stats.Add(aggregator.Stats())
}
