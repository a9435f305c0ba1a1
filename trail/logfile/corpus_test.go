package logfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

const corpus = "../../../shared/corpus"

// TestCorpus reads records that nobody here wrote: nothing may be lost without a reason.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("no corpus beside the repository")
	}
	paths, _ := filepath.Glob(corpus + "/*.jsonl")
	var stats trail.Stats
	q := trail.Query{Stats: &stats, OnSkip: func(s trail.Skip) { t.Logf("%s %s:%d %v", s.Reason, filepath.Base(s.File), s.Record, s.Err) }}
	var rows, calls int64
	for usage, err := range logfile.New(paths).Usage(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		calls += usage.Count
	}
	var skipped int64
	for _, n := range stats.Skipped {
		skipped += n
	}
	t.Logf("%d rows, %+v", rows, stats)
	if stats.Records != stats.Used+skipped || calls != stats.Used || rows == 0 {
		t.Errorf("records %d, used %d in %d rows, counted %d, skipped %d", stats.Records, stats.Used, rows, calls, skipped)
	}
}
