package trail

import "time"

// Add adds what another reading found: sums, the earliest First and the latest Last.
func (s *Stats) Add(o Stats) {
	s.Files += o.Files
	s.Records += o.Records
	s.Used += o.Used
	s.DataEvents += o.DataEvents
	s.Forgotten += o.Forgotten
	for reason, n := range o.Skipped {
		s.skip(reason, n)
	}
	for reason, n := range o.SkippedFiles {
		s.skipFile(reason, n)
	}
	if len(o.Coverage) > 0 {
		s.Coverage = MergeCoverage(s.Coverage, o.Coverage)
	}
	if len(o.Gaps) > 0 {
		s.Gaps = MergeGaps(s.Gaps, o.Gaps)
	}
	s.seen(o.First)
	s.seen(o.Last)
}

func (s *Stats) skip(reason SkipReason, n int64) {
	if s.Skipped == nil {
		s.Skipped = map[SkipReason]int64{}
	}
	s.Skipped[reason] += n
}

func (s *Stats) skipFile(reason SkipReason, n int64) {
	if s.SkippedFiles == nil {
		s.SkippedFiles = map[SkipReason]int64{}
	}
	s.SkippedFiles[reason] += n
}

func (s *Stats) seen(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.First.IsZero() || t.Before(s.First) {
		s.First = t
	}
	if t.After(s.Last) {
		s.Last = t
	}
}
