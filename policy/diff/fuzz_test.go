package diff_test

import (
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

// FuzzCompare compares any two policies: there is no panic, the evaluator confirms every witness,
// and nothing differs from itself.
func FuzzCompare(f *testing.F) {
	for seed := range uint64(40) {
		p := randomPair(seed)
		f.Add(string(p.old.Identity[0].Format()), string(p.new.Identity[0].Format()), seed%2 == 0)
	}
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username, 'é\n'}/*"}}`,
		`{"Statement":{"Effect":"Deny","NotAction":[],"NotResource":["arn:*:s3:?:*${*}"],"Condition":{"ForAnyValue:ArnLike":{"a:b":["arn:*"]}}}}`, true)
	f.Fuzz(func(t *testing.T, old, new string, bounded bool) {
		if len(old)+len(new) > 4096 {
			t.Skip("too long to judge in time")
		}
		o, err := policy.Parse([]byte(old))
		if err != nil {
			t.Skip(err)
		}
		n, err := policy.Parse([]byte(new))
		if err != nil {
			t.Skip(err)
		}
		p := pair{old: sideOf(*o), new: sideOf(*n)}
		if bounded {
			p.old.Boundary = p.new.Identity
		}
		if err := agree(p, diff.Compare(p.old, p.new, p.opt)); err != nil {
			t.Errorf("%v\nold:\n%snew:\n%s", err, showSide(p.old), showSide(p.new))
		}
		for _, side := range []diff.Side{p.old, p.new} {
			if rows := diff.Compare(side, canonical(side), p.opt); len(rows) > 0 {
				t.Errorf("differs from its canonical form: %s\n%s", showAll(rows), showSide(side))
			}
		}
	})
}
