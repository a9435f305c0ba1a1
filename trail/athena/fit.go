package athena

import (
	"errors"
	"sort"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// fit writes the statement for the first n of kinds, which are as many as Athena allows the text for.
func fit(t query.Table, q trail.Query, kinds []query.Kind, options func([]query.Kind) query.Options) (query.Statement, int, error) {
	text := func(n int) (query.Statement, error) { return query.Text(t, q, options(kinds[:n])) }
	all, err := text(len(kinds))
	if len(kinds) == 0 || !errors.Is(err, query.ErrTooLong) {
		return all, len(kinds), err
	}
	n := sort.Search(len(kinds)-1, func(n int) bool {
		_, err := text(n + 1)
		return errors.Is(err, query.ErrTooLong)
	})
	if n == 0 && options(kinds).Only != nil {
		return query.Statement{}, 0, err // with none it would be another query
	}
	statement, err := text(n)
	return statement, n, err
}

// foreseen are the options of the first query, and more those of the others.
func foreseen(kinds []query.Kind) query.Options { return query.Options{Kinds: kinds} }

func more(kinds []query.Kind) query.Options { return query.Options{Only: kinds} }
