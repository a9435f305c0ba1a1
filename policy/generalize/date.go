package generalize

import (
	"strconv"
	"strings"
)

// numberForm tells dates and epoch times among numbers of at least minNumber digits.
func numberForm(digits string) forms {
	switch len(digits) {
	case 6:
		if year(digits) && between(digits[4:], 1, 12) && digits[:2] == "20" {
			return formDate
		}
	case 8, 12, 14, 17:
		if compactDay(digits) {
			return formDate
		}
	case 10:
		if compactDay(digits) && between(digits[8:], 0, 23) || epoch(digits) {
			return formDate
		}
	case 13, 16, 19:
		if epoch(digits[:10]) {
			return formDate
		}
	}
	return formNumber
}

// epoch reports whether ten digits are seconds since 1970 within the years 2010 to 2039.
func epoch(seconds string) bool {
	n, err := strconv.ParseInt(seconds, 10, 64)
	return err == nil && 1262304000 <= n && n < 2208988800
}

// compactDay reports whether digits start with YYYYMMDD.
func compactDay(digits string) bool {
	return len(digits) >= 8 && year(digits) && between(digits[4:6], 1, 12) && between(digits[6:8], 1, 31)
}

// year reports whether s starts with a year of 1970 to 2099.
func year(s string) bool { return len(s) >= 4 && between(s[:4], 1970, 2099) }

// between reports whether s is a number of one to four digits within the bounds.
func between(s string, low, high int) bool {
	if s == "" || len(s) > 4 {
		return false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
		n = 10*n + int(s[i]-'0')
	}
	return low <= n && n <= high
}

// dateLayouts are the spellings of a date, with or without a time after it: "Y" stands for a year, "M"
// a month of two digits, "N" a month's English abbreviation, "D" a day, "W" a week, "Q" a quarter,
// "-" for one of "-", "_", "." and " ". Longer ones come first.
var dateLayouts = []struct {
	layout string
	time   bool
}{
	{"Y-M-D", true}, {"Y-N-D", true}, {"D-M-Y", true}, {"M-D-Y", true}, {"D-N-Y", true},
	{"YMD", true}, {"YND", true}, {"DNY", true},
	{"Y-wW-D", false}, {"Y-wW", false}, {"YwW", false}, {"Y-qQ", false}, {"YqQ", false},
	{"Y-M", false}, {"Y-N", false}, {"N-Y", false}, {"NY", false},
}

// timeLayouts are the spellings of a time of day after a date: "h" an hour, "m" a minute or second,
// ":" one of ":", "-", "_" and ".".
var timeLayouts = []string{"h:m:m", "hmm", "h:m", "hm", "h"}

// date returns the length of the date at the start of s, 0 if there is none. It ends where letters and
// digits do.
func date(s string) int {
	if !isDigit(s[0]) && monthName(s) == 0 {
		return 0
	}
	for _, d := range dateLayouts {
		n := layout(s, d.layout)
		if n < 0 {
			continue
		}
		if d.time {
			if t := timeOfDay(s[n:]); t > 0 {
				return n + t
			}
		}
		if wordEnds(s, n) {
			return n
		}
	}
	return 0
}

// timeOfDay returns the length of the time, with fraction and zone, at the start of what follows a
// date, 0 if there is none.
func timeOfDay(s string) int {
	n := 0
	if n < len(s) && strings.IndexByte("Tt-_ .", s[n]) >= 0 {
		n++
	}
	for _, l := range timeLayouts {
		t := layout(s[n:], l)
		if t < 0 {
			continue
		}
		end := n + t
		for _, end := range []int{end + fraction(s[end:]), end} {
			if zoned := end + zone(s[end:]); wordEnds(s, zoned) {
				return zoned
			} else if wordEnds(s, end) {
				return end
			}
		}
	}
	return 0
}

// wordEnds reports whether what stands before end is not continued.
func wordEnds(s string, end int) bool { return end == len(s) || !isAlnum(s[end]) }

// fraction returns the length of the fraction of a second at the start of s.
func fraction(s string) int {
	if s == "" || s[0] != '.' && s[0] != ',' {
		return 0
	}
	if digits := runLength(s[1:], isDigit); digits > 0 {
		return 1 + digits
	}
	return 0
}

// zone returns the length of "Z" or an offset such as "+0200" or "+02:00" at the start of s.
func zone(s string) int {
	switch {
	case s != "" && (s[0] == 'Z' || s[0] == 'z'):
		return 1
	case s != "" && s[0] == '+':
		if n := max(layout(s[1:], "h:m"), layout(s[1:], "hm")); n > 0 {
			return 1 + n
		}
	}
	return 0
}

// layout returns how much of s the layout takes, -1 if s does not start so.
func layout(s, layout string) int {
	n := 0
	var separator byte
	for i := range len(layout) {
		rest := s[n:]
		switch c := layout[i]; c {
		case '-', ':':
			if rest == "" || strings.IndexByte("-_. :", rest[0]) < 0 || rest[0] == ' ' && c == ':' || rest[0] == ':' && c == '-' {
				return -1
			}
			if c == '-' && separator != 0 && rest[0] != separator {
				return -1
			}
			separator = rest[0]
			n++
		case 'w', 'q':
			if rest == "" || rest[0]|0x20 != c {
				return -1
			}
			n++
		case 'N':
			k := monthName(rest)
			if k == 0 {
				return -1
			}
			n += k
		default:
			f := fields[c]
			if len(rest) < f.width || !between(rest[:f.width], f.low, f.high) {
				return -1
			}
			n += f.width
		}
	}
	return n
}

// fields are the numeric letters of the layouts.
var fields = [128]struct{ width, low, high int }{
	'Y': {4, 1970, 2099}, 'M': {2, 1, 12}, 'D': {2, 1, 31}, 'W': {2, 1, 53}, 'Q': {1, 1, 4},
	'h': {2, 0, 23}, 'm': {2, 0, 59},
}

// monthName returns the length of an English month, or its abbreviation, at the start of s.
func monthName(s string) int {
	if len(s) < 3 || isDigit(s[0]) {
		return 0
	}
	const names = "jan feb mar apr may jun jul aug sep oct nov dec"
	if i := strings.Index(names, strings.ToLower(s[:3])); i < 0 || i%4 != 0 {
		return 0
	}
	return 3
}

// calendarLevels returns how many levels at the start of parts are a date that is split over levels
// (2026/10, 2026/10/01, 2026/10/01/13), 0 if they are none.
func calendarLevels(parts []string) int {
	if len(parts) < 2 || len(parts[0]) != 4 || !year(parts[0]) || !between(parts[1], 1, 12) {
		return 0
	}
	bounds := [][2]int{{1, 31}, {0, 23}, {0, 59}}
	n := 2
	for n < len(parts) && n-2 < len(bounds) && len(parts[n]) <= 2 && between(parts[n], bounds[n-2][0], bounds[n-2][1]) {
		n++
	}
	return n
}

// partition returns where the value of a partition by time begins, such as "2026" in "year=2026", and
// whether raw is one (https://docs.aws.amazon.com/athena/latest/ug/partitions.html).
func partition(raw string) (value int, ok bool) {
	key, number, found := strings.Cut(raw, "=")
	if !found || number == "" || len(number) > 4 || runLength(number, isDigit) != len(number) {
		return 0, false
	}
	switch strings.ToLower(key) {
	case "year", "yyyy", "y", "month", "mm", "m", "week", "day", "dd", "d", "hour", "hh", "h", "minute", "min":
		return len(key) + len("="), true
	}
	return 0, false
}
