package condition

import (
	"strconv"
	"time"
)

// dateTest compares instants to the millisecond; AWS drops what is finer. A text that is no date is
// unequal to every date and to itself, on either side, so that only DateNotEquals holds for it.
type dateTest struct {
	test   Test
	values []int64
}

func newDateTest(t Test, values []string) test {
	d := dateTest{test: t}
	for _, v := range values {
		if ms, ok := parseDate(v); ok {
			d.values = append(d.values, ms)
		}
	}
	return d
}

func (t dateTest) match(value string, _ Context) (verdict, error) {
	ms, ok := parseDate(value)
	if !ok {
		return differs, nil
	}
	for _, v := range t.values {
		c := 0
		if ms < v {
			c = -1
		} else if ms > v {
			c = 1
		}
		if ordered(t.test, c) {
			return matches, nil
		}
	}
	return differs, nil
}

// layouts are the W3C profile of ISO 8601, https://www.w3.org/TR/NOTE-datetime. Fractions of a
// second are read after any layout that ends in seconds. A time without a zone, which the profile
// does not have and AWS does not document, is taken as UTC: it is what its author meant.
var layouts = [...]string{
	"2006",
	"2006-01",
	"2006-01-02",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04",
	"2006-01-02T15:04:05",
}

// maxEpochDigits keeps epoch seconds within int64 milliseconds.
const maxEpochDigits = 15

// parseDate returns milliseconds since 1970. Four digits are a year, other digits epoch seconds.
func parseDate(s string) (int64, bool) {
	if s != "" && len(s) != 4 && len(s) <= maxEpochDigits && isDigits(s) {
		seconds, err := strconv.ParseInt(s, 10, 64)
		return seconds * 1000, err == nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
