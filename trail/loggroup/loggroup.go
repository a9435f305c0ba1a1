// Package loggroup reads CloudTrail records from a log group of CloudWatch Logs that CloudTrail delivers to,
// by CloudWatch Logs Insights
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AnalyzingLogData.html), which AWS names as the
// successor of CloudTrail Lake. Queries work for log groups of both classes, and are paid by the bytes that
// they scan.
//
// A query gives a limited number of rows, so the window is read in slices, and a slice with more records
// than a query gives is cut again. CloudTrail sends no events above 256 KB to CloudWatch Logs; it makes
// none since version 1.05 of its records
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html).
package loggroup

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

// API is what a Source calls, in the Region of the log group.
type API interface {
	StartQuery(context.Context, *cloudwatchlogs.StartQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error)
	GetQueryResults(context.Context, *cloudwatchlogs.GetQueryResultsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error)
	StopQuery(context.Context, *cloudwatchlogs.StopQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error)
}

// A Source is a trail.Source over one log group.
type Source struct {
	api     API
	group   Group
	limit   int
	scanned func(bytes int64)
	sleep   func(context.Context, time.Duration) error
	now     func() time.Time
}

// MaxRows is how many rows a query may give
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html).
const MaxRows = 100_000

// An Option changes how a Source reads.
type Option func(*Source)

// WithLimit says how many rows to ask of one query, in place of MaxRows.
func WithLimit(rows int) Option { return func(s *Source) { s.limit = min(max(rows, 1), MaxRows) } }

// WithScanned has f told of the bytes that each query scanned, which is what AWS charges for.
func WithScanned(f func(bytes int64)) Option { return func(s *Source) { s.scanned = f } }

// WithSleep replaces the waiting between looks at a query.
func WithSleep(sleep func(context.Context, time.Duration) error) Option {
	return func(s *Source) { s.sleep = sleep }
}

// WithNow gives the time at which a window without end ends.
func WithNow(now func() time.Time) Option { return func(s *Source) { s.now = now } }

// New returns a Source over a log group.
func New(api API, group Group, options ...Option) *Source {
	s := &Source{api: api, group: group, limit: MaxRows, scanned: func(int64) {}, sleep: reading.Sleep, now: time.Now}
	for _, option := range options {
		option(s)
	}
	return s
}

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. The queries run one after the other, in the order of time; one that runs
// when ctx ends is stopped. Everything is read before the first row is yielded.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return reading.Usage(ctx, s.group.String(), q, func(ctx context.Context, r *reading.Reading) error {
		window, err := s.window(ctx, &q)
		if err != nil {
			return err
		}
		return s.readAll(ctx, r, window)
	})
}

// readAll reads the days of a window. CloudWatch Logs refuses queries for a time of which the log group holds
// nothing, since it was made later or keeps records for a limited time; such days at the beginning are a
// gap.
func (s *Source) readAll(ctx context.Context, r *reading.Reading, window slice) error {
	var refused error
	until, served := window.from, false
	for first := range window.days() {
		// What is cut again waits in the order of time: the next slice is the last of the list.
		for todo := []slice{first}; len(todo) > 0; {
			next := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			parts, err := s.read(ctx, r, next)
			if _, malformed := errors.AsType[*types.MalformedQueryException](err); malformed && !served {
				refused, until = err, next.to
				continue
			}
			if err != nil {
				return fmt.Errorf("%s, %s: %w", s.group, next, err)
			}
			served = true
			todo = append(todo, parts...)
		}
	}
	if refused != nil && !served {
		return fmt.Errorf("%s, %s: %w", s.group, window, refused)
	}
	if refused != nil {
		r.Gap(trail.GapWindow, "The log group holds nothing before "+stamp(time.Unix(until, 0))+".")
	}
	return nil
}

const (
	// early and late are how far before and after an event CloudWatch Logs may have it: AWS does not say
	// whether the time of a record in the log is the event's or its delivery's, which typically follows
	// within minutes but for which there is no guarantee.
	early = 15 * time.Minute
	late  = 24 * time.Hour
)

// window returns the times in the log that may hold events of q's window.
func (s *Source) window(ctx context.Context, q *trail.Query) (slice, error) {
	w := slice{to: s.now().Unix() + 1}
	if end := q.Until.Add(late).Unix() + 1; !q.Until.IsZero() && end < w.to {
		w.to = end
	}
	if !q.Since.IsZero() {
		w.from = max(q.Since.Add(-early).Unix(), 0)
		return w, nil
	}
	first, err := s.first(ctx, w)
	if err != nil {
		return w, fmt.Errorf("%s, looking for the first record: %w", s.group, err)
	}
	if first.IsZero() {
		return slice{}, nil
	}
	w.from = first.Unix()
	return w, nil
}
