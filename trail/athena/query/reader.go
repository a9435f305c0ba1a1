package query

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

// A Reader turns the rows of a Statement into Usage. The rows of two statements go into one Reader if the
// second has Options.Only. It is for one goroutine.
type Reader struct {
	query    trail.Query
	source   string
	observer *trail.Observer
	// aggregator holds the Usages and the Coverage; the other counts of its own mean nothing here.
	aggregator *trail.Aggregator
	stats      trail.Stats
	held       map[Kind][]*row
}

// NewReader returns a Reader for the query that the Statement was made for. The source is what Query.OnSkip
// and gaps name as the place of what they tell.
func NewReader(q trail.Query, source string) *Reader {
	return &Reader{query: q, source: source, observer: trail.NewObserver(q), held: map[Kind][]*row{}, aggregator: trail.NewAggregator()}
}

// Add reads one row: the values of Columns, in order. An error means that the row is none of a Statement.
func (r *Reader) Add(values []string) error {
	row, err := parseRow(values)
	if err != nil {
		return fmt.Errorf("a row of the query's result: %w", err)
	}
	kind := Kind{row.record[atSource], row.record[atName]}
	if row.record[atState] == stateUnprojected && r.query.Fields != nil && len(r.query.Fields(kind[0], kind[1]).Paths) > 0 {
		r.held[kind] = append(r.held[kind], row)
		return nil
	}
	if row.record[atState] == stateProjected {
		// The second statement brings what the first one could not.
		delete(r.held, kind)
	}
	return r.add(row)
}

func (r *Reader) add(row *row) error {
	raw, err := row.event()
	if err != nil {
		return fmt.Errorf("a row of the query's result: %w", err)
	}
	seen := r.observer.Observe(raw)
	if row.first.IsZero() {
		row.first, row.last = seen.Time, seen.Time
	}
	part := trail.Stats{Records: row.records, Skipped: map[trail.SkipReason]int64{}}
	if !seen.Time.IsZero() {
		part.First, part.Last = row.first, row.last
		r.cover(seen.Sort, row.daysOr(seen.Time))
	}
	if seen.DataEvent {
		part.DataEvents = row.records
	}
	switch {
	case seen.Skip != "":
		part.Skipped[seen.Skip] = row.records
		r.report(&seen, row.records)
	default:
		part.Used = row.events
		if n := row.records - row.events; n > 0 {
			part.Skipped[trail.SkipDuplicate] = n
		}
		if row.events > 0 {
			usage := row.usage(&seen)
			r.aggregator.AddUsage(&usage)
		}
	}
	r.stats.Add(part)
	return nil
}

// cover adds the days on which a sort of event was seen.
func (r *Reader) cover(s trail.Sort, days []int32) {
	for _, day := range days {
		r.aggregator.Add(&trail.Observation{Sort: s, Time: time.Unix(int64(day)*secondsPerDay, 0).UTC(), Skip: trail.SkipDuplicate})
	}
}

// report tells of records that are broken.
func (r *Reader) report(seen *trail.Observation, records int64) {
	if !seen.Skip.Broken() || r.query.OnSkip == nil {
		return
	}
	err := seen.Err
	if err != nil && records > 1 {
		err = fmt.Errorf("%w (%d records)", err, records)
	}
	r.query.OnSkip(trail.Skip{Reason: seen.Skip, File: r.source, Err: err})
}

func (row *row) daysOr(at time.Time) []int32 {
	if row.days != nil {
		return row.days
	}
	return []int32{int32(math.Floor(float64(at.Unix()) / secondsPerDay))}
}

const secondsPerDay = 24 * 60 * 60

// usage is the row's Usage, for what its record was seen to be.
func (row *row) usage(seen *trail.Observation) trail.Usage {
	u := trail.Usage{Key: seen.Key, Evidence: trail.Evidence{
		Count: row.events, First: row.first, Last: row.last, Days: row.daysOr(seen.Time), EventIDs: row.ids, EventTimes: row.times,
	}}
	if row.days == nil {
		for i := range row.times {
			row.times[i] = seen.Time
		}
	}
	if wide := row.record[atWide]; wide != "" && !row.named {
		if p := u.Param(wide); p != nil && p.Wide {
			p.Wide, p.Gaps = false, true
		}
	}
	return u
}

// Unprojected returns the kinds of events among the rows that Query.Fields asks something of and that were
// not among Options.Kinds, sorted. Their rows are held back: a second Statement with Only these kinds, whose
// rows go into the same Reader, brings them with their parameters.
func (r *Reader) Unprojected() []Kind {
	return slices.SortedFunc(maps.Keys(r.held), func(a, b Kind) int { return slices.Compare(a[:], b[:]) })
}

// Result returns what the rows say, and what became of the records. If rows are still held back, there is
// a GapPartial among the Gaps of the Stats, and the records are not in them. Query.Stats is left alone.
func (r *Reader) Result() ([]trail.Usage, trail.Stats) {
	stats := trail.Stats{}
	stats.Add(r.stats)
	stats.Coverage = r.aggregator.Stats().Coverage
	if kinds := r.Unprojected(); len(kinds) > 0 {
		var records int64
		for _, rows := range r.held {
			for _, row := range rows {
				records += row.records
			}
		}
		stats.Gaps = trail.MergeGaps(stats.Gaps, []trail.Gap{{Kind: trail.GapPartial, Source: r.source, Detail: fmt.Sprintf(
			"%d records of %d kinds of events, such as %s of %s, were not read with their parameters", records, len(kinds), kinds[0][1], kinds[0][0])}})
	}
	return Reduce(r.aggregator.Usages()), stats
}
