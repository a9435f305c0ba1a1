// Package athena reads CloudTrail records by Athena: the records are counted by SQL, where they lie, and
// only the counts come here. It is the way for more logs than one machine should read.
//
// Package query writes the SQL and reads its rows. This package asks Athena: for the settings of the
// workgroup, for the table's columns and partitions, what a query would cost, and for its result.
package athena

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/reading"
)

// A Source is a trail.Source over a table. Whatever it asks of Athena, one query is all that it runs; a
// second one, limited to a few kinds of events, if the first finds kinds that nobody foresaw (WithKinds).
type Source struct {
	spec     Spec
	api      API
	kinds    []query.Kind
	estimate func(Estimate) error
	done     func(Execution)

	sleep func(context.Context, time.Duration) error
	token func() string
}

// An Option changes what a Source does beside reading.
type Option func(*Source)

// WithKinds names the kinds of events for which Query.Fields may ask for something, those that are the
// likeliest to occur first: where there are too many for the text of one query, the last are left out. If the
// table has others with parameters that Fields asks for, it is read a second time.
func WithKinds(kinds []query.Kind) Option { return func(s *Source) { s.kinds = kinds } }

// WithEstimate has each query estimated before it runs. An error of f's ends the reading before it costs
// anything more.
func WithEstimate(f func(Estimate) error) Option { return func(s *Source) { s.estimate = f } }

// WithExecution has f told of each query that has ended, whether or not it succeeded.
func WithExecution(f func(Execution)) Option { return func(s *Source) { s.done = f } }

// An Execution is a query that has ended.
type Execution struct {
	// ID is the query's, by which Athena's history has it.
	ID    string
	State types.QueryExecutionState
	// Scanned is how many bytes it read; Athena charges for at least MinScan.
	Scanned int64
}

// New returns a Source over the table that spec names.
func New(api API, spec Spec, options ...Option) *Source {
	s := &Source{spec: spec, api: api, sleep: reading.Sleep, token: token}
	for _, option := range options {
		option(s)
	}
	return s
}

// token returns a text for the idempotency of one request, which has 32 characters at least.
func token() string { return rand.Text() + rand.Text() }

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. The error is the workgroup's or the table's, the hook's of WithEstimate, a
// query's or ctx's; what a query brought before it is yielded. A query that is not waited for is stopped.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		r := &run{Source: s, query: q, reader: query.NewReader(q, s.spec.String())}
		err := r.read(ctx)
		// What a client makes of an interrupted call is not always ctx's error.
		if cause := ctx.Err(); err != nil && cause != nil && !errors.Is(err, cause) {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		usages, stats := r.reader.Result()
		stats.Gaps = trail.MergeGaps(stats.Gaps, r.gaps)
		if q.Stats != nil {
			q.Stats.Add(stats)
		}
		for _, usage := range usages {
			if !yield(usage, nil) {
				return
			}
		}
		if err != nil {
			yield(trail.Usage{}, fmt.Errorf("%s: %w", s.spec, err))
		}
	}
}

// Table asks for the table, and runs nothing.
func (s *Source) Table(ctx context.Context) (query.Table, error) {
	t, _, err := s.table(ctx)
	return t, err
}

// Statement returns the SELECT that a Source with the same kinds runs first.
func Statement(t query.Table, q trail.Query, kinds []query.Kind) (query.Statement, error) {
	statement, _, err := fit(t, q, kinds, foreseen)
	return statement, err
}
