package lake_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// A fake is an event data store with its queries. It understands the two statements that this package
// writes, and nothing else.
type fake struct {
	id      string
	records []json.RawMessage
	times   []time.Time
	sent    apitest.Sent

	mu         sync.Mutex
	queries    map[string]*query
	statements []string
	cancelled  []string
	running    int // how often DescribeQuery says that a query goes on
	faults     map[string]func(n int, r *awsfake.Request) (any, error)
	calls      map[string]int
}

type query struct {
	status string
	asked  int
	rows   [][]map[string]string
	index  []int // of the record of each row
	tokens map[string]int
}

func newFake(t *testing.T, records []json.RawMessage) *fake {
	t.Helper()
	f := &fake{
		id: "01234567-89ab-cdef-fedc-ba0987654321", records: records, running: 1,
		queries: map[string]*query{}, faults: map[string]func(int, *awsfake.Request) (any, error){}, calls: map[string]int{},
	}
	for _, raw := range records {
		var r struct{ EventTime time.Time }
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		f.times = append(f.times, r.EventTime)
	}
	return f
}

func (f *fake) client(t *testing.T) *cloudtrail.Client {
	handlers := map[string]awsfake.Handler{}
	for operation, handle := range map[string]awsfake.Handler{
		"StartQuery": f.start, "DescribeQuery": f.describe, "GetQueryResults": f.results, "CancelQuery": f.cancel,
	} {
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
	return cloudtrail.NewFromConfig(cfg)
}

const (
	stampForm  = `(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)`
	storeForm  = `([0-9a-fA-F-]{36})`
	resultForm = "2006-01-02 15:04:05.000"
)

var (
	eventsForm = regexp.MustCompile(`^SELECT eventJson FROM ` + storeForm + ` WHERE eventTime >= '` + stampForm + `' AND eventTime < '` + stampForm + `'$`)
	boundsForm = regexp.MustCompile(`^SELECT min\(eventTime\) AS earliest, max\(eventTime\) AS latest FROM ` + storeForm +
		`(?: WHERE (?:eventTime >= '` + stampForm + `')?(?: AND )?(?:eventTime < '` + stampForm + `')?)?$`)
)

func (f *fake) start(r *awsfake.Request) (any, error) {
	var in struct{ QueryStatement string }
	if r.Decode(&in) != nil {
		return nil, &awsfake.Error{Code: "SerializationException"}
	}
	f.statements = append(f.statements, in.QueryStatement)
	q := &query{status: "QUEUED", tokens: map[string]int{}}
	switch {
	case eventsForm.MatchString(in.QueryStatement):
		part := eventsForm.FindStringSubmatch(in.QueryStatement)
		if part[1] != f.id {
			return nil, &awsfake.Error{Code: "EventDataStoreNotFoundException", Message: "no such event data store"}
		}
		for _, i := range f.within(part[2], part[3]) {
			q.rows = append(q.rows, []map[string]string{{"eventJson": string(f.records[i])}})
			q.index = append(q.index, i)
		}
	case boundsForm.MatchString(in.QueryStatement):
		part := boundsForm.FindStringSubmatch(in.QueryStatement)
		earliest, latest := "", ""
		for _, i := range f.within(part[2], part[3]) {
			at := f.times[i].Format(resultForm)
			if earliest == "" || at < earliest {
				earliest = at
			}
			latest = max(latest, at)
		}
		q.rows = [][]map[string]string{{{"earliest": earliest}, {"latest": latest}}}
	default:
		return nil, &awsfake.Error{Code: "InvalidQueryStatementException", Message: "line 1:8: mismatched input"}
	}
	id := fmt.Sprintf("query-%d", len(f.statements))
	f.queries[id] = q
	return map[string]any{"QueryId": id}, nil
}

func (f *fake) within(from, to string) []int {
	var out []int
	for i, t := range f.times {
		at := t.UTC().Format(time.DateTime)
		if at >= from && (to == "" || at < to) {
			out = append(out, i)
		}
	}
	return out
}

type queryInput struct {
	QueryId, NextToken string
	MaxQueryResults    int
}

// find returns the query that a request is about.
func (f *fake) find(r *awsfake.Request) (*query, queryInput, error) {
	var in queryInput
	if r.Decode(&in) != nil {
		return nil, in, &awsfake.Error{Code: "SerializationException"}
	}
	if q := f.queries[in.QueryId]; q != nil {
		return q, in, nil
	}
	return nil, in, &awsfake.Error{Code: "QueryIdNotFoundException", Message: in.QueryId}
}

func (f *fake) describe(r *awsfake.Request) (any, error) {
	q, in, err := f.find(r)
	if err != nil {
		return nil, err
	}
	if q.status == "QUEUED" || q.status == "RUNNING" {
		q.status = "RUNNING"
		if q.asked++; q.asked > f.running {
			q.status = "FINISHED"
		}
	}
	scanned := 0
	if q.status == "FINISHED" {
		scanned = 1000 + len(q.rows)
	}
	return map[string]any{"QueryId": in.QueryId, "QueryStatus": q.status, "QueryStatistics": map[string]any{"BytesScanned": scanned}}, nil
}

func (f *fake) results(r *awsfake.Request) (any, error) {
	q, in, err := f.find(r)
	if err != nil {
		return nil, err
	}
	if in.MaxQueryResults < 1 || in.MaxQueryResults > 1000 {
		return nil, &awsfake.Error{Code: "InvalidMaxResultsException", Message: "1 to 1000"}
	}
	if q.status != "FINISHED" {
		return map[string]any{"QueryStatus": q.status}, nil
	}
	offset, ok := q.tokens[in.NextToken]
	if in.NextToken != "" && !ok {
		return nil, &awsfake.Error{Code: "InvalidNextTokenException", Message: "The token is not one for this query."}
	}
	end := min(offset+in.MaxQueryResults, len(q.rows))
	out := map[string]any{
		"QueryStatus": q.status, "QueryResultRows": q.rows[offset:end],
		"QueryStatistics": map[string]any{"ResultsCount": end - offset, "TotalResultsCount": len(q.rows)},
	}
	if q.index != nil {
		f.sent.Add(q.index[offset:end]...)
	}
	if end < len(q.rows) {
		token := fmt.Sprintf("%s-%d", in.QueryId, end)
		q.tokens[token] = end
		out["NextToken"] = token
	}
	return out, nil
}

func (f *fake) cancel(r *awsfake.Request) (any, error) {
	q, in, err := f.find(r)
	if err != nil {
		return nil, err
	}
	if q.status != "QUEUED" && q.status != "RUNNING" {
		return nil, &awsfake.Error{Code: "InactiveQueryException", Message: in.QueryId}
	}
	q.status = "CANCELLED"
	f.cancelled = append(f.cancelled, in.QueryId)
	return map[string]any{"QueryId": in.QueryId, "QueryStatus": "CANCELLED"}, nil
}
