package athena

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/whittle-iam/whittle/trail/reading"
)

const (
	// firstPause and maxPause bound the time between two looks at a query: short ones end in a second,
	// and a minute more or less is nothing to a long one.
	firstPause = 250 * time.Millisecond
	maxPause   = 5 * time.Second
)

// execute runs a statement to its end. The error of a query that ended without success is a *QueryError.
func (s *Source) execute(ctx context.Context, text string, w workgroup, seen func(scanned int64)) (*types.QueryExecution, error) {
	in := &athena.StartQueryExecutionInput{
		QueryString:           &text,
		WorkGroup:             &s.spec.Workgroup,
		QueryExecutionContext: &types.QueryExecutionContext{Catalog: &s.spec.Catalog, Database: &s.spec.Database},
		// The token makes a second request for the same query, after an answer that was lost, start none.
		ClientRequestToken: aws.String(s.token()),
	}
	if w.output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &w.output}
	}
	started, err := s.api.Athena.StartQueryExecution(ctx, in)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("start query: %w; it may have started: the history of workgroup %s tells", err, s.spec.Workgroup)
		}
		return nil, fmt.Errorf("start query: %w", err)
	}
	id := aws.ToString(started.QueryExecutionId)
	q, err := s.wait(ctx, id, seen)
	if err != nil {
		return nil, fmt.Errorf("query %s: %w; %s", id, err, s.stop(ctx, id))
	}
	q.QueryExecutionId = &id
	if q.Status.State != types.QueryExecutionStateSucceeded {
		return q, failed(id, q, w)
	}
	return q, nil
}

// wait returns the query once it has ended.
func (s *Source) wait(ctx context.Context, id string, seen func(int64)) (*types.QueryExecution, error) {
	for pause := firstPause; ; pause = min(pause*3/2, maxPause) {
		answer, err := s.api.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		if err != nil {
			return nil, err
		}
		q := answer.QueryExecution
		if q == nil || q.Status == nil {
			return nil, errors.New("the answer lacks the state of the query")
		}
		switch q.Status.State {
		case types.QueryExecutionStateSucceeded, types.QueryExecutionStateFailed, types.QueryExecutionStateCancelled:
			seen(scanned(q))
			return q, nil
		case types.QueryExecutionStateQueued, types.QueryExecutionStateRunning:
			seen(scanned(q))
		default:
			return nil, fmt.Errorf("unknown state %q", q.Status.State)
		}
		if err := s.sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// stop ends a query that nobody waits for any more, so that it costs no more, and says whether that worked.
func (s *Source) stop(ctx context.Context, id string) string {
	err := reading.Stop(ctx, func(ctx context.Context) error {
		_, err := s.api.Athena.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: &id})
		return err
	})
	if err != nil {
		return fmt.Sprintf("it may still run, and cost, because stopping it failed: %v", err)
	}
	return "it was stopped"
}
