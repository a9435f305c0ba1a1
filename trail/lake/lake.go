// Package lake reads CloudTrail records from an event data store of CloudTrail Lake, by SQL.
//
// CloudTrail Lake is closed to new customers since 31 May 2026; who has an event data store goes on using
// it (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake.html). Queries are paid by
// the bytes that they scan: the same bytes whether an event is wanted or not, so each query takes all
// events of a piece of the window, as CloudTrail wrote them.
package lake

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

// API is what a Source calls, in the Region of the event data store.
type API interface {
	StartQuery(context.Context, *cloudtrail.StartQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.StartQueryOutput, error)
	DescribeQuery(context.Context, *cloudtrail.DescribeQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeQueryOutput, error)
	GetQueryResults(context.Context, *cloudtrail.GetQueryResultsInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetQueryResultsOutput, error)
	CancelQuery(context.Context, *cloudtrail.CancelQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.CancelQueryOutput, error)
}

// A Source is a trail.Source over one event data store.
type Source struct {
	api     API
	store   Store
	slice   time.Duration
	scanned func(bytes int64)
	sleep   func(context.Context, time.Duration) error
}

// An Option changes how a Source reads.
type Option func(*Source)

// WithSlice says how much of the window one query covers; the default is a day. A shorter one keeps a query
// of a busy organisation from timing out.
func WithSlice(d time.Duration) Option { return func(s *Source) { s.slice = max(d, time.Second) } }

// WithScanned has f told of the bytes that each query scanned, which is what AWS charges for.
func WithScanned(f func(bytes int64)) Option { return func(s *Source) { s.scanned = f } }

// WithSleep replaces the waiting between looks at a query.
func WithSleep(sleep func(context.Context, time.Duration) error) Option {
	return func(s *Source) { s.sleep = sleep }
}

// New returns a Source over an event data store.
func New(api API, store Store, options ...Option) *Source {
	s := &Source{api: api, store: store, slice: 24 * time.Hour, scanned: func(int64) {}, sleep: reading.Sleep}
	for _, option := range options {
		option(s)
	}
	return s
}

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. The queries run one after the other, in the order of time; one that runs
// when ctx ends is cancelled. Everything is read before the first row is yielded.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return reading.Usage(ctx, s.store.String(), q, func(ctx context.Context, r *reading.Reading) error {
		from, to, err := s.window(ctx, &q)
		if err != nil {
			return err
		}
		for from.Before(to) {
			next := from.Truncate(s.slice).Add(s.slice)
			if next.After(to) {
				next = to
			}
			if err := s.read(ctx, r, from, next); err != nil {
				return fmt.Errorf("%s, from %s to %s: %w", s.store, stamp(from), stamp(next), err)
			}
			from = next
		}
		return nil
	})
}

// read takes in the events from a time to another, which is not included.
func (s *Source) read(ctx context.Context, r *reading.Reading, from, to time.Time) error {
	n := int64(0)
	complete, err := s.query(ctx, s.store.events(from, to), func(id string, rows []row) error {
		for _, row := range rows {
			n++
			o := r.Observe(row["eventjson"])
			r.Add(&o, fmt.Sprintf("%s query %s", s.store, id), n)
		}
		r.Progress()
		return nil
	})
	if err == nil && !complete {
		r.Gap(trail.GapPartial, fmt.Sprintf("CloudTrail gave fewer events than it had found from %s to %s.", stamp(from), stamp(to)))
	}
	return err
}
