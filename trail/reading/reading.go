// Package reading is what sources share whose records come one by one from an API: it observes, counts
// and aggregates them, reports what is broken with its place, and keeps what was read before an error.
package reading

import (
	"context"
	"errors"
	"iter"

	"github.com/whittle-iam/whittle/trail"
)

// A Reading is one pass over a source's records. Its methods are for one goroutine, but for Observe.
type Reading struct {
	source     string
	query      trail.Query
	observer   *trail.Observer
	aggregator *trail.Aggregator
	progress   trail.Progress
}

// Usage implements trail.Source's for the source that the user wrote as name: it lets read add the records,
// yields what they say, then read's error. What was read before the error, ctx's included, is yielded.
func Usage(ctx context.Context, name string, q trail.Query, read func(context.Context, *Reading) error) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		r := &Reading{source: name, query: q, observer: trail.NewObserver(q), aggregator: trail.NewAggregator()}
		err := ctx.Err()
		if err == nil {
			err = read(ctx, r)
		}
		// What a client makes of an interrupted call is not always ctx's error.
		if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
			err = errors.Join(cause, err)
		}
		if q.Stats != nil {
			q.Stats.Add(r.aggregator.Stats())
		}
		for _, usage := range r.aggregator.Usages() {
			if !yield(usage, nil) {
				return
			}
		}
		if err != nil {
			yield(trail.Usage{}, err)
		}
	}
}

// Observe reads one record. It may be called from several goroutines at once.
func (r *Reading) Observe(raw string) trail.Observation { return r.observer.Observe([]byte(raw)) }

// Add counts what Observe returned for the record at a place, which is the n-th there, counted from 1.
func (r *Reading) Add(o *trail.Observation, place string, n int64) {
	reason := r.aggregator.Add(o)
	if reason.Broken() && r.query.OnSkip != nil {
		r.query.OnSkip(trail.Skip{Reason: reason, File: place, Record: n, Err: o.Err})
	}
	r.progress.Records++
}

// Progress reports how far the reading has come: sources call it once for each page.
func (r *Reading) Progress() {
	if r.query.OnProgress != nil {
		r.query.OnProgress(r.progress)
	}
}

// Gap notes what the source could not show. The detail is one sentence.
func (r *Reading) Gap(kind trail.GapKind, detail string) {
	r.aggregator.AddStats(trail.Stats{Gaps: []trail.Gap{{Kind: kind, Source: r.source, Detail: detail}}})
}
