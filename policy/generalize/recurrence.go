package generalize

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// minPassing is how many values that come and go make numbered names variable, or make
	// listing them doubtful.
	minPassing = 3
	// minArrivals is on how many days such values have to arrive, where nothing but that tells
	// them from a fixed set.
	minArrivals = 3
	// A value that was seen on several days passes nonetheless if they lie within one in so many parts
	// of the time that the level was in use.
	passingShare = 4
)

// An interval is when something was first and last seen.
type interval struct{ first, last time.Time }

func (i interval) span() time.Duration { return i.last.Sub(i.first) }

// seen returns when c's names were seen. The first is zero if that of one name is not known.
func (c cluster) seen() interval {
	seen := interval{c.names[0].first, c.names[0].last}
	for _, n := range c.names[1:] {
		if n.first.Before(seen.first) {
			seen.first = n.first
		}
		if n.last.After(seen.last) {
			seen.last = n.last
		}
	}
	return seen
}

// activity returns when any of the values was seen.
func activity(values []cluster) interval {
	var all cluster
	for _, v := range values {
		all.names = append(all.names, v.names...)
	}
	return all.seen()
}

// passing returns those of the values that came and did not come back: seen on one day only, or on days
// that make up a small part of the time that the level was in use. They are nil where times are not known.
func (t *tree) passing(values []cluster) []cluster {
	if _, span := t.firsts(values); span == 0 {
		return nil
	}
	used := activity(values).span()
	var passing []cluster
	for _, v := range values {
		days := len(v.days())
		if days == 1 || days > 1 && used >= minSpan && v.seen().span() <= used/passingShare {
			passing = append(passing, v)
		}
	}
	return passing
}

// unsettled reports whether so many values of a level came and went, on several days, that there is no
// reason to think they were the last. That less than half of them come back tells them from the rarely
// used ones of a fixed set.
func (t *tree) unsettled(values []cluster) (note, bool) {
	passing := t.passing(values)
	var arrivals []int32
	for _, v := range passing {
		arrivals = append(arrivals, v.days()[0])
	}
	slices.Sort(arrivals)
	days := len(slices.Compact(arrivals))
	if len(passing) < minGrowing || 2*len(passing) < len(values) || days < minArrivals {
		return note{}, false
	}
	text := fmt.Sprintf("a part with %d values, %d of which came and went, on %d days", len(values), len(passing), days)
	return note{ReasonPassing, text}, true
}

// numbered makes one value of those that differ in numbers alone and come and go: the invoices of one
// batch, the reports of each week. Numbers that come back, such as shards, stay listed, and so do all
// that were seen so late that they could not have come back.
func (t *tree) numbered(values []cluster) []cluster {
	skeletons := make(map[string][]cluster)
	for _, v := range values {
		skeleton := strings.Join(numberless(v.text), "#")
		skeletons[skeleton] = append(skeletons[skeleton], v)
	}
	var result []cluster
	for _, v := range values {
		alike := skeletons[strings.Join(numberless(v.text), "#")]
		passing := t.passing(alike)
		if len(passing) < minPassing || 2*len(passing) < len(alike) || t.last.Sub(activity(passing).first) < 24*time.Hour {
			result = append(result, v)
			continue
		}
		switch place := slices.IndexFunc(passing, func(p cluster) bool { return p.text == v.text }); {
		case place < 0:
			result = append(result, v)
		case place == 0:
			result = append(result, joinNumbered(passing))
		}
	}
	return result
}

// joinNumbered makes one cluster of values that differ in numbers alone: each number that is not the same
// in all becomes "*".
func joinNumbered(values []cluster) cluster {
	words, numbers := numberless(values[0].text), numbersOf(values[0].text)
	same := slices.Clone(numbers)
	for _, v := range values[1:] {
		for i, number := range numbersOf(v.text) {
			if number != numbers[i] {
				same[i] = "*"
			}
		}
	}
	var text strings.Builder
	for i, word := range words {
		text.WriteString(word)
		if i < len(same) {
			text.WriteString(same[i])
		}
	}
	joined := cluster{text: text.String()}
	for _, v := range values {
		joined.names = append(joined.names, v.names...)
		for _, n := range v.notes {
			if !slices.Contains(joined.notes, n) {
				joined.notes = append(joined.notes, n)
			}
		}
	}
	evidence := note{ReasonNumbered, fmt.Sprintf("the number of %d that came and went", len(values))}
	joined.notes = append(joined.notes, evidence)
	return joined
}

// numberless returns what stands between the runs of digits in text, numbersOf the runs.
func numberless(text string) []string {
	var words []string
	for {
		i := strings.IndexAny(text, "0123456789")
		if i < 0 {
			return append(words, text)
		}
		words = append(words, text[:i])
		text = text[i+runLength(text[i:], isDigit):]
	}
}

func numbersOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// caution marks the values that are listed although nothing shows that they come back.
func (t *tree) caution(values []cluster) []cluster {
	passing := t.passing(values)
	if len(passing) < minPassing {
		return values
	}
	text := fmt.Sprintf("one of %d names listed one by one, none of which was seen to come back: another such name would be denied", len(passing))
	for i := range values {
		if slices.ContainsFunc(passing, func(p cluster) bool { return p.text == values[i].text }) {
			values[i].caution = text
		}
	}
	return values
}
