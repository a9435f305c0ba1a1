package lake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/lake"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
)

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func open(t *testing.T, f *fake, options ...lake.Option) *lake.Source {
	t.Helper()
	store, err := lake.Parse(f.id)
	if err != nil {
		t.Fatal(err)
	}
	return lake.New(f.client(t), store, append([]lake.Option{lake.WithSleep(noSleep)}, options...)...)
}

func TestSource(t *testing.T) {
	for _, slice := range []time.Duration{24 * time.Hour, 7 * time.Minute, 1000 * time.Hour} {
		t.Run(slice.String(), func(t *testing.T) {
			trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
				f := newFake(t, records)
				return apitest.Source(t, open(t, f, lake.WithSlice(slice)), records, &f.sent, func(trail.Query) []trail.Gap { return nil })
			})
		})
	}
}

var start = time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)

// calls makes n calls, an hour apart.
func calls(n int) []json.RawMessage {
	g := trailtest.New(1, "111122223333", "eu-west-1")
	who := g.FunctionSession(g.Role("orders"), "orders", start)
	records := make([]json.RawMessage, n)
	for i := range records {
		records[i] = g.Call(who, start.Add(time.Duration(i)*time.Hour), "dynamodb.amazonaws.com", fmt.Sprintf("Create%d", i%5)).JSON()
	}
	return records
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

func TestStatements(t *testing.T) {
	const id = "01234567-89ab-cdef-fedc-ba0987654321"
	bounds := "SELECT min(eventTime) AS earliest, max(eventTime) AS latest FROM " + id
	events := func(from, to string) string {
		return "SELECT eventJson FROM " + id + " WHERE eventTime >= '" + from + "' AND eventTime < '" + to + "'"
	}
	for _, test := range []struct {
		reason string
		q      trail.Query
		want   []string
	}{
		{"a window is cut at midnight", trail.Query{Since: start, Until: start.Add(40 * time.Hour)}, []string{
			events("2026-09-01 06:00:00", "2026-09-02 00:00:00"), events("2026-09-02 00:00:00", "2026-09-02 22:00:00"),
		}},
		{"parts of seconds are asked for whole, in UTC",
			trail.Query{Since: start.Add(5e8).In(time.FixedZone("", 7200)), Until: start.Add(15e8)}, []string{
				events("2026-09-01 06:00:00", "2026-09-01 06:00:02"),
			}},
		{"an empty window asks nothing", trail.Query{Since: start, Until: start}, nil},
		{"unbounded", trail.Query{}, []string{
			bounds, events("2026-09-01 06:00:00", "2026-09-02 00:00:00"), events("2026-09-02 00:00:00", "2026-09-02 11:00:01"),
		}},
		{"without end", trail.Query{Since: start.Add(25 * time.Hour)}, []string{
			bounds + " WHERE eventTime >= '2026-09-02 07:00:00'", events("2026-09-02 07:00:00", "2026-09-02 11:00:01"),
		}},
		{"without beginning", trail.Query{Until: start.Add(time.Hour)}, []string{
			bounds + " WHERE eventTime < '2026-09-01 07:00:00'", events("2026-09-01 06:00:00", "2026-09-01 06:00:01"),
		}},
		{"nothing there", trail.Query{Since: start.Add(1000 * time.Hour)}, []string{bounds + " WHERE eventTime >= '2026-10-12 22:00:00'"}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			f := newFake(t, calls(30))
			if _, err := collect(t.Context(), open(t, f), test.q); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, f.statements); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPagesAndBytes(t *testing.T) {
	f := newFake(t, calls(2345))
	var scanned []int64
	var stats trail.Stats
	var last trail.Progress
	src := open(t, f, lake.WithSlice(30_000*time.Hour), lake.WithScanned(func(n int64) { scanned = append(scanned, n) }))
	got, err := collect(t.Context(), src, trail.Query{Stats: &stats, OnProgress: func(p trail.Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	if f.calls["GetQueryResults"] != 1+3 || len(got) != 5 || stats.Used != 2345 || last.Records != 2345 || stats.Files != 0 {
		t.Errorf("%d pages, %d rows, %+v, %+v", f.calls["GetQueryResults"], len(got), stats, last)
	}
	if diff := cmp.Diff([]int64{1001, 3345}, scanned); diff != "" {
		t.Errorf("bytes scanned (-want +got):\n%s", diff)
	}
}

func TestParse(t *testing.T) {
	const id = "01234567-89ab-cdef-fedc-ba0987654321"
	for _, s := range []string{id, "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/" + id, "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:eventdatastore/" + id} {
		store, err := lake.Parse(s)
		if err != nil || store.String() != "lake://"+s {
			t.Errorf("%s: %v, %v", s, store, err)
		}
		if region := store.Region(); strings.HasPrefix(s, "arn:") != (region != "") || region != "" && !strings.Contains(s, ":"+region+":") {
			t.Errorf("%s: Region %q", s, region)
		}
	}
	for _, s := range []string{
		"", "orders", id + " ", id + ";", id + "'--", id[1:], "{" + id + "}", id + "\n", "x" + id,
		"arn:aws:s3:eu-west-1:111122223333:eventdatastore/" + id, "arn:aws:cloudtrail:eu-west-1:1:eventdatastore/" + id,
		"arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/x' OR 1=1", "arn:aws:cloudtrail:eu-west-1:111122223333:channel/" + id,
	} {
		if store, err := lake.Parse(s); err == nil {
			t.Errorf("%q is taken for an event data store: %v", s, store)
		}
	}
}
