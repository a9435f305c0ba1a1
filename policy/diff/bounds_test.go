package diff_test

import (
	"fmt"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

// More resources than any role can have are not compared, and that is no "no new access".
func TestTooManyResources(t *testing.T) {
	side := func(n int) diff.Side {
		s := policy.Statement{Effect: policy.Allow, Actions: []string{"s3:GetObject"}}
		for i := range n {
			s.Resources = append(s.Resources, fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i))
		}
		return diff.Side{Identity: []policy.Document{{Version: policy.Version2012, Statements: []policy.Statement{s}}}}
	}
	many := side(20_000)
	if rows := diff.Compare(many, many, diff.Options{}); len(rows) > 0 {
		t.Errorf("the same on both sides: %d rows", len(rows))
	}
	rows := diff.Compare(side(1), many, diff.Options{})
	if len(rows) != 1 || rows[0].Kind != diff.Undecided || rows[0].Reason == "" || !rows[0].Widens() {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
}
