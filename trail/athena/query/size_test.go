package query_test

import (
	"testing"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// A statement for all the kinds of events that the mapping has rules for is short enough, with room for a
// long list of accounts.
func TestSize(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	s, err := query.Text(awsTable(), trail.Query{Fields: m.Fields}, query.Options{Kinds: m.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.SQL) > query.MaxBytes*9/10 {
		t.Errorf("%d bytes", len(s.SQL))
	}
	t.Log(len(s.SQL), "bytes")
}
