package lake_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/lake"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// week is a window of seven days with an event each hour, from midnight on.
var week = trail.Query{Since: start.Truncate(24 * time.Hour), Until: start.Truncate(24 * time.Hour).Add(7 * 24 * time.Hour)}

// from lets the calls of an operation fail from the n-th on, up to the last one.
func from(first, last int, answer any, err error) func(int, *awsfake.Request) (any, error) {
	return func(n int, _ *awsfake.Request) (any, error) {
		if n < first || n > last {
			return nil, nil
		}
		return answer, err
	}
}

const ever = 1 << 30

func TestFaults(t *testing.T) {
	raw := func(first, last int, answer string) func(int, *awsfake.Request) (any, error) {
		return func(n int, r *awsfake.Request) (any, error) {
			if n < first || n > last {
				return nil, nil
			}
			conn, _, err := http.NewResponseController(r.Writer).Hijack()
			if err == nil {
				conn.Write([]byte(answer))
				conn.Close()
			}
			return nil, awsfake.ErrWritten
		}
	}
	status := func(s, message string) any {
		return map[string]any{"QueryStatus": s, "ErrorMessage": message}
	}
	throttled := &awsfake.Error{Code: "ThrottlingException", Message: "Rate exceeded"}
	expired := &awsfake.Error{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	denied := &awsfake.Error{Code: "AccessDeniedException", Message: "User: x is not authorized to perform: cloudtrail:StartQuery"}
	full := &awsfake.Error{Code: "MaxConcurrentQueriesException", Message: "You are already running the maximum number of concurrent queries."}
	for name, test := range map[string]struct {
		operation string
		fault     func(int, *awsfake.Request) (any, error)
		used      int64 // of 7 days with 24 events, of which the first has 18
		err       string
		code      string
		cancelled int
	}{
		"throttled for a while":          {"GetQueryResults", from(2, 4, nil, throttled), 162, "", "", 0},
		"throttled for good":             {"StartQuery", from(3, ever, nil, throttled), 42, "from 2026-09-03 00:00:00 to 2026-09-04 00:00:00: ", "ThrottlingException", 0},
		"too many queries for a while":   {"StartQuery", from(2, 9, nil, full), 162, "", "", 0},
		"too many queries for good":      {"StartQuery", from(2, ever, nil, full), 18, "from 2026-09-02 00:00:00", "MaxConcurrentQueriesException", 0},
		"token expires on the last day":  {"StartQuery", from(7, ever, nil, expired), 138, "from 2026-09-07 00:00:00 to 2026-09-08 00:00:00: ", "ExpiredTokenException", 0},
		"token expires while waiting":    {"DescribeQuery", from(3, ever, nil, expired), 18, "query query-2: ", "ExpiredTokenException", 1},
		"token expires in the results":   {"GetQueryResults", from(7, ever, nil, expired), 138, "results of query query-7: ", "ExpiredTokenException", 0},
		"access denied":                  {"StartQuery", from(1, ever, nil, denied), 0, "from 2026-09-01 00:00:00", "AccessDeniedException", 0},
		"query fails":                    {"DescribeQuery", from(3, ever, status("FAILED", "Query exhausted resources"), nil), 18, "query query-2: failed: Query exhausted resources", "", 0},
		"query fails without a word":     {"DescribeQuery", from(3, ever, status("FAILED", ""), nil), 18, "query query-2: failed: CloudTrail does not say why", "", 0},
		"query times out":                {"DescribeQuery", from(3, ever, status("TIMED_OUT", ""), nil), 18, "query query-2: timed out: ask for a shorter time at once", "", 0},
		"query is cancelled":             {"DescribeQuery", from(3, ever, status("CANCELLED", ""), nil), 18, "query query-2: was cancelled by somebody else", "", 0},
		"unknown status":                 {"DescribeQuery", from(3, ever, status("PAUSED", ""), nil), 18, `query query-2: has the unknown status "PAUSED"`, "", 0},
		"results of a failed query":      {"GetQueryResults", from(2, ever, status("FAILED", "gone"), nil), 18, "results of query query-2: failed: gone", "", 0},
		"connection breaks twice":        {"GetQueryResults", raw(2, 3, ""), 162, "", "", 0},
		"connection breaks always":       {"GetQueryResults", raw(2, ever, ""), 18, "results of query query-2: ", "", 0},
		"an answer breaks off":           {"GetQueryResults", raw(2, 2, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{\"QueryResultRows\":["), 18, "results of query query-2: ", "", 0},
		"400 with an empty body":         {"GetQueryResults", raw(2, ever, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), 18, "results of query query-2: ", "", 0},
		"400 with HTML":                  {"StartQuery", raw(2, ever, "HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\n<html>"), 18, "from 2026-09-02 00:00:00", "", 0},
		"the same page token twice":      {"GetQueryResults", from(2, ever, map[string]any{"QueryStatus": "FINISHED", "NextToken": "again"}, nil), 18, "results of query query-2: CloudTrail gave the same page token twice", "", 0},
		"cancelling is refused as well":  {"DescribeQuery", from(3, ever, nil, denied), 18, "(it may still run, and cost: ", "AccessDeniedException", -1},
		"cancelling what has just ended": {"DescribeQuery", from(3, ever, nil, denied), 18, "query query-2: operation error CloudTrail: DescribeQuery", "AccessDeniedException", -2},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, calls(200))
			f.faults[test.operation] = test.fault
			switch test.cancelled {
			case -1:
				f.faults["CancelQuery"] = from(1, ever, nil, denied)
			case -2:
				f.faults["CancelQuery"] = from(1, ever, nil, &awsfake.Error{Code: "InactiveQueryException", Message: "over"})
			}
			var stats trail.Stats
			q := week
			q.Stats = &stats
			got, err := collect(t.Context(), open(t, f), q)
			if stats.Used != test.used || (test.used > 0) != (len(got) > 0) {
				t.Errorf("%d used, %d rows, want %d used", stats.Used, len(got), test.used)
			}
			if len(f.cancelled) != max(test.cancelled, 0) {
				t.Errorf("cancelled %v", f.cancelled)
			}
			if err == nil || test.err == "" {
				if err != nil || test.err != "" {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if !strings.Contains(err.Error(), test.err) || !strings.HasPrefix(err.Error(), "lake://"+f.id+", from 2026-09-0") {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if api, ok := errors.AsType[smithy.APIError](err); test.code != "" && (!ok || api.ErrorCode() != test.code) {
				t.Errorf("error %v, want %s", err, test.code)
			}
			if test.cancelled == -2 && strings.Contains(err.Error(), "may still run") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestCancelled interrupts the wait for the third day's query: it is cancelled, and the days before are kept.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := newFake(t, calls(200))
	f.running = 5
	sleeps := 0
	src := open(t, f, lake.WithSleep(func(ctx context.Context, _ time.Duration) error {
		if sleeps++; sleeps == 15 {
			cancel()
		}
		return ctx.Err()
	}))
	var stats trail.Stats
	q := week
	q.Stats = &stats
	_, err := collect(ctx, src, q)
	if !errors.Is(err, context.Canceled) || stats.Used != 18+24 {
		t.Errorf("error %v, %d used", err, stats.Used)
	}
	if diff := cmp.Diff([]string{"query-3"}, f.cancelled); diff != "" {
		t.Errorf("cancelled (-want +got):\n%s", diff)
	}
}

func TestFewerRowsThanFound(t *testing.T) {
	f := newFake(t, calls(200))
	f.faults["GetQueryResults"] = from(2, 2, map[string]any{"QueryStatus": "FINISHED", "QueryStatistics": map[string]any{"TotalResultsCount": 24}}, nil)
	var stats trail.Stats
	q := week
	q.Stats = &stats
	if _, err := collect(t.Context(), open(t, f), q); err != nil {
		t.Fatal(err)
	}
	want := []trail.Gap{{Kind: trail.GapPartial, Source: "lake://" + f.id,
		Detail: "CloudTrail gave fewer events than it had found from 2026-09-02 00:00:00 to 2026-09-03 00:00:00."}}
	if diff := cmp.Diff(want, stats.Gaps); diff != "" || stats.Used != 138 {
		t.Errorf("%d used, gaps (-want +got):\n%s", stats.Used, diff)
	}
}

func TestOddTimes(t *testing.T) {
	for value, wrong := range map[string]bool{"null": false, "NULL": false, "": false, "2026-09-01T06:00:00Z": false, "yesterday": true, "2026-09-01": true} {
		f := newFake(t, calls(1))
		f.faults["GetQueryResults"] = from(1, 1, map[string]any{"QueryStatus": "FINISHED",
			"QueryResultRows": [][]map[string]string{{{"earliest": value}, {"latest": value}}}}, nil)
		_, err := collect(t.Context(), open(t, f), trail.Query{})
		if (err != nil) != wrong || wrong && !strings.Contains(err.Error(), "looking for the first and the last event") {
			t.Errorf("%q: %v", value, err)
		}
	}
}

// TestBrokenRows has rows whose record is no record, or that lack the column.
func TestBrokenRows(t *testing.T) {
	f := newFake(t, calls(5))
	f.faults["GetQueryResults"] = from(1, 1, map[string]any{"QueryStatus": "FINISHED", "QueryResultRows": [][]map[string]string{
		{{"eventjson": string(f.records[0])}}, {{"eventJson": "{"}}, {{"other": "x"}}, {},
	}}, nil)
	var skips []trail.Skip
	var stats trail.Stats
	q := trail.Query{Since: start, Until: start.Add(time.Hour), Stats: &stats, OnSkip: func(s trail.Skip) { skips = append(skips, s) }}
	if _, err := collect(t.Context(), open(t, f), q); err != nil {
		t.Fatal(err)
	}
	if stats.Used != 1 || stats.Skipped[trail.SkipMalformed] != 3 || len(skips) != 3 {
		t.Fatalf("stats %+v, skips %+v", stats, skips)
	}
	if s := skips[0]; s.File != "lake://"+f.id+" query query-1" || s.Record != 2 || s.Err == nil {
		t.Errorf("skip %+v", s)
	}
}

// TestHugeRows has records of a megabyte, the largest that event data stores take.
func TestHugeRows(t *testing.T) {
	records := calls(4)
	for i := range records {
		records[i] = append([]byte(`{"filler":"`+strings.Repeat("x", 1<<20)+`",`), records[i][1:]...)
	}
	var stats trail.Stats
	if _, err := collect(t.Context(), open(t, newFake(t, records)), trail.Query{Stats: &stats}); err != nil || stats.Used != 4 {
		t.Errorf("%d used, error %v", stats.Used, err)
	}
}
