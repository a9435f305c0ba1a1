package trail

import (
	"cmp"
	"slices"
)

// GapKind classifies what a source could not show.
type GapKind string

// The kinds of gaps.
const (
	// GapPartial: reading ended before the end, so that calls are missing anywhere in the window. An answer
	// from such a reading has to say so first.
	GapPartial GapKind = "partial"
	// GapNoDataEvents: the source holds no data events by its nature, as Event history.
	GapNoDataEvents GapKind = "no-data-events"
	// GapWindow: the source keeps events for a limited time, and the window asked for begins before that.
	GapWindow GapKind = "window"
	// GapColumns: a table lacks columns that a reading of the records would have used.
	GapColumns GapKind = "columns"
	// GapUse: a table lacks columns that show what calls used, such as their parameters. That a use is not seen
	// then proves nothing.
	GapUse GapKind = "use"
	// GapPlaces: accounts or Regions that were asked for were not read.
	GapPlaces GapKind = "places"
)

// A Gap is something that a reading does not show although the window asks for it.
type Gap struct {
	Kind GapKind `json:"kind"`
	// Source is the SOURCE that has it, as the user wrote it.
	Source string `json:"source"`
	// Detail is one sentence for people.
	Detail string `json:"detail"`
}

// MergeGaps joins the gaps of several readings, sorted, each once.
func MergeGaps(parts ...[]Gap) []Gap {
	all := slices.Concat(parts...)
	slices.SortFunc(all, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.Compact(all)
}
