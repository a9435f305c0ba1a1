package trail

import (
	"maps"
	"slices"
	"strings"
)

// An Aggregator turns Observations and Usages into Usages, one for each Key. Its memory follows the
// number of distinct keys, in which hierarchical names count for a level once there are many
// (Param.Open). It is for one goroutine.
type Aggregator struct {
	stats   Stats
	covered covered
	groups  map[string]*group
	seen    *Dedupe
	scratch []byte
	limit   limits
}

// group is the calls that are alike but for the wide name, if they have one.
type group struct {
	key   Key   // Values of the wide Param nil, Denial.Resource without the name
	wide  int   // index of the wide Param, -1 for none
	tail  bool  // Denial.Resource ends with the name
	names names // only names.here if there is no wide Param
}

// NewAggregator returns an empty Aggregator.
func NewAggregator() *Aggregator { return ResumeAggregator(NewDedupe()) }

// ResumeAggregator returns an Aggregator that has seen the events that seen remembers. With AddUsage for
// the Usages of another Aggregator, AddStats for its Stats and its Seen it goes on where that one was.
func ResumeAggregator(seen *Dedupe) *Aggregator {
	return &Aggregator{covered: covered{}, groups: map[string]*group{}, seen: seen, limit: limits{MaxNames, MaxLevels}}
}

// Seen returns the memory for duplicates.
func (a *Aggregator) Seen() *Dedupe { return a.seen }

// Add counts one record. It returns why the record is not used, or "".
//
// A record that updates another (addendum) has an ID of its own and is counted beside it: what was
// counted cannot be taken back, and the result is not to depend on which is read first. Both were
// really seen, so no permission is learnt that was not used.
func (a *Aggregator) Add(o *Observation) SkipReason {
	a.stats.Records++
	a.stats.seen(o.Time)
	if o.DataEvent {
		a.stats.DataEvents++
	}
	if o.Sort.Account != "" {
		a.covered.add(&o.Sort, day(o.Time))
	}
	reason := o.Skip
	if reason == "" {
		a.scratch = o.Key.encode(a.scratch[:0], -1)
		if !a.seen.First(o.EventID, a.scratch, o.SharedEventID, o.Key.Role+"\x00"+o.Key.EventName, o.Time) {
			reason = SkipDuplicate
		}
	}
	if reason != "" {
		a.stats.skip(reason, 1)
		return reason
	}
	a.stats.Used++
	node := a.node(&o.Key)
	if node.here == nil {
		e := once(o.Time, o.EventID)
		node.here = &e
	} else {
		node.here.add(o.Time, o.EventID)
	}
	return ""
}

// AddUsage adds what was aggregated elsewhere. It changes no Stats, see AddStats.
func (a *Aggregator) AddUsage(u *Usage) {
	node := a.node(&u.Key)
	if node.here == nil {
		e := u.Evidence.clone()
		node.here = &e
	} else {
		node.here.merge(&u.Evidence)
	}
}

// AddStats adds what was counted elsewhere.
func (a *Aggregator) AddStats(s Stats) { a.stats.Add(s) }

// SkipFile counts a file that was not used, or not to its end.
func (a *Aggregator) SkipFile(reason SkipReason) { a.stats.skipFile(reason, 1) }

// Stats returns what became of the records so far.
func (a *Aggregator) Stats() Stats {
	s := a.stats
	s.Forgotten += a.seen.Forgotten()
	s.Skipped = maps.Clone(s.Skipped)
	s.SkippedFiles = maps.Clone(s.SkippedFiles)
	s.Coverage = MergeCoverage(s.Coverage, a.covered.list())
	s.Gaps = slices.Clone(s.Gaps)
	return s
}

// node returns where k's evidence is kept, and keeps k if it is the first of its group.
func (a *Aggregator) node(k *Key) *names {
	key, wide, tail := *k, wideParam(k), false
	name, open := "", false
	if wide >= 0 {
		name, open = k.Params[wide].Values[0], k.Params[wide].Open
		if k.Denial.Resource != "" {
			key.Denial.Resource, tail = strings.CutSuffix(k.Denial.Resource, name)
		}
	}
	a.scratch = key.encode(a.scratch[:0], wide)
	if tail {
		a.scratch = append(a.scratch, 1)
	}
	known := a.groups[string(a.scratch)]
	if known == nil {
		known = &group{key: key, wide: wide, tail: tail}
		known.key.Params = slices.Clone(k.Params)
		for i := range known.key.Params {
			p := &known.key.Params[i]
			p.Wide, p.Open = i == wide, false
			if p.Wide {
				p.Values = nil
			}
		}
		a.groups[string(a.scratch)] = known
	}
	return known.names.at(name, open, a.limit)
}

// wideParam returns the index of the Param whose name may fold, -1 for none. Where a denial names a
// resource that does not end with the name, folding would have to forget it, so such rows stay apart.
func wideParam(k *Key) int {
	for i := range k.Params {
		p := &k.Params[i]
		if !p.Wide || len(p.Values) != 1 {
			continue
		}
		if k.Denial.Resource == "" || strings.HasSuffix(k.Denial.Resource, p.Values[0]) {
			return i
		}
	}
	return -1
}

// Usages returns the rows, sorted. They share no memory with the Aggregator.
func (a *Aggregator) Usages() []Usage {
	rows := make([]Usage, 0, len(a.groups))
	for _, encoded := range slices.Sorted(maps.Keys(a.groups)) {
		g := a.groups[encoded]
		g.names.each("", func(name string, open bool, e *Evidence) {
			row := Usage{Key: g.key, Evidence: e.clone()}
			row.Params = slices.Clone(g.key.Params)
			if g.wide >= 0 {
				row.Params[g.wide].Values, row.Params[g.wide].Open = []string{name}, open
			}
			if g.tail {
				row.Denial.Resource += name
			}
			rows = append(rows, row)
		})
	}
	return rows
}

// Merge joins what was collected apart. The result is the same for any order and grouping of the
// parts, and for parts that are themselves results of Merge.
func Merge(parts ...[]Usage) []Usage {
	a := NewAggregator()
	for _, part := range parts {
		for i := range part {
			a.AddUsage(&part[i])
		}
	}
	return a.Usages()
}
