package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lastSecond is from where the times of a row's latest events are counted back.
const lastSecond = 253402300799

// parseRow reads the texts of a row.
func parseRow(values []string) (*row, error) {
	if len(values) != len(Columns()) {
		return nil, fmt.Errorf("%d columns, not %d", len(values), len(Columns()))
	}
	r := &row{}
	var parts []*string
	if err := json.Unmarshal([]byte(values[0]), &parts); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if len(parts) != recordLength {
		return nil, fmt.Errorf("record: %d parts, not %d", len(parts), recordLength)
	}
	r.record = make([]string, len(parts))
	for i, part := range parts {
		if part != nil {
			r.record[i] = *part
		}
	}
	if values[1] != "" {
		if err := json.Unmarshal([]byte(values[1]), &r.name); err != nil {
			return nil, fmt.Errorf("name: %w", err)
		}
		r.named = true
	}
	var err error
	if r.records, err = strconv.ParseInt(values[2], 10, 64); err != nil || r.records < 1 {
		return nil, fmt.Errorf("records: %q", values[2])
	}
	if r.events, err = strconv.ParseInt(values[3], 10, 64); err != nil || r.events < 0 || r.events > r.records {
		return nil, fmt.Errorf("events: %q", values[3])
	}
	if err := r.parseTimes(values[4], values[5], values[6]); err != nil {
		return nil, err
	}
	return r, r.parseIDs(values[7])
}

func (r *row) parseTimes(first, last, days string) error {
	if first == "" {
		return nil
	}
	from, err := strconv.ParseInt(first, 10, 64)
	until, err2 := strconv.ParseInt(last, 10, 64)
	if err != nil || err2 != nil || from < 0 || until < from || until > lastSecond {
		return fmt.Errorf("times: %q to %q", first, last)
	}
	r.first, r.last = time.Unix(from, 0).UTC(), time.Unix(until, 0).UTC()
	for text := range strings.SplitSeq(days, ",") {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 || from/secondsPerDay+n > until/secondsPerDay {
			return fmt.Errorf("days: %q", days)
		}
		r.days = append(r.days, int32(from/secondsPerDay+n))
	}
	if !slices.IsSorted(r.days) {
		return errors.New("days: not sorted")
	}
	return nil
}

func (r *row) parseIDs(text string) error {
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("ids: %w", err)
	}
	for _, id := range list {
		if len(id) < 12 {
			return fmt.Errorf("ids: %q", id)
		}
		left, err := strconv.ParseInt(id[:12], 10, 64)
		if err != nil || left < 0 || left > lastSecond {
			return fmt.Errorf("ids: %q", id)
		}
		r.ids, r.times = append(r.ids, id[12:]), append(r.times, time.Unix(lastSecond-left, 0).UTC())
	}
	return nil
}
