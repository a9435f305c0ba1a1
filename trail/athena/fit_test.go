package athena

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// manyKinds are n kinds of events, of which each asks for something of its own.
func manyKinds(n, length int) ([]query.Kind, trail.Query) {
	var kinds []query.Kind
	for i := range n {
		kinds = append(kinds, query.Kind{"s3.amazonaws.com", fmt.Sprintf("Event%05d", i)})
	}
	q := trail.Query{Fields: func(_, name string) trail.Fields {
		return trail.Fields{Paths: []string{strings.Repeat("x", length) + name}}
	}}
	return kinds, q
}

// TestFit: as many kinds are asked for as the text has room for, and not one less.
func TestFit(t *testing.T) {
	table := query.Table{Database: "logs", Name: "cloudtrail"}
	for _, c := range columns {
		table.Columns = append(table.Columns, query.Column{Name: c["Name"].(string), Type: c["Type"].(string)})
	}
	kinds, q := manyKinds(9000, 50)
	for name, options := range map[string]func([]query.Kind) query.Options{"foreseen": foreseen, "more": more} {
		statement, n, err := fit(table, q, kinds, options)
		if err != nil || n == 0 || n == len(kinds) || len(statement.SQL) > query.MaxBytes {
			t.Errorf("%s: %d kinds in %d bytes, %v", name, n, len(statement.SQL), err)
		}
		if _, err := query.Text(table, q, options(kinds[:n+1])); !errors.Is(err, query.ErrTooLong) {
			t.Errorf("%s: there is room for more than %d kinds: %v", name, n, err)
		}
		if _, n, err := fit(table, q, kinds[:100], options); n != 100 || err != nil {
			t.Errorf("%s: %d of 100 kinds, %v", name, n, err)
		}
	}
	kinds, q = manyKinds(3, query.MaxBytes)
	if _, n, err := fit(table, q, kinds, foreseen); n != 0 || err != nil {
		t.Errorf("%d kinds that are too long each, %v", n, err)
	}
	if _, _, err := fit(table, q, kinds, more); !errors.Is(err, query.ErrTooLong) {
		t.Errorf("a kind that is too long: %v", err)
	}
}
