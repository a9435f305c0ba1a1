//go:build integration

package query_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"testing"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/trino"
)

func TestMain(m *testing.M) { os.Exit(trino.Main(m)) }

// table is a trail.Source over a table in Trino.
type table struct {
	server  *trino.Server
	columns [][2]string
	name    string
	kinds   []query.Kind
	// rows and bytes are of the last reading's result.
	rows, bytes int
}

func (s *table) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		usages, err := s.read(ctx, q)
		for _, u := range usages {
			if !yield(u, nil) {
				return
			}
		}
		if err != nil {
			yield(trail.Usage{}, err)
		}
	}
}

func (s *table) read(ctx context.Context, q trail.Query) ([]trail.Usage, error) {
	t := tableOf("default", s.name, s.columns)
	reader := query.NewReader(q, "athena://default/"+s.name)
	options := query.Options{Kinds: s.kinds}
	s.rows, s.bytes = 0, 0
	for {
		statement, err := query.Text(t, q, options)
		if err != nil {
			return nil, err
		}
		rows, err := s.server.Query(ctx, statement.SQL)
		if err != nil {
			return nil, fmt.Errorf("%w\n%s", err, statement.SQL)
		}
		for _, row := range rows {
			s.rows++
			for _, value := range row {
				s.bytes += len(value)
			}
			if err := reader.Add(row); err != nil {
				return nil, err
			}
		}
		if options.Only = reader.Unprojected(); len(options.Only) == 0 {
			break
		}
	}
	usages, stats := reader.Result()
	if q.Stats != nil {
		q.Stats.Add(stats)
	}
	return usages, nil
}

// load makes a table of records.
func load(tb testing.TB, records []json.RawMessage, columns [][2]string) *table {
	server := trino.Start(tb)
	name := server.Load(tb, columns, func(w io.Writer) error {
		for _, r := range records {
			if _, err := w.Write(append(r, '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	return &table{server: server, columns: columns, name: name}
}

func TestIntegrationTrinoSource(t *testing.T) {
	trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source { return load(t, records, awsColumns) })
}

// The parameters of the kinds that are known beforehand come with the first statement.
func TestIntegrationTrinoSourceKinds(t *testing.T) {
	trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
		s := load(t, records, awsColumns)
		s.kinds = []query.Kind{{"s3.amazonaws.com", "GetObject"}, {"dynamodb.amazonaws.com", "BatchGetItem"}, {"sts.amazonaws.com", "AssumeRole"}}
		return s
	})
}
