package athena

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// A run is one reading.
type run struct {
	*Source
	query  trail.Query
	reader *query.Reader
	gaps   []trail.Gap

	group    workgroup
	table    query.Table
	location string
	queries  int
	scanned  int64 // by queries that have ended
	total    int64 // bytes, estimated
}

func (r *run) read(ctx context.Context) error {
	err := ctx.Err()
	if err != nil {
		return err
	}
	if r.group, err = r.workgroup(ctx); err != nil {
		return err
	}
	if r.table, r.location, err = r.Source.table(ctx); err != nil {
		return err
	}
	statement, err := Statement(r.table, r.query, r.kinds)
	if err != nil {
		return err
	}
	if err := r.one(ctx, statement); err != nil {
		return err
	}
	for rest := r.reader.Unprojected(); len(rest) > 0; {
		statement, n, err := fit(r.table, r.query, rest, more)
		if err != nil {
			return err
		}
		if err := r.one(ctx, statement); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// one runs one query and reads its result.
func (r *run) one(ctx context.Context, statement query.Statement) error {
	for _, gap := range statement.Gaps {
		gap.Source = r.spec.String()
		r.gaps = append(r.gaps, gap)
	}
	r.queries++
	if err := r.foresee(ctx); err != nil {
		return err
	}
	q, err := r.execute(ctx, statement.SQL, r.group, r.progress)
	if q != nil {
		r.scanned += scanned(q)
		if r.done != nil {
			r.done(Execution{ID: *q.QueryExecutionId, State: q.Status.State, Scanned: scanned(q)})
		}
	}
	if err != nil {
		return err
	}
	return r.take(ctx, q)
}

// take reads the result of a query.
func (r *run) take(ctx context.Context, q *types.QueryExecution) error {
	result, err := r.results(ctx, q)
	if err != nil {
		return err
	}
	defer result.close()
	for n := int64(0); ; n++ {
		row, err := result.next()
		switch {
		case err == io.EOF && n > 0:
			return nil
		case err == io.EOF:
			return fmt.Errorf("result of query %s: it lacks its header", *q.QueryExecutionId)
		case err != nil:
			return err
		case n > r.spec.MaxRows:
			return fmt.Errorf("result of query %s: more than %d rows: narrow the window, the accounts or the Regions, or raise max-rows=", *q.QueryExecutionId, r.spec.MaxRows)
		}
		if n == 0 {
			err = checkHeader(row)
		} else {
			err = r.reader.Add(row)
		}
		if err != nil {
			return fmt.Errorf("result of query %s: row %d: %w", *q.QueryExecutionId, n, err)
		}
	}
}
