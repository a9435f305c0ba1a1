package lookup_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/lookup"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// at lets a fault happen at one request of eu-west-1, or from it on.
func at(first, last int, err error) func(string, int, *awsfake.Request) (any, error) {
	return func(region string, n int, _ *awsfake.Request) (any, error) {
		if region == "eu-west-1" && n >= first && n <= last {
			return nil, err
		}
		return nil, nil
	}
}

const ever = 1 << 30

func TestFaults(t *testing.T) {
	hangUp := func(after string, last int) func(string, int, *awsfake.Request) (any, error) {
		return func(region string, n int, r *awsfake.Request) (any, error) {
			if region != "eu-west-1" || n < 2 || n > last {
				return nil, nil
			}
			conn, _, err := http.NewResponseController(r.Writer).Hijack()
			if err == nil {
				conn.Write([]byte(after))
				conn.Close()
			}
			return nil, awsfake.ErrWritten
		}
	}
	odd := func(body string) func(string, int, *awsfake.Request) (any, error) {
		return func(region string, n int, r *awsfake.Request) (any, error) {
			if region != "eu-west-1" || n < 3 {
				return nil, nil
			}
			r.Writer.WriteHeader(http.StatusBadRequest)
			r.Writer.Write([]byte(body))
			return nil, awsfake.ErrWritten
		}
	}
	for name, test := range map[string]struct {
		fault func(string, int, *awsfake.Request) (any, error)
		used  int64  // of 500 events in each of two Regions
		code  string // of the error; "" for none, "?" for any
	}{
		"none":                      {nil, 1000, ""},
		"throttled for a while":     {at(2, 4, &awsfake.Error{Code: "ThrottlingException", Message: "Rate exceeded"}), 1000, ""},
		"throttled for good":        {at(2, ever, &awsfake.Error{Code: "ThrottlingException", Message: "Rate exceeded"}), 550, "ThrottlingException"},
		"token expires at 90%":      {at(10, ever, &awsfake.Error{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}), 950, "ExpiredTokenException"},
		"access denied":             {at(1, ever, &awsfake.Error{Code: "AccessDeniedException", Message: "User: x is not authorized to perform: cloudtrail:LookupEvents"}), 500, "AccessDeniedException"},
		"page token refused":        {at(4, ever, &awsfake.Error{Code: "InvalidNextTokenException", Message: "Invalid token"}), 650, "InvalidNextTokenException"},
		"server error for a while":  {at(5, 7, &awsfake.Error{Status: 503, Code: "ServiceUnavailable"}), 1000, ""},
		"connection breaks twice":   {hangUp("", 3), 1000, ""},
		"connection breaks always":  {hangUp("", ever), 550, "?"},
		"an answer breaks off":      {hangUp("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"Events\":[", 2), 550, "?"},
		"400 with an empty body":    {odd(""), 600, "?"},
		"400 with HTML":             {odd("<html>proxy</html>"), 600, "?"},
		"400 with JSON of no shape": {odd(`[1,{"__type":7}]`), 600, "?"},
	} {
		t.Run(name, func(t *testing.T) {
			f := history(t, []string{"eu-west-1", "us-east-1"}, 500)
			f.fault = test.fault
			var stats trail.Stats
			got, err := collect(t.Context(), open(t, f, []string{"eu-west-1", "us-east-1"}), trail.Query{Stats: &stats})
			if stats.Used != test.used || len(got) == 0 {
				t.Errorf("%d used, %d rows, want %d used", stats.Used, len(got), test.used)
			}
			if (err == nil) != (test.code == "") {
				t.Fatalf("error %v", err)
			}
			if err == nil {
				return
			}
			if !strings.HasPrefix(err.Error(), "lookup://eu-west-1: after ") || strings.Contains(err.Error(), "us-east-1") {
				t.Errorf("the error does not name the Region: %v", err)
			}
			operation, ok := errors.AsType[*smithy.OperationError](err)
			if !ok || operation.OperationName != "LookupEvents" {
				t.Errorf("the error has lost its operation: %v", err)
			}
			if code, ok := errors.AsType[smithy.APIError](err); test.code != "?" && (!ok || code.ErrorCode() != test.code) {
				t.Errorf("error %v, want %s", err, test.code)
			}
		})
	}
}

func TestTypedErrorSurvives(t *testing.T) {
	f := history(t, []string{"eu-west-1"}, 1)
	f.fault = at(1, ever, &awsfake.Error{Code: "InvalidTimeRangeException", Message: "the end is before the start"})
	_, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}), trail.Query{})
	if _, ok := errors.AsType[*types.InvalidTimeRangeException](err); !ok {
		t.Errorf("error %v", err)
	}
}

func TestNoClient(t *testing.T) {
	wrong := errors.New("no such profile")
	src := lookup.New(func(context.Context, string) (lookup.API, error) { return nil, wrong }, []string{"eu-west-1"}, lookup.WithNow(clock))
	if _, err := collect(t.Context(), src, trail.Query{}); !errors.Is(err, wrong) {
		t.Errorf("error %v", err)
	}
}

func TestSameTokenAgain(t *testing.T) {
	f := history(t, []string{"eu-west-1"}, 1)
	f.fault = func(string, int, *awsfake.Request) (any, error) {
		return map[string]any{"Events": []any{}, "NextToken": "again"}, nil
	}
	_, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}), trail.Query{})
	if err == nil || !strings.Contains(err.Error(), "same page token twice") {
		t.Errorf("error %v", err)
	}
}

// TestCancelled interrupts a reading during its third page: what was read is kept, and no request follows.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := history(t, []string{"eu-west-1"}, 500)
	f.fault = func(_ string, n int, r *awsfake.Request) (any, error) {
		if n == 3 {
			cancel()
			<-r.HTTP.Context().Done()
		}
		return nil, nil
	}
	pages := 0
	var stats trail.Stats
	q := trail.Query{Stats: &stats, OnProgress: func(trail.Progress) { pages++ }}
	_, err := collect(ctx, open(t, f, []string{"eu-west-1"}), q)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if f.requests["eu-west-1"] != 3 || stats.Used > 100 || stats.Records != stats.Used {
		t.Errorf("%d requests, %d used", f.requests["eu-west-1"], stats.Used)
	}
}

// TestBrokenEvents has events whose record is no record: each is reported with its place, and the others count.
func TestBrokenEvents(t *testing.T) {
	f := history(t, []string{"eu-west-1"}, 5)
	for i, record := range map[int]string{0: "", 1: `{"eventVersion":`, 2: `"text"`, 3: "{}"} {
		f.events[i].record = record
	}
	var skips []trail.Skip
	var stats trail.Stats
	q := trail.Query{Stats: &stats, OnSkip: func(s trail.Skip) { skips = append(skips, s) }}
	if _, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}), q); err != nil {
		t.Fatal(err)
	}
	if stats.Used != 1 || stats.Skipped[trail.SkipMalformed] != 3 || stats.Skipped[trail.SkipNotEvent] != 1 {
		t.Errorf("stats %+v", stats)
	}
	if len(skips) != 4 {
		t.Fatalf("skips %+v", skips)
	}
	for i, skip := range skips {
		if want := "lookup://eu-west-1 event " + f.events[i].id; skip.File != want || skip.Record != int64(i+1) || skip.Err == nil {
			t.Errorf("skip %+v, want place %s", skip, want)
		}
	}
}

// TestHugePages has pages full of records of 256 KB, the largest that CloudTrail makes.
func TestHugePages(t *testing.T) {
	f := history(t, []string{"eu-west-1"}, 12)
	for i := range f.events {
		f.events[i].record = `{"filler":"` + strings.Repeat("x", 1<<18) + `",` + f.events[i].record[1:]
	}
	var stats trail.Stats
	if _, err := collect(t.Context(), open(t, f, []string{"eu-west-1"}), trail.Query{Stats: &stats}); err != nil || stats.Used != 12 {
		t.Errorf("%d used, error %v", stats.Used, err)
	}
}
