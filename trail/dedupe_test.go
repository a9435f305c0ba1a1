package trail

import (
	"fmt"
	"testing"
	"time"

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
			if got := d.First(id, shared, "n", mustTime); got != want {
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
		if !d.First(fmt.Sprint(i), "", "n", mustTime) {
			t.Fatalf("%d is new", i)
		}
	}
	if len(d.slots) != d.maxSlots || d.Forgotten() != n-int64(d.maxSlots) {
		t.Errorf("%d slots, %d forgotten", len(d.slots), d.Forgotten())
	}
	for i := n - d.maxSlots/4; i < n; i++ {
		if d.First(fmt.Sprint(i), "", "n", mustTime) {
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
		if got := d.First("EXAMPLE", "", test.name, test.at); got != test.want {
			t.Errorf("%s at %s: %v", test.name, test.at, got)
		}
	}
	for range 2 {
		if !d.First("", "", "n", mustTime) {
			t.Error("an event without ID is always new")
		}
	}
}

func TestAddendum(t *testing.T) {
	event := func(id, replaces string) Observation {
		return Observation{Key: Key{Kind: Call, EventName: "n"}, Time: mustTime, EventID: id, Replaces: replaces}
	}
	for _, test := range []struct {
		reason string
		events []Observation
		used   int64
	}{
		{"the update comes first", []Observation{event("new", "old"), event("old", "")}, 1},
		{"the update comes last", []Observation{event("old", ""), event("new", "old")}, 2},
		{"the update twice", []Observation{event("new", "old"), event("new", "old")}, 1},
	} {
		a := NewAggregator()
		for i := range test.events {
			a.Add(&test.events[i])
		}
		if got := a.Stats().Used; got != test.used {
			t.Errorf("%s: %d used, want %d", test.reason, got, test.used)
		}
	}
}
