package lookup_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/lookup"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
)

// now is some days after the records of the conformance suite.
var now = time.Date(2026, 9, 5, 0, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

func open(t *testing.T, f *fake, regions []string, options ...lookup.Option) *lookup.Source {
	return lookup.New(f.serve(t), regions, append([]lookup.Option{lookup.WithLimiter(noWait), lookup.WithNow(clock)}, options...)...)
}

var noDataEvents = trail.Gap{
	Kind: trail.GapNoDataEvents, Source: "lookup://eu-west-1",
	Detail: "Event history has management events only: no reads and writes of objects, items and messages, no invocations.",
}

func TestSource(t *testing.T) {
	trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
		f := &fake{events: events(t, records)}
		gaps := func(q trail.Query) []trail.Gap {
			out := []trail.Gap{noDataEvents}
			if q.Since.IsZero() {
				out = append(out, trail.Gap{Kind: trail.GapWindow, Source: "lookup://eu-west-1",
					Detail: "Event history keeps 90 days: nothing before 2026-06-07 was read."})
			}
			for _, r := range q.Regions {
				if r != "eu-west-1" {
					out = append(out, trail.Gap{Kind: trail.GapPlaces, Source: "lookup://eu-west-1",
						Detail: "The Event history of Region " + r + " was not read."})
				}
			}
			return out
		}
		return apitest.Source(t, open(t, f, []string{"eu-west-1"}), records, &f.sent, gaps)
	})
}

// history makes the Event history of Regions, with n calls in each, a minute apart, newest first.
func history(t *testing.T, regions []string, n int) *fake {
	var records []json.RawMessage
	for i, region := range regions {
		g := trailtest.New(uint64(i), "111122223333", region)
		who := g.FunctionSession(g.Role("orders"), "orders", now)
		for j := range n {
			at := now.Add(-time.Duration(j) * time.Minute)
			records = append(records, g.Call(who, at, "dynamodb.amazonaws.com", fmt.Sprintf("Create%d", j%7)).JSON())
		}
	}
	return &fake{events: events(t, records)}
}

func collect(ctx context.Context, src trail.Source, q trail.Query) (out []trail.Usage, err error) {
	for u, e := range src.Usage(ctx, q) {
		if e != nil {
			return out, e
		}
		out = append(out, u)
	}
	return out, nil
}

func TestRegionsAreReadToTheEnd(t *testing.T) {
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1"}
	f := history(t, regions, 163)
	var want []trail.Usage
	for range 3 {
		var stats trail.Stats
		var last trail.Progress
		q := trail.Query{Stats: &stats, OnProgress: func(p trail.Progress) { last = p }}
		got, err := collect(t.Context(), open(t, f, regions), q)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("another reading differs (-first +this):\n%s", diff)
		}
		if stats.Used != 3*163 || stats.Files != 0 || last.Records != 3*163 || len(got) != 3*7 {
			t.Errorf("stats %+v, progress %+v, %d rows", stats, last, len(got))
		}
	}
	if f.requests["us-east-1"] != 4 {
		t.Errorf("%d requests of the last reading, want four pages", f.requests["us-east-1"])
	}
}

func TestOnlyRegionsAskedFor(t *testing.T) {
	f := history(t, []string{"us-east-1", "eu-west-1"}, 3)
	var stats trail.Stats
	src := open(t, f, []string{"us-east-1", "eu-west-1"}, lookup.WithAccount("111122223333"))
	q := trail.Query{Regions: []string{"eu-west-1", "eu-north-1"}, Accounts: []string{"111122223333", "444455556666"}, Since: now.Add(-time.Hour), Stats: &stats}
	if _, err := collect(t.Context(), src, q); err != nil {
		t.Fatal(err)
	}
	if f.requests["us-east-1"] != 0 || f.requests["eu-west-1"] != 1 {
		t.Errorf("requests: %v", f.requests)
	}
	name := "lookup://us-east-1,eu-west-1"
	want := []trail.Gap{
		{Kind: trail.GapNoDataEvents, Source: name, Detail: noDataEvents.Detail},
		{Kind: trail.GapPlaces, Source: name, Detail: "Only the Event history of account 111122223333 was read."},
		{Kind: trail.GapPlaces, Source: name, Detail: "The Event history of Region eu-north-1 was not read."},
	}
	if diff := cmp.Diff(want, stats.Gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

func TestWindow(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		reason       string
		since, until time.Time
		from, to     time.Time // of the request; zero for none
		gap          bool
	}{
		{"unbounded begins before the history", time.Time{}, time.Time{}, now.Add(-90 * day), now, true},
		{"within the history", now.Add(-7 * day), now.Add(-day), now.Add(-7 * day), now.Add(-day), false},
		{"as long as the history, asked for a moment ago", now.Add(-90*day - time.Second), time.Time{}, now.Add(-90 * day), now, false},
		{"longer than the history", now.Add(-91 * day), time.Time{}, now.Add(-90 * day), now, true},
		{"before the history", now.Add(-100 * day), now.Add(-95 * day), time.Time{}, time.Time{}, true},
		{"after now", now.Add(day), time.Time{}, time.Time{}, time.Time{}, false},
		{"ends after now", now.Add(-day), now.Add(day), now.Add(-day), now, false},
	} {
		t.Run(test.reason, func(t *testing.T) {
			f := history(t, []string{"eu-west-1"}, 1)
			var stats trail.Stats
			q := trail.Query{Since: test.since, Until: test.until, Stats: &stats}
			if _, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}), q); err != nil {
				t.Fatal(err)
			}
			gap := false
			for _, g := range stats.Gaps {
				gap = gap || g.Kind == trail.GapWindow
			}
			if gap != test.gap {
				t.Errorf("gaps: %v", stats.Gaps)
			}
			var want []map[string]any
			if !test.from.IsZero() {
				want = []map[string]any{{"StartTime": float64(test.from.Unix()), "EndTime": float64(test.to.Unix()), "MaxResults": 50.0}}
			}
			if diff := cmp.Diff(want, f.bodies); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNarrow(t *testing.T) {
	f := history(t, []string{"eu-west-1"}, 70)
	for _, test := range []struct {
		narrow lookup.Narrow
		used   int64
		detail string
	}{
		{lookup.Narrow{}, 70, ""},
		{lookup.Narrow{EventName: "Create3", EventSource: "iam.amazonaws.com"}, 10, "Only events with EventName Create3 were looked up."},
		{lookup.Narrow{EventSource: "iam.amazonaws.com", Writes: true}, 0, "Only events with EventSource iam.amazonaws.com were looked up."},
		{lookup.Narrow{Writes: true}, 70, "Only events with ReadOnly false were looked up."},
		{lookup.Narrow{AccessKeyID: f.events[0].key, EventName: "Create3"}, 70, "Only events with AccessKeyId " + f.events[0].key + " were looked up."},
	} {
		t.Run(test.narrow.String(), func(t *testing.T) {
			var stats trail.Stats
			if _, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}, lookup.WithNarrow(test.narrow)), trail.Query{Stats: &stats}); err != nil {
				t.Fatal(err)
			}
			detail := ""
			for _, g := range stats.Gaps {
				if g.Kind == trail.GapPartial {
					detail = g.Detail
				}
			}
			if stats.Used != test.used || detail != test.detail {
				t.Errorf("used %d, want %d; %q, want %q", stats.Used, test.used, detail, test.detail)
			}
		})
	}
}

// counter counts the requests it lets pass.
type counter struct {
	mu sync.Mutex
	n  map[string]int
}

type counted struct {
	*counter
	region string
}

func (c counted) Wait(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[c.region]++
	if c.n[c.region] == 3 {
		return errors.New("no more")
	}
	return nil
}

func TestEveryRequestWaitsForItsRegion(t *testing.T) {
	c := &counter{n: map[string]int{}}
	f := history(t, []string{"us-east-1", "eu-west-1"}, 130)
	src := open(t, f, []string{"us-east-1", "eu-west-1"}, lookup.WithLimiter(func(region string) lookup.Limiter { return counted{c, region} }))
	var stats trail.Stats
	_, err := collect(t.Context(), src, trail.Query{Stats: &stats})
	if err == nil || err.Error() != "lookup://eu-west-1: after 100 events: no more\nlookup://us-east-1: after 100 events: no more" {
		t.Errorf("error %v", err)
	}
	if f.requests["us-east-1"] != 2 || f.requests["eu-west-1"] != 2 || stats.Records != 200 {
		t.Errorf("requests %v, %d records", f.requests, stats.Records)
	}
}
