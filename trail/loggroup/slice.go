package loggroup

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// A slice is a span of the log's time in seconds since 1970; from is included and to is not.
type slice struct {
	from, to int64
}

// day is how many seconds the first slices have.
const day = 24 * 60 * 60

// String names the slice in messages.
func (s slice) String() string {
	return "from " + stamp(time.Unix(s.from, 0)) + " to " + stamp(time.Unix(s.to, 0))
}

// days cuts the slice at midnight.
func (s slice) days() iter.Seq[slice] {
	return func(yield func(slice) bool) {
		for from := s.from; from < s.to; {
			next := min(from-from%day+day, s.to)
			if !yield(slice{from, next}) {
				return
			}
			from = next
		}
	}
}

// holds reports whether the time of a record lies in the slice.
func (s slice) holds(t time.Time) bool {
	return !t.Before(time.Unix(s.from, 0)) && t.Before(time.Unix(s.to, 0))
}

// cut returns parts of the slice for records that are more than limit, the latest part first. Parts as
// small as would do for evenly spread records spare queries, since each scans anew what it is about.
// A second cannot be cut.
func (s slice) cut(records, limit int) []slice {
	length := s.to - s.from
	if length <= 1 {
		return nil
	}
	n := min(max(int64(records)*2/int64(limit), 2), length, maxParts)
	parts := make([]slice, n)
	for i := range n {
		parts[i] = slice{s.from + length*i/n, s.from + length*(i+1)/n}
	}
	slices.Reverse(parts)
	return parts
}

// maxParts bounds what one cut makes of a day.
const maxParts = 1000

// timeForm is how results have @timestamp, in UTC.
const timeForm = "2006-01-02 15:04:05.000"

func stamp(t time.Time) string { return t.UTC().Format(time.DateTime) }

// parseTime reads @timestamp.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeForm, s)
	if err != nil {
		return t, fmt.Errorf("CloudWatch Logs gave %q as @timestamp", s)
	}
	return t, nil
}
