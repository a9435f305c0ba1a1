package loggroup

import (
	"context"
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

const (
	recordsQuery = "fields @timestamp, @message"
	firstQuery   = "fields @timestamp | sort @timestamp asc"
)

// first returns when the first record of a span was, the zero time if there is none.
func (s *Source) first(ctx context.Context, w slice) (first time.Time, err error) {
	if w.from >= w.to {
		return first, nil
	}
	q, err := s.query(ctx, firstQuery, w, 1)
	if err != nil {
		return first, err
	}
	for _, row := range q.rows {
		if first, err = parseTime(row.timestamp); err != nil {
			return first, fmt.Errorf("query %s: %w", q.id, err)
		}
	}
	return first, nil
}

// read takes in the records of a slice, or returns the parts to read in its place, latest first, if they
// are too many for one query.
//
// Both ends of a query's span are included, in seconds, and AWS does not say whether the second after the
// point belongs to it. So the query asks for the second of the end too, and what is there is left to the next
// slice: each record is in one slice.
func (s *Source) read(ctx context.Context, r *reading.Reading, span slice) ([]slice, error) {
	q, err := s.query(ctx, recordsQuery, span, s.limit)
	if err != nil {
		return nil, err
	}
	found := max(q.matched, len(q.rows))
	if found >= s.limit {
		if parts := span.cut(found, s.limit); parts != nil {
			return parts, nil
		}
	}
	got := 0
	for more := true; more; {
		for _, row := range q.rows {
			got++
			// A record without a time is taken where it is found; its event ID tells if it is found twice.
			if t, err := parseTime(row.timestamp); err == nil && !span.holds(t) {
				continue
			}
			o := r.Observe(row.message)
			r.Add(&o, fmt.Sprintf("%s query %s", s.group, q.id), int64(got))
		}
		r.Progress()
		if more, err = s.next(ctx, q); err != nil {
			return nil, err
		}
	}
	if got >= s.limit || got < found {
		r.Gap(trail.GapPartial, fmt.Sprintf("CloudWatch Logs gave %d records %s, and may have more.", got, span))
	}
	return nil, nil
}
