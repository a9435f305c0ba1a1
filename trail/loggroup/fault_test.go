package loggroup_test

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
	"github.com/whittle-iam/whittle/trail/loggroup"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// days is a window whose log is read in four days, of which the last is there for what comes late: of the
// hourly events in it the first has eighteen, the second twenty-four, the third ten.
var days = trail.Query{Since: start, Until: start.Add(52 * time.Hour)}

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
	status := func(s string) any { return map[string]any{"status": s} }
	const second = "logs://" + group + ", from 2026-09-02 00:00:00 to 2026-09-03 00:00:00: "
	throttled := refuse("ThrottlingException", "Rate exceeded")
	expired := refuse("ExpiredTokenException", "The security token included in the request is expired")
	denied := refuse("AccessDeniedException", "User: x is not authorized to perform: logs:GetQueryResults")
	full := refuse("LimitExceededException", "Account maximum query concurrency limit of 100 reached.")
	for name, test := range map[string]struct {
		operation string
		fault     func(int, *awsfake.Request) (any, error)
		used      int64
		err       string
		code      string
		stopped   int
	}{
		"throttled for a while":        {"GetQueryResults", from(2, 4, nil, throttled), 52, "", "", 0},
		"throttled for good":           {"StartQuery", from(2, ever, nil, throttled), 18, second, "ThrottlingException", 0},
		"too many queries for a while": {"StartQuery", from(2, 9, nil, full), 52, "", "", 0},
		"too many queries for good":    {"StartQuery", from(2, ever, nil, full), 18, second, "LimitExceededException", 0},
		"token expires on the last day": {"StartQuery", from(4, ever, nil, expired), 52,
			"logs://" + group + ", from 2026-09-04 00:00:00 to 2026-09-04 10:00:01: ", "ExpiredTokenException", 0},
		"token expires while waiting": {"GetQueryResults", from(3, ever, nil, expired), 18, second + "query query-2: ", "ExpiredTokenException", 1},
		"access denied":               {"StartQuery", from(1, ever, nil, denied), 0, "logs://" + group + ", from 2026-09-01 05:45:00", "AccessDeniedException", 0},
		"no such log group":           {"StartQuery", from(1, ever, nil, refuse("ResourceNotFoundException", "")), 0, "logs://" + group + ", from", "ResourceNotFoundException", 0},
		"refused in between":          {"StartQuery", from(2, ever, nil, refuse("MalformedQueryException", "x")), 18, second, "MalformedQueryException", 0},
		"query fails":                 {"GetQueryResults", from(3, ever, status("Failed"), nil), 18, second + "query query-2: failed", "", 0},
		"query times out":             {"GetQueryResults", from(3, ever, status("Timeout"), nil), 18, second + "query query-2: timed out after an hour", "", 0},
		"query is stopped":            {"GetQueryResults", from(3, ever, status("Cancelled"), nil), 18, second + "query query-2: was stopped by somebody else", "", 0},
		"unknown status":              {"GetQueryResults", from(3, ever, status("Unknown"), nil), 18, second + `query query-2: has the unknown status "Unknown"`, "", 0},
		"the same page token twice": {"GetQueryResults", from(3, ever, map[string]any{"status": "Complete", "nextToken": "again"}, nil), 18,
			second + "query query-2: CloudWatch Logs gave the same page token twice", "", 0},
		"connection breaks twice":  {"GetQueryResults", raw(3, 4, ""), 52, "", "", 0},
		"connection breaks always": {"GetQueryResults", raw(3, ever, ""), 18, second + "query query-2: ", "", 1},
		"an answer breaks off":     {"GetQueryResults", raw(3, 3, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{\"results\":["), 18, second + "query query-2: ", "", 1},
		"400 with an empty body":   {"GetQueryResults", raw(3, ever, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), 18, second + "query query-2: ", "", 1},
		"400 with HTML":            {"StartQuery", raw(2, ever, "HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\n<html>"), 18, second, "", 0},
		"stopping fails as well":   {"GetQueryResults", from(3, ever, nil, denied), 18, "(query query-2 may still run, and cost: ", "AccessDeniedException", -1},
		"stopping what has ended":  {"GetQueryResults", from(3, ever, nil, denied), 18, second + "query query-2: ", "AccessDeniedException", -2},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, calls(100, time.Hour), atOnce)
			f.faults[test.operation] = test.fault
			switch test.stopped {
			case -1:
				f.faults["StopQuery"] = from(1, ever, nil, denied)
			case -2:
				f.faults["StopQuery"] = from(1, ever, nil, refuse("InvalidParameterException", "not running"))
			}
			var stats trail.Stats
			q := days
			q.Stats = &stats
			got, err := collect(t.Context(), open(t, f), q)
			if stats.Used != test.used || (test.used > 0) != (len(got) > 0) {
				t.Errorf("%d used, %d rows, want %d used", stats.Used, len(got), test.used)
			}
			if len(f.stopped) != max(test.stopped, 0) {
				t.Errorf("stopped %v", f.stopped)
			}
			if err == nil || test.err == "" {
				if err != nil || test.err != "" {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if !strings.Contains(err.Error(), test.err) || test.stopped == -2 && strings.Contains(err.Error(), "may still run") {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if api, ok := errors.AsType[smithy.APIError](err); test.code != "" && (!ok || api.ErrorCode() != test.code) {
				t.Errorf("error %v, want %s", err, test.code)
			}
		})
	}
}

// TestCancelled interrupts the wait for the second day's query: it is stopped, and the day before is kept.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := newFake(t, calls(100, time.Hour), atOnce)
	f.running = 5
	sleeps := 0
	src := open(t, f, loggroup.WithSleep(func(ctx context.Context, _ time.Duration) error {
		if sleeps++; sleeps == 9 {
			cancel()
		}
		return ctx.Err()
	}))
	var stats trail.Stats
	q := days
	q.Stats = &stats
	_, err := collect(ctx, src, q)
	if !errors.Is(err, context.Canceled) || stats.Used != 18 {
		t.Errorf("error %v, %d used", err, stats.Used)
	}
	if diff := cmp.Diff([]string{"query-2"}, f.stopped); diff != "" {
		t.Errorf("stopped (-want +got):\n%s", diff)
	}
}

// TestOddRows has messages that are no record, and rows that lack columns.
func TestOddRows(t *testing.T) {
	f := newFake(t, calls(2, time.Hour), atOnce)
	field := func(name, value string) map[string]string { return map[string]string{"field": name, "value": value} }
	at := field("@timestamp", "2026-09-01 06:00:00.000")
	f.faults["GetQueryResults"] = from(1, 1, map[string]any{"status": "Complete", "results": [][]map[string]string{
		{at, field("@message", f.records[0].message)},
		{at, field("@message", "{")},
		{at},
		{field("@timestamp", "yesterday"), field("@message", f.records[1].message)},
		{field("@message", f.records[1].message)},
		{field("@timestamp", "2026-09-02 06:00:00.000"), field("@message", f.records[1].message)},
	}}, nil)
	var skips []trail.Skip
	var stats trail.Stats
	q := trail.Query{Since: start, Until: start.Add(2 * time.Hour), Stats: &stats, OnSkip: func(s trail.Skip) { skips = append(skips, s) }}
	f.faults["StartQuery"] = from(2, ever, nil, refuse("AccessDeniedException", ""))
	if _, err := collect(t.Context(), open(t, f), q); err == nil {
		t.Fatal("no error")
	}
	if stats.Used != 2 || stats.Skipped[trail.SkipMalformed] != 2 || stats.Skipped[trail.SkipDuplicate] != 1 || len(skips) != 2 {
		t.Fatalf("stats %+v, skips %+v", stats, skips)
	}
	if s := skips[0]; s.File != "logs://"+group+" query query-1" || s.Record != 2 || s.Err == nil {
		t.Errorf("skip %+v", s)
	}
}

func TestOddFirstTime(t *testing.T) {
	f := newFake(t, calls(1, 0), atOnce)
	f.faults["GetQueryResults"] = from(1, 1, map[string]any{"status": "Complete", "results": [][]map[string]string{{{"field": "@timestamp", "value": "7"}}}}, nil)
	_, err := collect(t.Context(), open(t, f), trail.Query{})
	if err == nil || !strings.Contains(err.Error(), `looking for the first record: query query-1: CloudWatch Logs gave "7" as @timestamp`) {
		t.Errorf("error %v", err)
	}
}

// TestHugeRows has records of 256 KB, the largest that CloudTrail sends.
func TestHugeRows(t *testing.T) {
	f := newFake(t, calls(20, time.Second), atOnce)
	for i := range f.records {
		f.records[i].message = `{"filler":"` + strings.Repeat("x", 1<<18-2000) + `",` + f.records[i].message[1:]
	}
	var stats trail.Stats
	if _, err := collect(t.Context(), open(t, f), trail.Query{Stats: &stats}); err != nil || stats.Used != 20 {
		t.Errorf("%d used, error %v", stats.Used, err)
	}
}
