package trail

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDedupeRemembersAllWhileSmall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, seen := NewDedupe(), map[string]bool{}
		for range rapid.IntRange(0, 300).Draw(t, "events") {
			id := fmt.Sprint(rapid.IntRange(0, 100).Draw(t, "id"))
			shared := ""
			if rapid.Bool().Draw(t, "shared") {
				shared = fmt.Sprint(rapid.IntRange(0, 100).Draw(t, "shared id"))
			}
			want := !seen["event "+id] && (shared == "" || !seen["shared "+shared])
			if got := d.First(id, []byte("n"), shared, "n", mustTime); got != want {
				t.Fatalf("First(%q, %q) = %v", id, shared, got)
			}
			seen["event "+id] = true
			if shared != "" {
				seen["shared "+shared] = true
			}
		}
	})
}

func TestDedupeForgetsTheOldest(t *testing.T) {
	d := NewDedupe()
	d.maxSlots = 1 << 12
	const n = 20000
	for i := range n {
		if !d.First(fmt.Sprint(i), []byte("n"), "", "n", mustTime) {
			t.Fatalf("%d is new", i)
		}
	}
	if len(d.slots) != d.maxSlots || d.Forgotten() != n-int64(d.maxSlots) {
		t.Errorf("%d slots, %d forgotten", len(d.slots), d.Forgotten())
	}
	for i := n - d.maxSlots/4; i < n; i++ {
		if d.First(fmt.Sprint(i), []byte("n"), "", "n", mustTime) {
			t.Errorf("%d was forgotten before older ones", i)
		}
	}
}

func TestDedupeTellsPlaceholdersApart(t *testing.T) {
	d := NewDedupe()
	for _, test := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"GetObject", mustTime, true}, {"PutObject", mustTime, true}, {"GetObject", mustTime.Add(time.Second), true}, {"GetObject", mustTime, false},
	} {
		if got := d.First("EXAMPLE", []byte(test.name), "", test.name, test.at); got != test.want {
			t.Errorf("%s at %s: %v", test.name, test.at, got)
		}
	}
	for range 2 {
		if !d.First("", []byte("n"), "", "n", mustTime) {
			t.Error("an event without ID is always new")
		}
	}
}

// TestCopies checks that what counts as a copy does not depend on which record is read first.
func TestCopies(t *testing.T) {
	event := func(id, shared, bucket string) Observation {
		key := Key{Kind: Call, Principal: Principal{Role: "r"}, EventName: "n", Params: []Param{{Path: "bucketName", Values: []string{bucket}}}}
		return Observation{Key: key, Time: mustTime, EventID: id, SharedEventID: shared}
	}
	for _, test := range []struct {
		reason string
		events []Observation
		used   int64
	}{
		{"of another trail", []Observation{event("1", "", "a"), event("1", "", "a")}, 1},
		{"of another account", []Observation{event("1", "s", "a"), event("2", "s", "a")}, 1},
		{"one ID and two contents", []Observation{event("1", "", "a"), event("1", "", "b"), event("1", "", "a")}, 2},
		{"an update (addendum) has its own ID", []Observation{event("old", "", "a"), event("new", "", "b")}, 2},
	} {
		var want []Usage
		for i := range len(test.events) {
			a := NewAggregator()
			for j := range test.events {
				a.Add(&test.events[(i+j)%len(test.events)])
			}
			if got := a.Stats().Used; got != test.used {
				t.Errorf("%s, first is %d: %d used, want %d", test.reason, i, got, test.used)
			}
			got := a.Usages()
			for j := range got {
				got[j].EventIDs = nil // of two accounts' copies the first read one's
			}
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, first is %d: %s", test.reason, i, diff)
			}
		}
	}
}

// TestDedupeGoesOn interrupts a Dedupe somewhere, small or full: the one restored says what it would have.
func TestDedupeGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := NewDedupe()
		whole.maxSlots = 1 << 12
		ids := rapid.IntRange(1, 10000).Draw(t, "ids")
		next := rapid.IntRange(1, 1000).Draw(t, "step")
		first := func(d *Dedupe, i int) bool { return d.First(fmt.Sprint(i*next%ids), []byte("n"), "", "n", mustTime) }
		at := rapid.IntRange(0, 6000).Draw(t, "interrupted")
		for i := range at {
			first(whole, i)
		}
		restored, err := RestoreDedupe(whole.Size(), whole.Hashes())
		if err != nil {
			t.Fatal(err)
		}
		restored.maxSlots = whole.maxSlots
		before := whole.Forgotten()
		for i := at; i < at+3000; i++ {
			if first(whole, i) != first(restored, i) {
				t.Fatalf("they differ at event %d", i)
			}
		}
		if whole.Size() != restored.Size() || whole.Forgotten() != before+restored.Forgotten() {
			t.Fatalf("%d slots and %d forgotten, want %d and %d", restored.Size(), restored.Forgotten(), whole.Size(), whole.Forgotten()-before)
		}
	})
	for reason, test := range map[string]struct {
		size   int
		hashes []uint64
	}{
		"no size": {0, nil}, "no power of two": {1500, nil}, "too large": {1 << 24, nil}, "a free slot": {1 << 10, []uint64{0}},
		"one twice": {1 << 10, []uint64{7, 7}}, "nine in a bucket": {1 << 10, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
	} {
		if _, err := RestoreDedupe(test.size, slices.Values(test.hashes)); err == nil {
			t.Errorf("%s: no error", reason)
		}
	}
}
