package athena

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/whittle-iam/whittle/trail/athena/query"
)

// rows are a query's result. The first row is the header. A null is an empty string.
type rows interface {
	// next returns a row, which is valid until the next call, and io.EOF after the last one.
	next() ([]string, error)
	close()
}

// results opens the result of a query: its file where it has one, since GetQueryResults gives a thousand
// rows at a time and takes a request for each, and else the pages of GetQueryResults.
func (s *Source) results(ctx context.Context, q *types.QueryExecution) (rows, error) {
	id, location, sealed := aws.ToString(q.QueryExecutionId), "", false
	if c := q.ResultConfiguration; c != nil {
		location = aws.ToString(c.OutputLocation)
		// What the client that wrote it has encrypted, S3 gives as it is.
		sealed = c.EncryptionConfiguration != nil && c.EncryptionConfiguration.EncryptionOption == types.EncryptionOptionCseKms
	}
	if location == "" || sealed {
		return &pageRows{ctx: ctx, api: s.api.Athena, in: athena.GetQueryResultsInput{QueryExecutionId: &id}}, nil
	}
	bucket, key, err := splitS3(location)
	if err != nil {
		return nil, fmt.Errorf("result of query %s: %w", id, err)
	}
	client, err := s.api.S3(ctx, "")
	if err != nil {
		return nil, err
	}
	object := &object{ctx: ctx, api: client, bucket: bucket, key: key, sleep: s.sleep}
	if err := object.open(); err != nil {
		return nil, fmt.Errorf("result of query %s: s3://%s/%s: %w", id, bucket, key, err)
	}
	return newFileRows(object, fmt.Sprintf("result of query %s: s3://%s/%s", id, bucket, key)), nil
}

// pageRows reads GetQueryResults.
type pageRows struct {
	ctx  context.Context
	api  AthenaAPI
	in   athena.GetQueryResultsInput
	page []types.Row
	last bool
	row  []string
}

func (r *pageRows) next() ([]string, error) {
	for len(r.page) == 0 {
		if r.last {
			return nil, io.EOF
		}
		if err := r.turn(); err != nil {
			return nil, fmt.Errorf("result of query %s: %w", aws.ToString(r.in.QueryExecutionId), err)
		}
	}
	r.row = r.row[:0]
	for _, d := range r.page[0].Data {
		r.row = append(r.row, aws.ToString(d.VarCharValue))
	}
	r.page = r.page[1:]
	return r.row, nil
}

// turn gets the next page.
func (r *pageRows) turn() error {
	answer, err := r.api.GetQueryResults(r.ctx, &r.in)
	if err != nil {
		return err
	}
	token := answer.NextToken
	if r.last = aws.ToString(token) == ""; !r.last && aws.ToString(token) == aws.ToString(r.in.NextToken) {
		return errors.New("the same page comes again")
	}
	r.in.NextToken = token
	if answer.ResultSet != nil {
		r.page = answer.ResultSet.Rows
	}
	return nil
}

func (r *pageRows) close() {}

// checkHeader refuses a result that is not of a query of package query.
func checkHeader(row []string) error {
	if want := query.Columns(); !slices.Equal(row, want) {
		return fmt.Errorf("its columns are %q, and those of the query %q", row, want)
	}
	return nil
}
