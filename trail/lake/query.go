package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

// maxRows is the largest page of results that CloudTrail gives.
const maxRows = 1000

// patience is how often a query is offered while too many others run.
const patience = 30

// A row is one of a result, by column in lower case, as event data stores compare names.
type row map[string]string

// window returns whole seconds around q's window, as far as there are events if it is unbounded. Without
// events from is not before to.
func (s *Source) window(ctx context.Context, q *trail.Query) (from, to time.Time, err error) {
	from, to = q.Since.Truncate(time.Second), q.Until.Truncate(time.Second)
	if to.Before(q.Until) {
		to = to.Add(time.Second)
	}
	if !q.Since.IsZero() && !q.Until.IsZero() {
		return from, to, nil
	}
	var first, last time.Time
	_, err = s.query(ctx, s.store.bounds(from, to), func(_ string, rows []row) error {
		var errFirst, errLast error
		for _, row := range rows {
			first, errFirst = parseStamp(row["earliest"])
			last, errLast = parseStamp(row["latest"])
		}
		return errors.Join(errFirst, errLast)
	})
	if err != nil {
		return from, to, fmt.Errorf("%s, looking for the first and the last event: %w", s.store, err)
	}
	if last.IsZero() {
		return from, from, nil
	}
	return first, last.Add(time.Second), nil
}

// query runs sql and gives each page of its result to use. Not complete says that CloudTrail gave fewer
// rows than it had found.
func (s *Source) query(ctx context.Context, sql string, use func(id string, rows []row) error) (complete bool, err error) {
	id, err := s.start(ctx, sql)
	if err != nil {
		return false, err
	}
	if err := s.finish(ctx, id); err != nil {
		return false, fmt.Errorf("query %s: %w", id, err)
	}
	complete, err = s.results(ctx, id, use)
	if err != nil {
		return false, fmt.Errorf("results of query %s: %w", id, err)
	}
	return complete, nil
}

// start starts a query, once there is room for it.
func (s *Source) start(ctx context.Context, sql string) (string, error) {
	for n := 0; ; n++ {
		out, err := s.api.StartQuery(ctx, &cloudtrail.StartQueryInput{QueryStatement: aws.String(sql)})
		if err == nil {
			return aws.ToString(out.QueryId), nil
		}
		if _, full := errors.AsType[*types.MaxConcurrentQueriesException](err); !full || n == patience {
			return "", err
		}
		if err := s.sleep(ctx, reading.Delay(n)); err != nil {
			return "", err
		}
	}
}

// finish waits for the end of a query. One that it cannot wait for is cancelled.
func (s *Source) finish(ctx context.Context, id string) error {
	for n := 0; ; n++ {
		if err := s.sleep(ctx, reading.Delay(n)); err != nil {
			return s.cancel(ctx, id, err)
		}
		out, err := s.api.DescribeQuery(ctx, &cloudtrail.DescribeQueryInput{QueryId: aws.String(id)})
		if err != nil {
			return s.cancel(ctx, id, err)
		}
		switch out.QueryStatus {
		case types.QueryStatusQueued, types.QueryStatusRunning:
			continue
		}
		if out.QueryStatistics != nil {
			s.scanned(aws.ToInt64(out.QueryStatistics.BytesScanned))
		}
		return ended(out.QueryStatus, aws.ToString(out.ErrorMessage))
	}
}

// ended explains the status of a query that runs no longer.
func ended(status types.QueryStatus, message string) error {
	switch status {
	case types.QueryStatusFinished:
		return nil
	case types.QueryStatusTimedOut:
		return errors.New("timed out: ask for a shorter time at once")
	case types.QueryStatusCancelled:
		return errors.New("was cancelled by somebody else")
	case types.QueryStatusFailed:
		if message == "" {
			message = "CloudTrail does not say why"
		}
		return fmt.Errorf("failed: %s; narrow --since and --until if it is too large, or run it again", message)
	}
	return fmt.Errorf("has the unknown status %q", status)
}

// cancel cancels a query because of an error, which it returns.
func (s *Source) cancel(ctx context.Context, id string, cause error) error {
	err := reading.Stop(ctx, func(ctx context.Context) error {
		_, err := s.api.CancelQuery(ctx, &cloudtrail.CancelQueryInput{QueryId: aws.String(id)})
		return err
	})
	if _, over := errors.AsType[*types.InactiveQueryException](err); err == nil || over {
		return cause
	}
	return fmt.Errorf("%w (it may still run, and cost: %w)", cause, err)
}

// results reads the pages of a query that has finished.
func (s *Source) results(ctx context.Context, id string, use func(string, []row) error) (complete bool, err error) {
	var token *string
	for got, total := 0, 0; ; {
		out, err := s.api.GetQueryResults(ctx, &cloudtrail.GetQueryResultsInput{
			QueryId: aws.String(id), MaxQueryResults: aws.Int32(maxRows), NextToken: token,
		})
		if err != nil {
			return false, err
		}
		if err := ended(out.QueryStatus, aws.ToString(out.ErrorMessage)); err != nil {
			return false, err
		}
		if out.QueryStatistics != nil {
			total = max(total, int(aws.ToInt32(out.QueryStatistics.TotalResultsCount)))
		}
		got += len(out.QueryResultRows)
		if err := use(id, rowsOf(out.QueryResultRows)); err != nil {
			return false, err
		}
		if aws.ToString(out.NextToken) == "" {
			return got >= total, nil
		}
		if token != nil && *token == *out.NextToken {
			return false, errors.New("CloudTrail gave the same page token twice")
		}
		token = out.NextToken
	}
}

// rowsOf joins the columns of each row, which come as a list of maps.
func rowsOf(result [][]map[string]string) []row {
	rows := make([]row, len(result))
	for i, columns := range result {
		rows[i] = row{}
		for _, column := range columns {
			for name, value := range column {
				rows[i][strings.ToLower(name)] = value
			}
		}
	}
	return rows
}
