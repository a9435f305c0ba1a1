package logfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

// TestVanishedFile reads a file that went away after the folder was listed.
func TestVanishedFile(t *testing.T) {
	var skips []trail.Skip
	p := &pipeline{
		source:     New(nil),
		query:      trail.Query{OnSkip: func(s trail.Skip) { skips = append(skips, s) }},
		aggregator: trail.NewAggregator(),
	}
	p.observer = trail.NewObserver(p.query)
	if err := p.run(t.Context(), []file{{path: "gone"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[trail.SkipReason]int64{trail.SkipUnreadable: 1}, p.aggregator.Stats().SkippedFiles); diff != "" {
		t.Error(diff)
	}
	if len(skips) != 1 || skips[0].File != "gone" || skips[0].Err == nil {
		t.Errorf("%+v", skips)
	}
}
