package trail

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A call is one observation in the words of the oracle.
type testCall struct {
	event, name, denied string
	wide                bool
	other               bool // the denial names a resource that has nothing to do with name
	at                  time.Time
	id                  string
}

func (c testCall) observation() Observation {
	k := Key{
		Kind: Call, Principal: Principal{Role: "arn:aws:iam::111122223333:role/r"},
		EventSource: "s3.amazonaws.com", EventName: c.event, Outcome: Authorised,
		Params: []Param{{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{c.name}, Wide: c.wide}},
	}
	if c.denied != "" {
		k.Outcome, k.Denial.Resource = Denied, c.denied+c.name
		if c.other {
			k.Denial.Resource = c.denied + "!"
		}
	}
	return Observation{Key: k, Time: c.at, EventID: c.id}
}

func genCalls(t *rapid.T) []testCall {
	// Mostly few names in few levels, so that levels fill up.
	part := rapid.SampledFrom([]string{"a", "b", "c"})
	odd := rapid.SampledFrom([]string{"a", "b", "c", "d", "", "\x00", "*"})
	calls := make([]testCall, rapid.IntRange(0, 80).Draw(t, "calls"))
	for i := range calls {
		c := &calls[i]
		pick := rapid.IntRange(0, 15).Draw(t, "pick")
		c.event, c.wide, c.id = "GetObject", pick != 1, fmt.Sprint("id-", i)
		if pick == 2 {
			c.event = "PutObject"
		}
		if pick == 3 {
			c.denied = "arn:aws:s3:::b/"
		}
		c.name = part.Draw(t, "level") + "/" + part.Draw(t, "name")
		if pick%2 == 0 {
			c.name += "/" + part.Draw(t, "below")
		}
		if pick == 4 {
			c.denied, c.other = "arn:aws:s3:::b/", true
		}
		if pick > 12 {
			c.name = strings.Join(rapid.SliceOfN(odd, 0, 4).Draw(t, "name"), "/")
		}
		c.at = time.Unix(int64(rapid.IntRange(-4, 4).Draw(t, "at"))*40000, 0).UTC()
	}
	return calls
}

var testLimit = limits{names: 3, levels: 2}

func aggregate(calls []testCall) []Usage {
	a := NewAggregator()
	a.limit = testLimit
	for _, c := range calls {
		o := c.observation()
		a.Add(&o)
	}
	return a.Usages()
}

func merge(parts ...[]Usage) []Usage {
	a := NewAggregator()
	a.limit = testLimit
	for _, part := range parts {
		for i := range part {
			a.AddUsage(&part[i])
		}
	}
	return a.Usages()
}

// naive aggregates by comparing everything with everything, and folds by asking each name.
func naive(calls []testCall) []Usage {
	rows := map[string]Usage{}
	for _, c := range calls {
		o := c.observation()
		p := &o.Key.Params[1]
		if c.other {
			p.Wide = false
		} else if c.wide {
			p.Values[0], p.Open = fold(c, calls)
			if c.denied != "" {
				o.Key.Denial.Resource = c.denied + p.Values[0]
			}
		}
		id := fmt.Sprintf("%#v", o.Key)
		row, ok := rows[id]
		if !ok {
			row = Usage{Key: o.Key, Evidence: Evidence{First: c.at, Last: c.at}}
		}
		row.Count++
		if c.at.Before(row.First) {
			row.First = c.at
		}
		if c.at.After(row.Last) {
			row.Last = c.at
		}
		row.Days = append(row.Days, int32((c.at.Unix()+1000*86400)/86400-1000))
		slices.Sort(row.Days)
		row.Days = slices.Compact(row.Days)
		row.EventIDs = append(row.EventIDs, c.id)
		row.EventTimes = append(row.EventTimes, c.at)
		rows[id] = row
	}
	out := []Usage{}
	for _, row := range rows {
		order := make([]int, len(row.EventIDs))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int {
			if c := row.EventTimes[j].Compare(row.EventTimes[i]); c != 0 {
				return c
			}
			return strings.Compare(row.EventIDs[i], row.EventIDs[j])
		})
		var ids []string
		var times []time.Time
		for _, i := range order[:min(len(order), MaxEventIDs)] {
			ids, times = append(ids, row.EventIDs[i]), append(times, row.EventTimes[i])
		}
		row.EventIDs, row.EventTimes = ids, times
		out = append(out, row)
	}
	return out
}

// fold returns the first level of c.name that holds too many names, or c.name.
func fold(c testCall, all []testCall) (string, bool) {
	var alike []string
	for _, other := range all {
		if other.wide && !other.other && other.event == c.event && other.denied == c.denied {
			alike = append(alike, other.name)
		}
	}
	for end := 0; ; {
		if _, folded := weigh(c.name[:end], alike); folded {
			return c.name[:end], true
		}
		next := strings.IndexByte(c.name[end:], '/')
		if next < 0 {
			return c.name, false
		}
		end += next + 1
	}
}

// weigh counts the names in a level as MaxLevels says.
func weigh(level string, names []string) (weight int, folded bool) {
	below := map[string]bool{}
	for _, name := range names {
		if rest, ok := strings.CutPrefix(name, level); ok && rest != "" {
			part, _, isLevel := strings.Cut(rest, "/")
			if isLevel {
				part += "/"
			}
			below[level+part] = true
		}
	}
	sum := 0
	for name := range below {
		w := 1
		if strings.HasSuffix(name, "/") {
			w, _ = weigh(name, names)
		}
		sum += w
	}
	if len(below) > testLimit.names || sum > testLimit.levels*(testLimit.names+1) {
		return testLimit.names + 1, true
	}
	return min(max(sum, 1), testLimit.names+1), false
}

// sortRows puts rows in an order of the test's own, so that the oracle need not know the real one.
func sortRows(rows []Usage) []Usage {
	slices.SortFunc(rows, func(a, b Usage) int { return strings.Compare(fmt.Sprintf("%#v", a.Key), fmt.Sprintf("%#v", b.Key)) })
	return rows
}

func TestAggregatorAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := genCalls(t)
		if diff := cmp.Diff(sortRows(naive(calls)), sortRows(aggregate(calls))); diff != "" {
			t.Fatalf("-naive +got:\n%s", diff)
		}
	})
}

// TestAnyOrderAndGrouping checks what a profile relies on: how the calls are ordered, divided and joined,
// also in several steps, does not show.
func TestAnyOrderAndGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := genCalls(t)
		want := aggregate(calls)
		shuffled := rapid.Permutation(calls).Draw(t, "shuffled")
		if diff := cmp.Diff(want, aggregate(shuffled)); diff != "" {
			t.Fatalf("another order:\n%s", diff)
		}
		var parts [][]Usage
		for rest := shuffled; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "part")
			parts, rest = append(parts, aggregate(rest[:n])), rest[n:]
		}
		if diff := cmp.Diff(want, merge(parts...)); diff != "" {
			t.Fatalf("joined parts:\n%s", diff)
		}
		joined := []Usage{}
		for _, part := range parts {
			joined = merge(part, joined)
		}
		if diff := cmp.Diff(want, joined); diff != "" {
			t.Fatalf("parts joined one by one:\n%s", diff)
		}
	})
}

func TestUsagesAreSortedAndDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen := map[string]bool{}
		for _, u := range aggregate(genCalls(t)) {
			id := fmt.Sprintf("%#v", u.Key)
			if seen[id] {
				t.Fatalf("two rows for %s", id)
			}
			seen[id] = true
		}
	})
}

func TestMergeSharesNoMemory(t *testing.T) {
	calls := []testCall{{event: "GetObject", name: "a/b", wide: true, at: time.Unix(0, 0).UTC(), id: "1"}}
	rows := aggregate(calls)
	merged := Merge(rows, rows)
	merged[0].Days[0], merged[0].EventIDs[0], merged[0].Params[1].Values[0] = 9, "9", "9"
	if diff := cmp.Diff(aggregate(calls), rows); diff != "" {
		t.Error(diff)
	}
}

func TestFoldAtMaxNames(t *testing.T) {
	for extra, want := range []int{MaxNames, 1} {
		a := NewAggregator()
		for i := range MaxNames + extra {
			o := testCall{event: "GetObject", name: fmt.Sprintf("in/%d", i), wide: true, at: time.Unix(int64(i), 0).UTC()}.observation()
			a.Add(&o)
		}
		rows := a.Usages()
		if len(rows) != want {
			t.Fatalf("%d names: %d rows, want %d", MaxNames+extra, len(rows), want)
		}
		p := rows[0].Param("key")
		if open := want == 1; p.Open != open || open && p.Values[0] != "in/" {
			t.Errorf("%d names: %+v", MaxNames+extra, p)
		}
	}
}

// TestCalendarFolds bounds what no single level shows: a few hundred files in each hour, month by month.
func TestCalendarFolds(t *testing.T) {
	a := NewAggregator()
	for i := range 60 * 24 * 400 {
		hour := mustTime.Add(time.Duration(i/400) * time.Hour)
		o := testCall{event: "GetObject", name: hour.Format("2006/01/02/15/") + fmt.Sprint(i), wide: true, at: hour}.observation()
		a.Add(&o)
	}
	var got []string
	for _, u := range a.Usages() {
		if p := u.Param("key"); p.Open {
			got = append(got, p.Values...)
		}
	}
	if diff := cmp.Diff([]string{"2026/09/", "2026/10/"}, got); diff != "" || len(a.Usages()) != 2 {
		t.Errorf("%d rows, folded:\n%s", len(a.Usages()), diff)
	}
}
