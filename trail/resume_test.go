package trail

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestAggregatorGoesOn interrupts an Aggregator: one that is given what it knew ends with the same.
func TestAggregatorGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observe := func() (o Observation) {
			o.Key = Key{Kind: Call, Principal: Principal{Role: "r"}, EventSource: "s3.amazonaws.com", EventName: "GetObject", Outcome: Authorised}
			name := rapid.StringMatching(`[ab]/[a-c]`).Draw(t, "name")
			o.Key.Params = []Param{{Path: "key", Values: []string{name}, Wide: true}}
			o.EventID = rapid.StringMatching(`[a-h]`).Draw(t, "id")
			o.Time = mustTime.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hour")) * time.Hour)
			return o
		}
		whole, part := NewAggregator(), NewAggregator()
		whole.seen.maxSlots, part.seen.maxSlots = ways, ways
		whole.seen.slots, part.seen.slots = make([]uint64, ways), make([]uint64, ways)
		for range rapid.IntRange(0, 40).Draw(t, "records") {
			o := observe()
			whole.Add(&o)
			part.Add(&o)
			if rapid.IntRange(0, 5).Draw(t, "interrupted") > 0 {
				continue
			}
			seen := *part.Seen()
			seen.forgotten = 0 // as RestoreDedupe has it; the table of this test is smaller than any of its own
			next := ResumeAggregator(&seen)
			for _, usage := range part.Usages() {
				next.AddUsage(&usage)
			}
			next.AddStats(part.Stats())
			part = next
		}
		if diff := cmp.Diff(whole.Usages(), part.Usages()) + cmp.Diff(whole.Stats(), part.Stats()); diff != "" {
			t.Fatalf("(-at once +in parts):\n%s", diff)
		}
	})
}
