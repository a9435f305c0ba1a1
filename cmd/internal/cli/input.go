package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// newReport starts a report with what every report states.
func newReport(in report.Input) report.Report {
	return report.Report{
		SchemaVersion: report.SchemaVersion,
		Tool:          "whittle " + toolVersion(),
		Reference:     reference.Version(),
		Input:         in,
	}
}

func inputOf(sources []string, s trail.Stats, problems []string) report.Input {
	all := trail.MergeGaps(s.Gaps, broken(sources, s))
	return report.Input{
		Sources: sources, Files: s.Files, Records: s.Records, Used: s.Used, DataEvents: s.DataEvents,
		First: s.First, Last: s.Last,
		Skipped: counts(s.Skipped), SkippedFiles: counts(s.SkippedFiles), Gaps: gaps(all), Problems: problems,
	}
}

// broken says that files of the log, or records in them, are missing in what was read.
func broken(sources []string, s trail.Stats) []trail.Gap {
	var parts []string
	count := func(of string, skipped map[trail.SkipReason]int64) {
		var n int64
		var why []string
		for _, r := range slices.Sorted(maps.Keys(skipped)) {
			if r.Broken() && skipped[r] > 0 {
				n += skipped[r]
				why = append(why, fmt.Sprintf("%d %s", skipped[r], r))
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", report.Plural(n, of), strings.Join(why, ", ")))
		}
	}
	count("file", s.SkippedFiles)
	count("record", s.Skipped)
	if parts == nil {
		return nil
	}
	return []trail.Gap{{
		Kind: trail.GapPartial, Source: strings.Join(sources, " "),
		Detail: strings.Join(parts, " and ") + " could not be read, or not to the end.",
	}}
}

func gaps(list []trail.Gap) []report.Gap {
	var out []report.Gap
	for _, g := range list {
		out = append(out, report.Gap{Kind: string(g.Kind), Source: g.Source, Detail: g.Detail})
	}
	return out
}

func counts(m map[trail.SkipReason]int64) []report.Count {
	var out []report.Count
	for _, r := range slices.Sorted(maps.Keys(m)) {
		out = append(out, report.Count{Reason: string(r), Count: m[r]})
	}
	return out
}

// describeSkip says what was not used, where, and why, for example
// "logs/a.json.gz: record 12 (at byte 3456): malformed: eventTime: not a time".
func describeSkip(s trail.Skip) string {
	place := s.File
	if s.Record > 0 {
		place += fmt.Sprintf(": record %d (at byte %d)", s.Record, s.Offset)
	} else if s.Offset > 0 {
		place += fmt.Sprintf(" (at byte %d)", s.Offset)
	}
	if s.Err == nil {
		return fmt.Sprintf("%s: %s", place, s.Reason)
	}
	return fmt.Sprintf("%s: %s: %v", place, s.Reason, s.Err)
}
