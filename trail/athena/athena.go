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
	"io"
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

// A run is one reading.
type run struct {
	*Source
	query  trail.Query
	reader *query.Reader
	gaps   []trail.Gap

	group    workgroup
	table    query.Table
	location string
	queries  int
	scanned  int64 // by queries that have ended
	total    int64 // bytes, estimated
}

func (r *run) read(ctx context.Context) error {
	err := ctx.Err()
	if err != nil {
		return err
	}
	if r.group, err = r.workgroup(ctx); err != nil {
		return err
	}
	if r.table, r.location, err = r.Source.table(ctx); err != nil {
		return err
	}
	statement, err := Statement(r.table, r.query, r.kinds)
	if err != nil {
		return err
	}
	if err := r.one(ctx, statement); err != nil {
		return err
	}
	for rest := r.reader.Unprojected(); len(rest) > 0; {
		statement, n, err := fit(r.table, r.query, rest, more)
		if err != nil {
			return err
		}
		if err := r.one(ctx, statement); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// one runs one query and reads its result.
func (r *run) one(ctx context.Context, statement query.Statement) error {
	for _, gap := range statement.Gaps {
		gap.Source = r.spec.String()
		r.gaps = append(r.gaps, gap)
	}
	r.queries++
	if err := r.foresee(ctx); err != nil {
		return err
	}
	q, err := r.execute(ctx, statement.SQL, r.group, r.progress)
	if q != nil {
		r.scanned += scanned(q)
		if r.done != nil {
			r.done(Execution{ID: *q.QueryExecutionId, State: q.Status.State, Scanned: scanned(q)})
		}
	}
	if err != nil {
		return err
	}
	return r.take(ctx, q)
}

// take reads the result of a query.
func (r *run) take(ctx context.Context, q *types.QueryExecution) error {
	result, err := r.results(ctx, q)
	if err != nil {
		return err
	}
	defer result.close()
	for n := int64(0); ; n++ {
		row, err := result.next()
		switch {
		case err == io.EOF && n > 0:
			return nil
		case err == io.EOF:
			return fmt.Errorf("result of query %s: it lacks its header", *q.QueryExecutionId)
		case err != nil:
			return err
		case n > r.spec.MaxRows:
			return fmt.Errorf("result of query %s: more than %d rows: narrow the window, the accounts or the Regions, or raise max-rows=", *q.QueryExecutionId, r.spec.MaxRows)
		}
		if n == 0 {
			err = checkHeader(row)
		} else {
			err = r.reader.Add(row)
		}
		if err != nil {
			return fmt.Errorf("result of query %s: row %d: %w", *q.QueryExecutionId, n, err)
		}
	}
}
