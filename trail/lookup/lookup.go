// Package lookup reads CloudTrail's Event history, which every account has without any trail, by
// LookupEvents (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html).
//
// Event history holds management events only, of one account, by Region, for 90 days. It gives fifty
// events at a time and two such pages a second in each account and Region, so a busy account takes a
// while. What it does not show is said as trail.Gap.
package lookup

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"golang.org/x/time/rate"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

// API is what a Source calls, in one Region.
type API interface {
	LookupEvents(context.Context, *cloudtrail.LookupEventsInput, ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error)
}

// A Limiter makes requests wait for their turn. *rate.Limiter is one.
type Limiter interface {
	Wait(context.Context) error
}

// A Source is a trail.Source over the Event history of one account.
type Source struct {
	api     func(context.Context, string) (API, error)
	name    string
	regions []string
	account string
	narrow  Narrow
	limiter func(region string) Limiter
	now     func() time.Time
}

// An Option changes how a Source reads.
type Option func(*Source)

// WithAccount says whose Event history it is, by its twelve digits.
func WithAccount(id string) Option { return func(s *Source) { s.account = id } }

// WithNarrow makes the reading smaller.
func WithNarrow(n Narrow) Option { return func(s *Source) { s.narrow = n } }

// WithLimiter gives each Region its Limiter in place of the two requests a second that AWS allows.
func WithLimiter(limiter func(region string) Limiter) Option {
	return func(s *Source) { s.limiter = limiter }
}

// WithNow gives the time from which 90 days are counted back.
func WithNow(now func() time.Time) Option { return func(s *Source) { s.now = now } }

// perSecond is AWS's quota for LookupEvents in one account and Region
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html).
const perSecond = 2

// New returns a Source over Regions, in which api makes clients. The caller names the Regions: all that
// the account has enabled, if the user names none.
func New(api func(ctx context.Context, region string) (API, error), regions []string, options ...Option) *Source {
	s := &Source{
		api:     api,
		name:    "lookup://" + strings.Join(regions, ","),
		regions: slices.Compact(slices.Sorted(slices.Values(regions))),
		limiter: func(string) Limiter { return rate.NewLimiter(perSecond, 1) },
		now:     time.Now,
	}
	for _, option := range options {
		option(s)
	}
	return s
}

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. A Region that fails does not stop the others; the error names each that
// failed. Everything is read before the first row is yielded.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return reading.Usage(ctx, s.name, q, func(ctx context.Context, r *reading.Reading) error {
		regions := s.gaps(&q, r)
		from, to, ok := s.window(&q)
		if !ok {
			return nil
		}
		return s.read(ctx, r, regions, request{from, to, s.narrow})
	})
}

// history is how long Event history keeps events.
const history = 90 * 24 * time.Hour

// slack is how much earlier than the history a window may begin that was meant to be as long as it: the
// clock has moved since it was asked for.
const slack = time.Minute

// window returns the bounds to ask for; not ok says that the history holds nothing of what q asks for.
func (s *Source) window(q *trail.Query) (from, to time.Time, ok bool) {
	to = s.now()
	from = to.Add(-history)
	if q.Since.After(from) {
		from = q.Since
	}
	if !q.Until.IsZero() && q.Until.Before(to) {
		to = q.Until
	}
	return from, to, from.Before(to)
}

// gaps notes what the history does not show of what q asks for, and returns the Regions to read.
func (s *Source) gaps(q *trail.Query, r *reading.Reading) []string {
	r.Gap(trail.GapNoDataEvents, "Event history has management events only: no reads and writes of objects, items and messages, no invocations.")
	if first := s.now().Add(-history); q.Since.IsZero() || q.Since.Before(first.Add(-slack)) {
		r.Gap(trail.GapWindow, "Event history keeps 90 days: nothing before "+first.UTC().Format(time.DateOnly)+" was read.")
	}
	if only := s.narrow.String(); only != "" {
		r.Gap(trail.GapPartial, "Only events with "+only+" were looked up.")
	}
	if s.account != "" && slices.ContainsFunc(q.Accounts, func(a string) bool { return a != s.account }) {
		r.Gap(trail.GapPlaces, "Only the Event history of account "+s.account+" was read.")
	}
	if len(q.Regions) == 0 {
		return s.regions
	}
	var regions []string
	for _, region := range slices.Compact(slices.Sorted(slices.Values(q.Regions))) {
		if slices.Contains(s.regions, region) {
			regions = append(regions, region)
			continue
		}
		r.Gap(trail.GapPlaces, fmt.Sprintf("The Event history of Region %s was not read.", region))
	}
	return regions
}
