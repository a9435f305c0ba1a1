package loggroup_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

const group = "/aws/cloudtrail/org"

// A fake is a log group with its queries. It understands the two query strings that this package writes.
type fake struct {
	records []logged
	sent    apitest.Sent
	created int64 // queries that end before are refused
	// wholeSecond says that the second of a query's end is included to its last millisecond.
	wholeSecond bool
	// silent leaves out how many records a query matched.
	silent  bool
	running int // how often GetQueryResults says that a query goes on

	mu      sync.Mutex
	queries []*query
	stopped []string
	faults  map[string]func(n int, r *awsfake.Request) (any, error)
	calls   map[string]int
}

type logged struct {
	at      time.Time
	message string
	index   int
}

type query struct {
	start, end   int64
	text, status string
	limit, asked int
	found        []logged
	tokens       map[string]int
}

// newFake logs records at the times that at makes of their eventTime.
func newFake(t *testing.T, records []json.RawMessage, at func(time.Time) time.Time) *fake {
	t.Helper()
	f := &fake{running: 1, faults: map[string]func(int, *awsfake.Request) (any, error){}, calls: map[string]int{}}
	for i, raw := range records {
		var r struct{ EventTime time.Time }
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		f.records = append(f.records, logged{at(r.EventTime), string(raw), i})
	}
	return f
}

func (f *fake) client(t testing.TB) *cloudwatchlogs.Client {
	handlers := map[string]awsfake.Handler{}
	for operation, handle := range map[string]awsfake.Handler{"StartQuery": f.start, "GetQueryResults": f.results, "StopQuery": f.stop} {
		handlers[operation] = func(r *awsfake.Request) (any, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.calls[operation]++
			if fault := f.faults[operation]; fault != nil {
				if answer, err := fault(f.calls[operation], r); answer != nil || err != nil {
					return answer, err
				}
			}
			return handle(r)
		}
	}
	cfg := awsfake.New(t, handlers).Config("eu-west-1")
	return cloudwatchlogs.NewFromConfig(cfg)
}

func refuse(code, message string) error { return &awsfake.Error{Code: code, Message: message} }

func (f *fake) start(r *awsfake.Request) (any, error) {
	var in struct {
		LogGroupName, QueryString string
		StartTime, EndTime        int64
		Limit                     int
	}
	if r.Decode(&in) != nil {
		return nil, refuse("SerializationException", "")
	}
	sorted := in.QueryString == "fields @timestamp | sort @timestamp asc"
	switch {
	case in.LogGroupName != group:
		return nil, refuse("ResourceNotFoundException", "Log group does not exist")
	case in.Limit < 1 || in.Limit > 100_000:
		return nil, refuse("InvalidParameterException", "limit")
	case in.EndTime < in.StartTime:
		return nil, refuse("InvalidParameterException", "the end is before the start")
	case in.EndTime < f.created:
		return nil, refuse("MalformedQueryException", "end date and time is either before the log groups creation time or exceeds the log groups log retention settings")
	case in.QueryString != "fields @timestamp, @message" && !sorted:
		return nil, refuse("MalformedQueryException", "unexpected symbol")
	}
	q := &query{in.StartTime, in.EndTime, in.QueryString, "Scheduled", in.Limit, 0, nil, map[string]int{}}
	end := time.Unix(in.EndTime, 0)
	if f.wholeSecond {
		end = end.Add(999 * time.Millisecond)
	}
	for _, l := range f.records {
		if !l.at.Before(time.Unix(in.StartTime, 0)) && !l.at.After(end) {
			q.found = append(q.found, l)
		}
	}
	if sorted {
		slices.SortStableFunc(q.found, func(a, b logged) int { return a.at.Compare(b.at) })
	}
	f.queries = append(f.queries, q)
	return map[string]any{"queryId": fmt.Sprintf("query-%d", len(f.queries))}, nil
}

type queryInput struct {
	QueryId, NextToken string
	MaxItems           int
}

func (f *fake) find(r *awsfake.Request) (*query, queryInput, error) {
	var in queryInput
	var n int
	if r.Decode(&in) != nil {
		return nil, in, refuse("SerializationException", "")
	}
	if _, err := fmt.Sscanf(in.QueryId, "query-%d", &n); err != nil || n < 1 || n > len(f.queries) {
		return nil, in, refuse("ResourceNotFoundException", in.QueryId)
	}
	return f.queries[n-1], in, nil
}

func (f *fake) results(r *awsfake.Request) (any, error) {
	q, in, err := f.find(r)
	if err != nil {
		return nil, err
	}
	if in.MaxItems < 1 || in.MaxItems > 10_000 {
		return nil, refuse("InvalidParameterException", "maxItems")
	}
	if q.status == "Scheduled" || q.status == "Running" {
		q.status = "Running"
		if q.asked++; q.asked > f.running {
			q.status = "Complete"
		}
	}
	offset, ok := q.tokens[in.NextToken]
	if in.NextToken != "" && !ok {
		return nil, refuse("InvalidParameterException", "nextToken")
	}
	rows := q.found[:min(len(q.found), q.limit)]
	if q.status == "Running" {
		rows = rows[:len(rows)/2] // what has been found so far
	}
	end := min(offset+in.MaxItems, len(rows))
	out := map[string]any{"status": q.status, "results": f.rows(q, rows[offset:end])}
	if !f.silent {
		out["statistics"] = map[string]any{"bytesScanned": 10 * len(q.found), "recordsMatched": len(q.found), "recordsScanned": len(q.found)}
	}
	if end < len(rows) {
		token := fmt.Sprintf("%s-%d", in.QueryId, end)
		q.tokens[token] = end
		out["nextToken"] = token
	}
	return out, nil
}

func (f *fake) rows(q *query, found []logged) [][]map[string]string {
	rows := [][]map[string]string{}
	for _, l := range found {
		row := []map[string]string{{"field": "@timestamp", "value": l.at.UTC().Format("2006-01-02 15:04:05.000")}}
		if q.text == "fields @timestamp, @message" {
			row = append(row, map[string]string{"field": "@message", "value": l.message})
			f.sent.Add(l.index)
		}
		rows = append(rows, append(row, map[string]string{"field": "@ptr", "value": fmt.Sprint(l.index)}))
	}
	return rows
}

func (f *fake) stop(r *awsfake.Request) (any, error) {
	q, in, err := f.find(r)
	if err != nil {
		return nil, err
	}
	if q.status != "Scheduled" && q.status != "Running" {
		return nil, refuse("InvalidParameterException", "Query is not in running or scheduled state.")
	}
	q.status = "Cancelled"
	f.stopped = append(f.stopped, in.QueryId)
	return map[string]any{"success": true}, nil
}
