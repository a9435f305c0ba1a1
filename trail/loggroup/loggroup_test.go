package loggroup_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/loggroup"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
)

// now is some days after the records of the conformance suite.
var now = time.Date(2026, 9, 5, 0, 0, 0, 0, time.UTC)

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func open(t testing.TB, f *fake, options ...loggroup.Option) *loggroup.Source {
	t.Helper()
	g, err := loggroup.Parse(group)
	if err != nil {
		t.Fatal(err)
	}
	options = append([]loggroup.Option{loggroup.WithSleep(noSleep), loggroup.WithNow(func() time.Time { return now })}, options...)
	return loggroup.New(f.client(t), g, options...)
}

func atOnce(t time.Time) time.Time { return t }

func TestSource(t *testing.T) {
	for name, at := range map[string]func(time.Time) time.Time{
		"logged at the event's time": atOnce,
		"logged as delivered":        func(t time.Time) time.Time { return t.Add(5*time.Minute + 123*time.Millisecond) },
		"delivered late":             func(t time.Time) time.Time { return t.Add(23 * time.Hour) },
		"all delivered at once":      func(time.Time) time.Time { return time.Date(2026, 9, 2, 2, 0, 0, 0, time.UTC) },
	} {
		for _, limit := range []int{loggroup.MaxRows, 9} {
			if name == "all delivered at once" && limit == 9 {
				continue // nothing to cut
			}
			t.Run(fmt.Sprint(name, ", ", limit), func(t *testing.T) {
				trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
					f := newFake(t, records, at)
					src := apitest.Source(t, open(t, f, loggroup.WithLimit(limit)), records, &f.sent, func(trail.Query) []trail.Gap { return nil })
					return src
				})
			})
		}
	}
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

var start = time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)

// calls makes n calls, some time apart.
func calls(n int, apart time.Duration) []json.RawMessage {
	g := trailtest.New(1, "111122223333", "eu-west-1")
	who := g.FunctionSession(g.Role("orders"), "orders", start)
	records := make([]json.RawMessage, n)
	for i := range records {
		records[i] = g.Call(who, start.Add(time.Duration(i)*apart), "dynamodb.amazonaws.com", fmt.Sprintf("Create%d", i%5)).JSON()
	}
	return records
}

// spans returns what the queries for records asked for.
func (f *fake) spans() (out []string) {
	for _, q := range f.queries {
		from, to := time.Unix(q.start, 0).UTC(), time.Unix(q.end, 0).UTC()
		out = append(out, fmt.Sprintf("%s|%s|%s|%d", q.text, from.Format(time.DateTime), to.Format(time.DateTime), q.limit))
	}
	return out
}

func TestSpans(t *testing.T) {
	records := func(from, to string) string {
		return "fields @timestamp, @message|2026-" + from + "|2026-" + to + "|100000"
	}
	for _, test := range []struct {
		reason string
		q      trail.Query
		want   []string
	}{
		{"earlier and later than the window, cut at midnight", trail.Query{Since: start, Until: start.Add(time.Hour)}, []string{
			records("09-01 05:45:00", "09-02 00:00:00"), records("09-02 00:00:00", "09-02 07:00:01"),
		}},
		{"until now", trail.Query{Since: now.Add(-time.Hour)}, []string{
			records("09-04 22:45:00", "09-05 00:00:00"), records("09-05 00:00:00", "09-05 00:00:01"),
		}},
		{"from the first record on", trail.Query{Until: start.Add(-20 * time.Hour)}, []string{
			"fields @timestamp | sort @timestamp asc|1970-01-01 00:00:00|2026-09-01 10:00:01|1",
			records("09-01 06:00:00", "09-01 10:00:01"),
		}},
		{"in the future", trail.Query{Since: now.Add(time.Hour)}, nil},
		{"an empty log", trail.Query{Until: start.Add(-100 * time.Hour)}, []string{"fields @timestamp | sort @timestamp asc|1970-01-01 00:00:00|2026-08-29 02:00:01|1"}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			f := newFake(t, calls(3, time.Hour), atOnce)
			if _, err := collect(t.Context(), open(t, f), test.q); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, f.spans()); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPagesAndBytes(t *testing.T) {
	f := newFake(t, calls(4500, time.Second), atOnce)
	scanned := int64(0)
	var stats trail.Stats
	var last trail.Progress
	src := open(t, f, loggroup.WithScanned(func(n int64) { scanned += n }))
	q := trail.Query{Since: start, Until: start.Add(2 * time.Hour), Stats: &stats, OnProgress: func(p trail.Progress) { last = p }}
	got, err := collect(t.Context(), src, q)
	if err != nil {
		t.Fatal(err)
	}
	// Two days, one of them with three pages, each asked for once while it ran.
	if f.calls["GetQueryResults"] != 2+2+2 || len(got) != 5 || stats.Used != 4500 || last.Records != 4500 || stats.Files != 0 || scanned != 45_000 {
		t.Errorf("%d pages, %d rows, %d used, %+v, %d bytes", f.calls["GetQueryResults"], len(got), stats.Used, last, scanned)
	}
}

// TestTooManyInOneSecond has more records in a second than a query gives: what it gives counts, and the gap says so.
func TestTooManyInOneSecond(t *testing.T) {
	for _, silent := range []bool{false, true} {
		f := newFake(t, calls(30, time.Nanosecond), atOnce)
		f.silent = silent
		var stats trail.Stats
		if _, err := collect(t.Context(), open(t, f, loggroup.WithLimit(20)), trail.Query{Stats: &stats}); err != nil {
			t.Fatal(err)
		}
		want := []trail.Gap{{Kind: trail.GapPartial, Source: "logs://" + group,
			Detail: "CloudWatch Logs gave 20 records from 2026-09-01 06:00:00 to 2026-09-01 06:00:01, and may have more."}}
		if diff := cmp.Diff(want, stats.Gaps); diff != "" || stats.Used != 20 {
			t.Errorf("%d used, gaps (-want +got):\n%s", stats.Used, diff)
		}
	}
}

func TestYoungGroup(t *testing.T) {
	f := newFake(t, calls(30, time.Hour), atOnce)
	f.created = start.Unix()
	var stats trail.Stats
	q := trail.Query{Since: start.Add(-70 * time.Hour), Until: start.Add(time.Hour), Stats: &stats}
	if _, err := collect(t.Context(), open(t, f), q); err != nil {
		t.Fatal(err)
	}
	want := []trail.Gap{{Kind: trail.GapWindow, Source: "logs://" + group, Detail: "The log group holds nothing before 2026-09-01 00:00:00."}}
	if diff := cmp.Diff(want, stats.Gaps); diff != "" || stats.Used != 1 {
		t.Errorf("%d used, gaps (-want +got):\n%s", stats.Used, diff)
	}
	q.Until = start.Add(-50 * time.Hour)
	if _, err := collect(t.Context(), open(t, f), q); err == nil {
		t.Error("a log group without any of the window is no error")
	}
}

func TestParse(t *testing.T) {
	arn := "arn:aws:logs:eu-west-1:111122223333:log-group:" + group
	for s, want := range map[string][2]string{ // as a SOURCE, Region
		group:                         {"logs://" + group, ""},
		"aws-cloudtrail-logs-1_2.x#y": {"logs://aws-cloudtrail-logs-1_2.x#y", ""},
		arn:                           {"logs://" + arn, "eu-west-1"},
		arn + ":*":                    {"logs://" + arn, "eu-west-1"},
		"arn:aws-cn:logs:cn-north-1:" + arn[len("arn:aws:logs:eu-west-1:"):]: {"logs://arn:aws-cn:logs:cn-north-1:" + arn[len("arn:aws:logs:eu-west-1:"):], "cn-north-1"},
	} {
		g, err := loggroup.Parse(s)
		if err != nil || g.String() != want[0] || g.Region() != want[1] {
			t.Errorf("%s: %v, Region %q, %v", s, g, g.Region(), err)
		}
	}
	for _, s := range []string{"", "a b", "a*", "a'", "a\n", "a | limit 1", arn + ":x", arn + ":*:*", "arn:aws:s3:::x", "ärger", string(make([]byte, 600))} {
		if g, err := loggroup.Parse(s); err == nil {
			t.Errorf("%q is taken for a log group: %v", s, g)
		}
	}
}
