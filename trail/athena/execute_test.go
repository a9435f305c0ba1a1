package athena

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

func ignore(int64) {}

func TestExecute(t *testing.T) {
	f := newFake(t)
	f.states = []fields{{"State": "QUEUED"}, {"State": "RUNNING"}, {"State": "QUEUED"}, {"State": "RUNNING"}, {"State": "SUCCEEDED"}}
	s := f.source(t)
	var seen []int64
	q, err := s.execute(t.Context(), "SELECT 1", workgroup{output: "s3://mine/"}, func(n int64) { seen = append(seen, n) })
	if err != nil {
		t.Fatal(err)
	}
	if id := aws.ToString(q.QueryExecutionId); id != "query-1" {
		t.Errorf("query %q", id)
	}
	if want := []int64{1000, 2000, 3000, 4000, 5000}; !slices.Equal(seen, want) {
		t.Errorf("bytes seen %v, want %v", seen, want)
	}
	in := f.started[0]
	if *in.QueryString != "SELECT 1" || *in.WorkGroup != "primary" || *in.QueryExecutionContext.Database != "logs" ||
		*in.QueryExecutionContext.Catalog != DefaultCatalog || *in.ResultConfiguration.OutputLocation != "s3://mine/" {
		t.Errorf("started %+v", in)
	}
	if n := len(aws.ToString(in.ClientRequestToken)); n < 32 || n > 128 {
		t.Errorf("a token of %d characters", n)
	}
	want := []time.Duration{250e6, 375e6, 562500e3, 843750e3}
	if !slices.Equal(f.pauses, want) {
		t.Errorf("pauses %v, want %v", f.pauses, want)
	}
}

func TestExecutePausesAreBounded(t *testing.T) {
	f := newFake(t)
	f.states = append(slices.Repeat([]fields{{"State": "RUNNING"}}, 30), fields{"State": "SUCCEEDED"})
	if _, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{}, ignore); err != nil {
		t.Fatal(err)
	}
	if longest := slices.Max(f.pauses); longest != maxPause || len(f.pauses) != 30 {
		t.Errorf("%d pauses up to %v", len(f.pauses), longest)
	}
	if f.started[0].ResultConfiguration != nil {
		t.Error("a place for results is named that nobody asked for")
	}
}

// TestExecuteRetriesWithOneToken: throttling and faults of the service start no second query.
func TestExecuteRetriesWithOneToken(t *testing.T) {
	f := newFake(t)
	tries, start := 0, f.handle["StartQueryExecution"]
	f.handle["StartQueryExecution"] = func(r *awsfake.Request) (any, error) {
		if tries++; tries < 3 {
			start(r)
			return nil, &awsfake.Error{Status: 500, Code: "InternalServerException", Message: "try again"}
		}
		return start(r)
	}
	if _, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{}, ignore); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]bool{}
	for _, in := range f.started {
		tokens[aws.ToString(in.ClientRequestToken)] = true
	}
	if len(f.started) != 3 || len(tokens) != 1 {
		t.Errorf("%d requests with %d tokens", len(f.started), len(tokens))
	}
}

func TestExecuteThrottled(t *testing.T) {
	f := newFake(t)
	looks, look := 0, f.handle["GetQueryExecution"]
	f.handle["GetQueryExecution"] = func(r *awsfake.Request) (any, error) {
		if looks++; looks%3 != 0 {
			return nil, &awsfake.Error{Code: "ThrottlingException", Message: "Rate exceeded"}
		}
		return look(r)
	}
	if _, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{}, ignore); err != nil {
		t.Fatal(err)
	}
}

func TestExecuteCancelled(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.states = []fields{{"State": "RUNNING"}}
	s := f.source(t)
	s.sleep = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	_, err := s.execute(ctx, "SELECT 1", workgroup{}, ignore)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "query query-1: ") || !strings.HasSuffix(err.Error(), "it was stopped") {
		t.Error(err)
	}
	if want := []string{"StartQueryExecution", "GetQueryExecution", "StopQueryExecution"}; !slices.Equal(f.Calls(), want) {
		t.Errorf("calls %v, want %v", f.Calls(), want)
	}
}

// TestExecuteExpired: with a token that has expired, the query cannot be stopped either.
func TestExecuteExpired(t *testing.T) {
	f := newFake(t)
	expired := func(*awsfake.Request) (any, error) {
		return nil, &awsfake.Error{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	}
	f.handle["GetQueryExecution"], f.handle["StopQueryExecution"] = expired, expired
	_, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{}, ignore)
	var api interface{ ErrorCode() string }
	if !errors.As(err, &api) || api.ErrorCode() != "ExpiredTokenException" {
		t.Fatal(err)
	}
	for _, want := range []string{"query query-1: ", "it may still run, and cost, because stopping it failed", "is expired"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

func TestExecuteAnswersWithoutState(t *testing.T) {
	for _, answer := range []fields{{}, {"QueryExecution": fields{}}, {"QueryExecution": fields{"Status": fields{"State": "ASLEEP"}}}} {
		f := newFake(t)
		f.handle["GetQueryExecution"] = func(*awsfake.Request) (any, error) { return answer, nil }
		if _, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{}, ignore); err == nil {
			t.Errorf("%v: no error", answer)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, test := range []struct{ state, reason, hint string }{
		{"CANCELLED", "Bytes scanned limit was exceeded", "the limit is 20000000 bytes a query: the workgroup limits"},
		{"FAILED", "Query exhausted resources at this scale factor", "window is too large"},
		{"FAILED", "HIVE_BAD_DATA: Error parsing field value", "cannot be read as a CloudTrail log"},
		{"FAILED", "SYNTAX_ERROR: line 3:7: Column 'sharedeventid' cannot be resolved", "whittle athena ddl"},
		{"FAILED", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.logs.cloudtrail' does not exist", "database, table, catalog and Region"},
		{"FAILED", "INVALID_TABLE_PROPERTY: The value of the range is wrong", "partition projection"},
		{"FAILED", "CONSTRAINT_VIOLATION: For the injected projected partition column account, the WHERE clause must contain only static equality conditions", "--accounts"},
		{"FAILED", "PERMISSION_DENIED: Access denied on operation", "s3:GetObject and s3:ListBucket"},
		{"FAILED", "com.amazonaws.services.s3.model.AmazonS3Exception: Please reduce your request rate. (Status Code: 503; Error Code: SlowDown)", "throttles"},
		{"FAILED", "something new", ""},
		{"FAILED", "", "Athena says that it may succeed"},
		{"CANCELLED", "Query cancelled by user", "somebody"},
	} {
		status := fields{"State": test.state, "StateChangeReason": test.reason}
		if test.reason == "" {
			status = fields{"State": test.state, "AthenaError": fields{"ErrorMessage": "Internal service error", "Retryable": true}}
		}
		f := newFake(t)
		f.states = []fields{{"State": "RUNNING"}, status}
		_, err := f.source(t).execute(t.Context(), "SELECT 1", workgroup{cutoff: 20_000_000}, ignore)
		var failure *QueryError
		if !errors.As(err, &failure) {
			t.Errorf("%s: %v", test.reason, err)
			continue
		}
		want := QueryError{"query-1", types.QueryExecutionState(test.state), failure.Reason, 2000, failure.Hint}
		if diff := cmp.Diff(want, *failure); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(err.Error(), test.reason) || !strings.Contains(failure.Hint, test.hint) || test.hint == "" && failure.Hint != "" {
			t.Errorf("%s: %v; want the hint %q", test.reason, err, test.hint)
		}
		if slices.Contains(f.Calls(), "StopQueryExecution") {
			t.Errorf("%s: a query that has ended is stopped", test.reason)
		}
	}
}
