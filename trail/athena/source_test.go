package athena

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// columns is a table of which no query lacks anything that it cannot do without.
var columns = []fields{
	{"Name": "eventtime", "Type": "string"}, {"Name": "eventsource", "Type": "string"}, {"Name": "eventname", "Type": "string"},
	{"Name": "errorcode", "Type": "string"}, {"Name": "useridentity", "Type": "struct<type:string,arn:string>"},
}

// emptyRow is a row for a record of which nothing is known.
func emptyRow(t *testing.T) []string {
	t.Helper()
	for n := range 100 {
		record := "[" + strings.TrimSuffix(strings.Repeat("null,", n), ",") + "]"
		row := []string{record, "", "2", "0", "", "", "", "[]"}
		if query.NewReader(trail.Query{}, "").Add(row) == nil {
			return row
		}
	}
	t.Fatal("no row is read")
	return nil
}

// ready is a fake with a table of four files, two of which are in the window, and a result of n rows.
func ready(t *testing.T, n int) *fake {
	f := newFake(t)
	f.table = fields{
		"Name": "cloudtrail", "Columns": columns, "PartitionKeys": []fields{{"Name": "day", "Type": "string"}},
		"Parameters": fields{
			"location": "s3://logs/AWSLogs/", "projection.enabled": "true", "projection.day.type": "date",
			"projection.day.format": "yyyy/MM/dd", "projection.day.range": "2026/09/02,NOW",
			"storage.location.template": "s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/${day}",
		},
	}
	for _, day := range []string{"2026/09/01", "2026/09/02", "2026/09/03"} {
		f.put("logs/AWSLogs/111122223333/CloudTrail/eu-west-1/"+day+"/a.json.gz", 1000)
	}
	f.put("logs/AWSLogs/111122223333/CloudTrail-Digest/a.json.gz", 1000)
	row := emptyRow(t)
	f.result = func(string) [][]string {
		return append([][]string{query.Columns()}, slices.Repeat([][]string{row}, n)...)
	}
	return f
}

func collect(s *Source, q trail.Query) (trail.Stats, error) {
	var err error
	var stats trail.Stats
	q.Stats = &stats
	for _, e := range s.Usage(context.Background(), q) {
		err = e
	}
	return stats, err
}

func TestUsage(t *testing.T) {
	f := ready(t, 3)
	var estimates []Estimate
	var executions []Execution
	s := f.source(t,
		WithEstimate(func(e Estimate) error { estimates = append(estimates, e); return nil }),
		WithExecution(func(e Execution) { executions = append(executions, e) }))
	s.spec.Output = "s3://mine/"
	f.group["Configuration"].(fields)["EnforceWorkGroupConfiguration"] = true
	var progress []trail.Progress
	stats, err := collect(s, trail.Query{OnProgress: func(p trail.Progress) { progress = append(progress, p) }})
	if err != nil {
		t.Fatal(err)
	}
	if stats.Records != 6 || len(stats.Gaps) == 0 || stats.Gaps[0].Source != "athena://logs/cloudtrail?output=s3%3A%2F%2Fmine%2F" {
		t.Errorf("%+v", stats)
	}
	wantEstimate := []Estimate{{Query: 1, Bytes: 2000, Objects: 2, Notes: estimates[0].Notes}}
	if diff := cmp.Diff(wantEstimate, estimates); diff != "" || len(estimates[0].Notes) != 1 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Execution{{"query-1", "SUCCEEDED", 3000}}, executions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantProgress := []trail.Progress{{Bytes: 1000, TotalBytes: 2000}, {Bytes: 2000, TotalBytes: 2000}, {Bytes: 3000, TotalBytes: 3000}}
	if diff := cmp.Diff(wantProgress, progress); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f.started[0].ResultConfiguration != nil {
		t.Error("a place for results is named that the workgroup overrides")
	}
	table, err := s.Table(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	statement, err := Statement(table, trail.Query{}, nil)
	if err != nil || statement.SQL != f.queries[0] {
		t.Errorf("%v: what is shown is not what runs", err)
	}
}

// TestUsageManaged reads by pages what has no file.
func TestUsageManaged(t *testing.T) {
	f := ready(t, 0)
	f.group["Configuration"] = fields{"ManagedQueryResultsConfiguration": fields{"Enabled": true}}
	f.handle["GetQueryExecution"] = func(*awsfake.Request) (any, error) {
		return fields{"QueryExecution": fields{"QueryExecutionId": "query-1", "Status": fields{"State": "SUCCEEDED"}}}, nil
	}
	f.handle["GetQueryResults"] = page(append([][]string{query.Columns()}, slices.Repeat([][]string{emptyRow(t)}, 7)...))
	stats, err := collect(f.source(t), trail.Query{})
	if err != nil || stats.Records != 14 {
		t.Errorf("%+v, %v", stats, err)
	}
}

// TestUsageRefused: the hook's error ends the reading before any query.
func TestUsageRefused(t *testing.T) {
	f := ready(t, 1)
	_, err := collect(f.source(t, WithEstimate(func(e Estimate) error { return e.Check(1999) })), trail.Query{})
	if err == nil || !strings.HasPrefix(err.Error(), "athena://logs/cloudtrail: the query would scan 2.0 kB, more than the 2.0 kB allowed") {
		t.Error(err)
	}
	if f.queries != nil {
		t.Errorf("it ran %q", f.queries)
	}
}

// TestUsageNotEstimated: without s3:ListBucket the query runs, and the hook knows that it knows nothing.
func TestUsageNotEstimated(t *testing.T) {
	f := ready(t, 1)
	f.get = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("list-type") == "" {
			return false
		}
		refuse(w, http.StatusForbidden, "AccessDenied")
		return true
	}
	var got Estimate
	stats, err := collect(f.source(t, WithEstimate(func(e Estimate) error { got = e; return nil })), trail.Query{})
	if err != nil || stats.Records != 2 || got.Err == nil || got.Bytes != 0 {
		t.Errorf("%+v, %+v, %v", stats, got, err)
	}
}

func TestUsageFails(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(*fake, *Source)
		records int64
		want    string
	}{
		{"workgroup", func(f *fake, _ *Source) { f.group["State"] = "DISABLED" }, 0, "workgroup primary is disabled"},
		{"columns", func(f *fake, _ *Source) { f.table["Columns"] = columns[1:] }, 0, "eventtime"},
		{"query", func(f *fake, _ *Source) {
			f.states = []fields{{"State": "CANCELLED", "StateChangeReason": "Bytes scanned limit was exceeded"}}
		}, 0, "query query-1 cancelled: Bytes scanned limit was exceeded (the workgroup limits"},
		{"too many rows", func(_ *fake, s *Source) { s.spec.MaxRows = 2 }, 4, "more than 2 rows: narrow the window"},
		{"another result", func(f *fake, _ *Source) {
			f.result = func(string) [][]string { return [][]string{{"n"}, {"1"}} }
		}, 0, "its columns are [\"n\"]"},
		{"no result", func(f *fake, _ *Source) { f.result = func(string) [][]string { return nil } }, 0, "lacks its header"},
		{"a row of another form", func(f *fake, _ *Source) {
			good := f.result
			f.result = func(s string) [][]string {
				rows := good(s)
				rows[2] = []string{"x", "", "2", "0", "", "", "", "[]"}
				return rows
			}
		}, 2, "row 2: "},
		{"no result file", func(f *fake, _ *Source) { f.result = nil }, 0, "s3://results/whittle/query-1.csv"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t, 3)
			s := f.source(t)
			test.change(f, s)
			stats, err := collect(s, trail.Query{})
			if err == nil || !strings.HasPrefix(err.Error(), "athena://logs/cloudtrail") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if stats.Records != test.records {
				t.Errorf("%d records before the error, want %d", stats.Records, test.records)
			}
		})
	}
}

func TestUsageCancelled(t *testing.T) {
	f := ready(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range f.source(t).Usage(ctx, trail.Query{}) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if len(f.Calls()) > 0 {
		t.Errorf("calls %v", f.Calls())
	}
}
