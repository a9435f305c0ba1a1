package loggroup

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/whittle-iam/whittle/trail/reading"
)

// pageRows is how many rows to get at once: less than the most that AWS gives, to hold few of them.
const pageRows = 2000

// patience is how often a query is offered while too many others run.
const patience = 30

// A query is one that has completed, at a page of its result.
type query struct {
	id string
	// matched is how many records the query found, whether or not it gives them; 0 if AWS does not say.
	matched int
	rows    []row
	token   *string
}

// A row is one record of a result.
type row struct {
	timestamp, message string
}

// query runs a query over a span, its end included, and returns its first page.
func (s *Source) query(ctx context.Context, text string, span slice, limit int) (*query, error) {
	id, err := s.start(ctx, text, span, limit)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		if err := s.sleep(ctx, reading.Delay(n)); err != nil {
			return nil, s.stop(ctx, id, err)
		}
		out, err := s.results(ctx, id, nil)
		if err != nil {
			return nil, s.stop(ctx, id, err)
		}
		switch out.Status {
		case types.QueryStatusScheduled, types.QueryStatusRunning:
			continue
		}
		q := &query{id: id, rows: rowsOf(out.Results), token: out.NextToken}
		if out.Statistics != nil {
			s.scanned(int64(out.Statistics.BytesScanned))
			q.matched = int(out.Statistics.RecordsMatched)
		}
		return q, ended(id, out.Status)
	}
}

// start starts a query, once there is room for it.
func (s *Source) start(ctx context.Context, text string, span slice, limit int) (string, error) {
	in := &cloudwatchlogs.StartQueryInput{
		QueryString: aws.String(text), StartTime: aws.Int64(span.from), EndTime: aws.Int64(span.to), Limit: aws.Int32(int32(limit)),
	}
	s.group.choose(in)
	for n := 0; ; n++ {
		out, err := s.api.StartQuery(ctx, in)
		if err == nil {
			return aws.ToString(out.QueryId), nil
		}
		if _, full := errors.AsType[*types.LimitExceededException](err); !full || n == patience {
			return "", err
		}
		if err := s.sleep(ctx, reading.Delay(n)); err != nil {
			return "", err
		}
	}
}

func (s *Source) results(ctx context.Context, id string, token *string) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	out, err := s.api.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{
		QueryId: aws.String(id), MaxItems: aws.Int32(pageRows), NextToken: token,
	})
	if err != nil {
		return nil, fmt.Errorf("query %s: %w", id, err)
	}
	return out, nil
}

// next gets the next page, if there is one.
func (s *Source) next(ctx context.Context, q *query) (more bool, err error) {
	if aws.ToString(q.token) == "" {
		return false, nil
	}
	out, err := s.results(ctx, q.id, q.token)
	if err != nil {
		return false, err
	}
	if err := ended(q.id, out.Status); err != nil {
		return false, err
	}
	if aws.ToString(out.NextToken) == *q.token {
		return false, fmt.Errorf("query %s: CloudWatch Logs gave the same page token twice", q.id)
	}
	q.rows, q.token = rowsOf(out.Results), out.NextToken
	return true, nil
}

// ended explains the status of a query that runs no longer.
func ended(id string, status types.QueryStatus) error {
	switch status {
	case types.QueryStatusComplete:
		return nil
	case types.QueryStatusTimeout:
		return fmt.Errorf("query %s: timed out after an hour", id)
	case types.QueryStatusCancelled:
		return fmt.Errorf("query %s: was stopped by somebody else", id)
	case types.QueryStatusFailed:
		return fmt.Errorf("query %s: failed; CloudWatch Logs does not say why", id)
	}
	return fmt.Errorf("query %s: has the unknown status %q", id, status)
}

// stop stops a query because of an error, which it returns.
func (s *Source) stop(ctx context.Context, id string, cause error) error {
	err := reading.Stop(ctx, func(ctx context.Context) error {
		_, err := s.api.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: aws.String(id)})
		return err
	})
	// The error for a query that has ended already.
	if _, over := errors.AsType[*types.InvalidParameterException](err); err == nil || over {
		return cause
	}
	return fmt.Errorf("%w (query %s may still run, and cost: %w)", cause, id, err)
}

// rowsOf picks the columns of each row.
func rowsOf(result [][]types.ResultField) []row {
	rows := make([]row, len(result))
	for i, fields := range result {
		for _, f := range fields {
			switch aws.ToString(f.Field) {
			case "@timestamp":
				rows[i].timestamp = aws.ToString(f.Value)
			case "@message":
				rows[i].message = aws.ToString(f.Value)
			}
		}
	}
	return rows
}
