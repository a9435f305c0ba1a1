// Package trail turns CloudTrail records into Usage: what each role was seen to do, aggregated.
//
// A Source reads records from one place; the file reader is package logfile. Records are decoded as
// a stream and aggregated at once, so memory follows the number of distinct kinds of calls and never
// the size of the input. Usage from several sources, shards or days joins with Merge, in any order
// and grouping, with the same result. A profile is Usage saved as versioned gzip JSON lines.
package trail

import (
	"context"
	"iter"
	"time"
)

// A Source yields what was observed. An error, if any, is the last item and says which input failed;
// what was yielded before it stays valid. A malformed record or file is not an error: it is counted
// in Query.Stats and reported with its place to Query.OnSkip. The order of the items is a function of the input
// alone.
type Source interface {
	Usage(ctx context.Context, q Query) iter.Seq2[Usage, error]
}

// Fields says what to keep of one kind of event. It is how the mapping tells a source what it needs
// without the source knowing any mapping.
//
// A path starts at requestParameters. Its steps are separated by dots: "name" is a member, "name[]"
// each element of an array, "name[member:value]" each element whose member is value ("name[member:]": each without it), "name{}" each
// member name of an object when last and each member value otherwise. A leading "?" records only that something is there, as the value "true". Other
// starting points are written before a colon: "responseElements:", "additionalEventData:",
// "resources:TYPE" (the ARNs of the event's resources of that type, "resources:" of every type),
// "resourcePrefixes:TYPE" (their ARNPrefix) and "resourceAccounts:TYPE" (their accountId).
// Examples: "tableName", "requestItems{}", "transactItems[].put.tableName",
// "requestItems[operation:Put].tableName", "?x-amz-acl", "resources:AWS::KMS::Key".
type Fields struct {
	Paths []string
	// Wide is the one of Paths whose values are hierarchical names without number, such as S3
	// object keys. Where calls alike in everything else hold more than a fixed number of
	// distinct names under one level (MaxNames, MaxLevels), those names fold into that level
	// (Param.Open).
	Wide string
}

// A Query says what to read, and where to report.
type Query struct {
	// Since and Until bound eventTime, Since included, Until not; zero means unbounded.
	Since, Until time.Time
	// Accounts and Regions, where not empty, limit what is read: the accounts of the callers, whoever's
	// trail recorded the calls, and the Regions of the calls.
	Accounts []string
	Regions  []string
	// Fields is asked once for each kind of event; nil keeps no parameters.
	Fields func(eventSource, eventName string) Fields
	// OnSkip is told of each malformed or unreadable input, from one goroutine at a time; may be nil.
	OnSkip func(Skip)
	// OnProgress is told how far reading has come, from one goroutine at a time; may be nil.
	OnProgress func(Progress)
	// Stats, if not nil, is added to.
	Stats *Stats
}

// SkipReason says why a record or file was not used.
type SkipReason string

// A Skip is an input that was not used, with its place.
type Skip struct {
	Reason SkipReason
	// File is the path, "-" for standard input, with "!" and the member for nested inputs.
	File string
	// Record counts records in File from 1; 0 is the file itself. Offset is in decompressed bytes.
	Record int64
	Offset int64
	Err    error
}

// Progress is how far a source has come. Totals are 0 while unknown.
type Progress struct {
	Files, TotalFiles int64
	// Bytes are as stored, compressed or not.
	Bytes, TotalBytes int64
	Records           int64
}

// Stats says what became of every record that was read: Records = Used + the sum of Skipped over
// record reasons. Files that could not be read are in SkippedFiles.
type Stats struct {
	Files        int64                `json:"files"`
	Records      int64                `json:"records"`
	Used         int64                `json:"used"`
	Skipped      map[SkipReason]int64 `json:"skipped,omitempty"`
	SkippedFiles map[SkipReason]int64 `json:"skippedFiles,omitempty"`
	// First and Last bound the eventTime of the records read, used or not; zero if none.
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`
	// DataEvents counts the records read that were data events: where it is 0, the trail
	// shows no object, item, message or invocation traffic.
	DataEvents int64 `json:"dataEvents"`
	// Forgotten counts the event IDs that fell out of the fixed memory for duplicates: copies of
	// those events that came later were counted again. See Dedupe.
	Forgotten int64 `json:"forgotten,omitempty"`
	// Coverage says which sorts of events the log holds, where and on which days. It is sorted, see
	// MergeCoverage, and empty for a profile that was saved before there was any.
	Coverage []Coverage `json:"coverage,omitempty"`
	// Gaps are what the source could not show, or did not read to the end, sorted: see MergeGaps.
	Gaps []Gap `json:"gaps,omitempty"`
}
