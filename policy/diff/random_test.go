package diff_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/diff"
)

const (
	shards = 8
	// pairs are compared in each shard.
	pairs = 12_500
	// every is of how many pairs one is compared in other words too.
	every = 40
	// wideEvery is of how many pairs one may allow the actions of any service.
	wideEvery = 2000
)

// TestRandomPairs compares 100,000 pairs of random policies with the enumeration, and some of
// them in ways that say the same of them: mirrored, and against other spellings of themselves.
func TestRandomPairs(t *testing.T) {
	n := pairs
	if testing.Short() {
		n /= 100
	}
	percent := debug.SetGCPercent(400) // much is made and nothing kept
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	for shard := range uint64(shards) {
		t.Run(fmt.Sprint("shard ", shard), func(t *testing.T) {
			t.Parallel()
			var same, undecided int
			for i := range uint64(n) {
				seed := shard<<32 | i
				p := randomPair(seed)
				check(t, seed, p, func(p pair) error {
					rows := diff.Compare(p.old, p.new, p.opt)
					if len(rows) == 0 {
						same++
					} else if slices.ContainsFunc(rows, func(r diff.Row) bool { return r.Kind == diff.Undecided }) {
						undecided++
					}
					return exactly(p, rows)
				})
				if i%every == 0 {
					check(t, seed, p, otherwise)
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%d pairs: %d without difference, %d with something undecided", n, same, undecided)
		})
	}
}

func exact(p pair) error { return exactly(p, diff.Compare(p.old, p.new, p.opt)) }

// exactly compares rows with the enumeration, and lets nothing be undecided that need not be.
func exactly(p pair, rows []diff.Row) error {
	if err := agree(p, rows); err != nil {
		return err
	}
	return decided(p, rows)
}

// otherwise says the same of a pair in other words.
func otherwise(p pair) error {
	rows := diff.Compare(p.old, p.new, p.opt)
	if d := showAll(rows); d != showAll(diff.Compare(p.old, p.new, p.opt)) {
		return fmt.Errorf("not the same twice")
	}
	if err := mirror(rows, diff.Compare(p.new, p.old, p.opt)); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, other := range []struct {
		name string
		side diff.Side
	}{{"itself", p.old}, {"its canonical form", canonical(p.old)}, {"its statements in another order", reordered(r, p.old)}} {
		if rows := diff.Compare(p.old, other.side, p.opt); len(rows) > 0 {
			return fmt.Errorf("the old side differs from %s: %s\nthat is:\n%s", other.name, showAll(rows), showSide(other.side))
		}
	}
	if side := respelt(r, p.old); isPlain(pair{old: p.old, new: side}) {
		if rows := diff.Compare(p.old, side, p.opt); len(rows) > 0 {
			return fmt.Errorf("the old side differs from itself in other words: %s\nthat is:\n%s", showAll(rows), showSide(side))
		}
	}
	return nil
}

func showAll(rows []diff.Row) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(show(row))
	}
	return b.String()
}

func showSide(s diff.Side) string {
	var b strings.Builder
	for _, doc := range s.Identity {
		fmt.Fprintf(&b, "identity %s", doc.Format())
	}
	for _, doc := range s.Boundary {
		fmt.Fprintf(&b, "boundary %s", doc.Format())
	}
	if s.Boundary != nil && len(s.Boundary) == 0 {
		b.WriteString("an empty boundary\n")
	}
	return b.String()
}

// check fails the test with the smallest pair that it finds to fail in the same way.
func check(t *testing.T, seed uint64, p pair, test func(pair) error) {
	t.Helper()
	first := test(p)
	if first == nil {
		return
	}
	err := first
	alike := func(a, b error) bool { return a != nil && b != nil && a.Error()[:12] == b.Error()[:12] }
	for shrunk := true; shrunk; {
		shrunk = false
		for smaller := range simpler(p) {
			if e := test(smaller); alike(e, first) {
				p, err, shrunk = smaller, e, true
				break
			}
		}
	}
	t.Errorf("seed %d: %v\noptions: %+v\nold:\n%snew:\n%s", seed, err, p.opt, showSide(p.old), showSide(p.new))
}
