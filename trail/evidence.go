package trail

import (
	"cmp"
	"slices"
	"time"
)

const secondsPerDay = 24 * 60 * 60

// day returns the UTC day of t as days since 1970-01-01.
func day(t time.Time) int32 {
	s := t.Unix()
	d := s / secondsPerDay
	if s%secondsPerDay < 0 {
		d--
	}
	return int32(d)
}

// dayStart is when a day begins.
func dayStart(d int32) time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// once is the evidence of a single call.
func once(at time.Time, eventID string) Evidence {
	e := Evidence{Count: 1, First: at, Last: at, Days: []int32{day(at)}}
	if eventID != "" {
		e.EventIDs, e.EventTimes = []string{eventID}, []time.Time{at}
	}
	return e
}

// add counts one more call.
func (e *Evidence) add(at time.Time, eventID string) {
	e.Count++
	if at.Before(e.First) {
		e.First = at
	}
	if at.After(e.Last) {
		e.Last = at
	}
	if i, ok := slices.BinarySearch(e.Days, day(at)); !ok {
		e.Days = slices.Insert(e.Days, i, day(at))
	}
	e.sample(at, eventID)
}

// merge adds another Evidence of the same kind of call. It shares no memory with o.
func (e *Evidence) merge(o *Evidence) {
	e.Count += o.Count
	if o.First.Before(e.First) {
		e.First = o.First
	}
	if o.Last.After(e.Last) {
		e.Last = o.Last
	}
	for _, d := range o.Days {
		if i, ok := slices.BinarySearch(e.Days, d); !ok {
			e.Days = slices.Insert(e.Days, i, d)
		}
	}
	for i, id := range o.EventIDs {
		e.sample(o.timeOf(i), id)
	}
}

// sample keeps an event if it is among the latest.
func (e *Evidence) sample(at time.Time, id string) {
	if id == "" {
		return
	}
	for i, known := range e.EventIDs {
		if known != id {
			continue
		}
		if !at.After(e.timeOf(i)) {
			return
		}
		e.EventIDs = slices.Delete(e.EventIDs, i, i+1)
		e.EventTimes = slices.Delete(e.EventTimes, i, i+1)
		break
	}
	place := len(e.EventIDs)
	for place > 0 && before(at, id, e.timeOf(place-1), e.EventIDs[place-1]) {
		place--
	}
	if place >= MaxEventIDs {
		return
	}
	e.EventIDs = slices.Insert(e.EventIDs, place, id)
	e.EventTimes = slices.Insert(e.EventTimes, place, at)
	if len(e.EventIDs) > MaxEventIDs {
		e.EventIDs, e.EventTimes = e.EventIDs[:MaxEventIDs], e.EventTimes[:MaxEventIDs]
	}
}

// before orders samples: newest first, ties by ID.
func before(at time.Time, id string, otherAt time.Time, otherID string) bool {
	return cmp.Or(otherAt.Compare(at), cmp.Compare(id, otherID)) < 0
}

// timeOf is the time of the sample i, and First where a hand-made Evidence has none.
func (e *Evidence) timeOf(i int) time.Time {
	if i < len(e.EventTimes) {
		return e.EventTimes[i]
	}
	return e.First
}

// clone returns an Evidence in normal form that shares no memory with e.
func (e *Evidence) clone() Evidence {
	c := Evidence{First: e.First, Last: e.Last}
	c.merge(e)
	return c
}

// Join returns the evidence of both e and o, which stay as they are. It is commutative and
// associative, and the zero Evidence changes nothing.
func (e Evidence) Join(o Evidence) Evidence {
	if e.Count == 0 {
		return o.clone()
	}
	joined := e.clone()
	if o.Count > 0 {
		joined.merge(&o)
	}
	return joined
}
