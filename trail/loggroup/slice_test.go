package loggroup_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/loggroup"
)

// memory is a log group without a server.
type memory struct {
	times               []time.Time // of the records, sorted
	wholeSecond, silent bool
	queries             []*cloudwatchlogs.StartQueryInput
}

func (m *memory) StartQuery(_ context.Context, in *cloudwatchlogs.StartQueryInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error) {
	m.queries = append(m.queries, in)
	return &cloudwatchlogs.StartQueryOutput{QueryId: aws.String(fmt.Sprint(len(m.queries) - 1))}, nil
}

func (m *memory) GetQueryResults(_ context.Context, in *cloudwatchlogs.GetQueryResultsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	var n int
	if _, err := fmt.Sscan(*in.QueryId, &n); err != nil {
		return nil, err
	}
	q := m.queries[n]
	out := &cloudwatchlogs.GetQueryResultsOutput{Status: types.QueryStatusComplete, Statistics: &types.QueryStatistics{}}
	for i, t := range m.times {
		if !m.within(t, *q.StartTime, *q.EndTime) {
			continue
		}
		if !m.silent {
			out.Statistics.RecordsMatched++
		}
		if len(out.Results) < int(*q.Limit) {
			out.Results = append(out.Results, []types.ResultField{
				{Field: aws.String("@timestamp"), Value: aws.String(t.UTC().Format("2006-01-02 15:04:05.000"))},
				{Field: aws.String("@message"), Value: aws.String(tiny(i, t))},
			})
		}
	}
	return out, nil
}

func (m *memory) StopQuery(context.Context, *cloudwatchlogs.StopQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error) {
	return &cloudwatchlogs.StopQueryOutput{}, nil
}

// within says whether a query from one second to another, both included, sees a record.
func (m *memory) within(t time.Time, from, to int64) bool {
	end := time.Unix(to, 0)
	if m.wholeSecond {
		end = end.Add(999 * time.Millisecond)
	}
	return !t.Before(time.Unix(from, 0)) && !t.After(end)
}

// tiny is a record that says which one it is by its event's name.
func tiny(i int, t time.Time) string {
	return fmt.Sprintf(`{"eventID":"%d","eventName":"Call%d","eventSource":"x.amazonaws.com","eventTime":"%s",`+
		`"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/r/s"}}`, i, i, t.UTC().Format(time.RFC3339))
}

// crowded says whether some query over one second, and with it the second of its end, may find its limit.
func (m *memory) crowded(limit int) bool {
	seconds := map[int64]int{}
	for _, t := range m.times {
		seconds[t.Unix()]++
	}
	for s, n := range seconds {
		if n+seconds[s+1] >= limit || n+seconds[s-1] >= limit {
			return true
		}
	}
	return false
}

// TestSlicesHoldEveryRecordOnce logs records at any times, many of them together, and expects each once,
// whatever the limit, and whatever CloudWatch Logs takes the second of the end for. The naive reading is
// the list of the records.
func TestSlicesHoldEveryRecordOnce(t *testing.T) {
	group, err := loggroup.Parse("g")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{wholeSecond: rapid.Bool().Draw(t, "whole second"), silent: rapid.Bool().Draw(t, "silent")}
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		for range rapid.IntRange(0, 4).Draw(t, "crowds") {
			begin := rapid.Int64Range(0, 3*86_400_000).Draw(t, "begin")
			span := rapid.SampledFrom([]int64{0, 10, 1500, 60_000, 86_400_000}).Draw(t, "span")
			for range rapid.IntRange(0, 80).Draw(t, "records") {
				m.times = append(m.times, start.Add(time.Duration(begin+rapid.Int64Range(0, span).Draw(t, "at"))*time.Millisecond))
			}
		}
		// In order, as the query for the first record wants them.
		slices.SortFunc(m.times, time.Time.Compare)
		src := loggroup.New(m, group, loggroup.WithLimit(limit), loggroup.WithSleep(noSleep),
			loggroup.WithNow(func() time.Time { return start.Add(5 * 24 * time.Hour) }))
		var stats trail.Stats
		q := trail.Query{Stats: &stats}
		if rapid.Bool().Draw(t, "since") {
			q.Since = start.Add(time.Duration(rapid.Int64Range(-86_400_000, 86_400_000).Draw(t, "since at")) * time.Millisecond)
		}
		got, err := collect(t.Context(), src, q)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(m.queries); i++ {
			if *m.queries[i].StartTime < *m.queries[i-1].StartTime {
				t.Fatalf("query %d goes back in time", i)
			}
		}
		seen := map[string]bool{}
		for _, u := range got {
			if seen[u.EventName] || u.Count != 1 {
				t.Fatalf("%s counts %d times", u.EventName, u.Count)
			}
			seen[u.EventName] = true
		}
		if n := stats.Skipped[trail.SkipDuplicate]; n > 0 {
			t.Fatalf("%d records were read twice", n)
		}
		if len(stats.Gaps) > 0 {
			if !m.crowded(limit) {
				t.Fatalf("gaps without need: %v", stats.Gaps)
			}
			return
		}
		for i, at := range m.times {
			if want := q.Since.IsZero() || !at.Truncate(time.Second).Before(q.Since); want != seen[fmt.Sprintf("Call%d", i)] {
				t.Fatalf("record %d at %s: read %v, want %v", i, at, !want, want)
			}
		}
	})
}
