package lookup_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/whittle-iam/whittle/trail/lookup"
	"github.com/whittle-iam/whittle/trail/trailtest/apitest"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// An event is one of the fake's Event history.
type event struct {
	id, region, source, name, key string
	readOnly                      bool
	time                          time.Time
	record                        string
	index                         int
}

// events reads what LookupEvents says of records beside them. A malformed member is left empty, as Event
// history would do with what it does not know.
func events(t *testing.T, records []json.RawMessage) []event {
	t.Helper()
	out := make([]event, len(records))
	for i, raw := range records {
		var r map[string]any
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		text := func(name string) string { s, _ := r[name].(string); return s }
		at, err := time.Parse(time.RFC3339, text("eventTime"))
		if err != nil {
			t.Fatal(err)
		}
		readOnly, _ := r["readOnly"].(bool)
		identity, _ := r["userIdentity"].(map[string]any)
		key, _ := identity["accessKeyId"].(string)
		out[i] = event{text("eventID"), text("awsRegion"), text("eventSource"), text("eventName"), key, readOnly, at, string(raw), i}
	}
	return out
}

// A fake answers LookupEvents as AWS documents it: newest first, at most fifty at a time, bounds included,
// by Region and one attribute, and it takes its own tokens only, with the parameters they were made for.
// It serves data events as well, if it has some.
type fake struct {
	events []event
	sent   apitest.Sent

	mu     sync.Mutex
	tokens map[string]string // to the parameters and the offset
	issued int
	// Fault, if not nil, may answer the n-th request of a Region, counted from 1, in the fake's place.
	fault    func(region string, n int, r *awsfake.Request) (any, error)
	requests map[string]int
	bodies   []map[string]any
}

func (f *fake) serve(t *testing.T) func(context.Context, string) (lookup.API, error) {
	f.tokens, f.requests = map[string]string{}, map[string]int{}
	server := awsfake.New(t, map[string]awsfake.Handler{"LookupEvents": f.lookup})
	return func(_ context.Context, region string) (lookup.API, error) {
		cfg := server.Config(region)
		return cloudtrail.NewFromConfig(cfg), nil
	}
}

type input struct {
	StartTime, EndTime float64
	MaxResults         int
	NextToken          string
	LookupAttributes   []struct{ AttributeKey, AttributeValue string }
}

func (f *fake) lookup(r *awsfake.Request) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests[r.Region]++
	var body map[string]any
	var in input
	if r.Decode(&in) != nil || r.Decode(&body) != nil {
		return nil, &awsfake.Error{Code: "SerializationException"}
	}
	f.bodies = append(f.bodies, body)
	if f.fault != nil {
		if answer, err := f.fault(r.Region, f.requests[r.Region], r); answer != nil || err != nil {
			return answer, err
		}
	}
	switch {
	case in.MaxResults < 1 || in.MaxResults > 50:
		return nil, &awsfake.Error{Code: "InvalidMaxResultsException", Message: "1 to 50"}
	case in.EndTime < in.StartTime:
		return nil, &awsfake.Error{Code: "InvalidTimeRangeException", Message: "the end is before the start"}
	case len(in.LookupAttributes) > 1:
		return nil, &awsfake.Error{Code: "InvalidLookupAttributesException", Message: "one attribute only"}
	}
	parameters := fmt.Sprint(r.Region, in.StartTime, in.EndTime, in.MaxResults, in.LookupAttributes)
	found, offset := f.find(r.Region, &in), 0
	if in.NextToken != "" {
		made, ok := f.tokens[in.NextToken]
		if !ok || !strings.HasPrefix(made, parameters+"@") {
			return nil, &awsfake.Error{Code: "InvalidNextTokenException", Message: "The token is not one for this request."}
		}
		fmt.Sscan(made[len(parameters)+1:], &offset)
	}
	var out struct {
		Events    []map[string]any
		NextToken string `json:",omitempty"`
	}
	end := min(offset+in.MaxResults, len(found))
	for _, e := range found[offset:end] {
		f.sent.Add(e.index)
		out.Events = append(out.Events, map[string]any{
			"EventId": e.id, "EventName": e.name, "EventSource": e.source, "AccessKeyId": e.key,
			"EventTime": e.time.Unix(), "ReadOnly": fmt.Sprint(e.readOnly), "CloudTrailEvent": e.record,
		})
	}
	if end < len(found) {
		f.issued++
		out.NextToken = fmt.Sprintf("token-%d", f.issued)
		f.tokens[out.NextToken] = fmt.Sprintf("%s@%d", parameters, end)
	}
	return out, nil
}

func (f *fake) find(region string, in *input) []event {
	var found []event
	for _, e := range f.events {
		at := float64(e.time.Unix())
		ok := e.region == region && at >= in.StartTime && at <= in.EndTime
		for _, a := range in.LookupAttributes {
			has := map[string]string{
				"AccessKeyId": e.key, "EventName": e.name, "EventSource": e.source, "ReadOnly": fmt.Sprint(e.readOnly),
			}[a.AttributeKey]
			ok = ok && has == a.AttributeValue
		}
		if ok {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b event) int { return cmp.Compare(b.time.Unix(), a.time.Unix()) })
	return found
}

// noWait lets every request pass.
func noWait(string) lookup.Limiter { return pass{} }

type pass struct{}

func (pass) Wait(ctx context.Context) error { return ctx.Err() }
