package generalize

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// farDate is how far a date has to lie from when it was seen, in time and at least as far as it is long
// itself, to be taken for constant: the reports of last month are read for a month.
const farDate = 31 * 24 * time.Hour

// A period is the time that a date stands for: a day, a week, a month, a quarter or a year.
type period struct {
	// whole is the date as it is spelt, over all its levels.
	whole string
	// from and to are zero if the date is not known in full.
	from, to time.Time
	unknown  bool
}

// add widens p to hold another date of the same level.
func (p *period) add(from, to time.Time) {
	if p.unknown = p.unknown || from.IsZero(); p.unknown {
		p.from, p.to = time.Time{}, time.Time{}
		return
	}
	if p.from.IsZero() || from.Before(p.from) {
		p.from = from
	}
	if to.After(p.to) {
		p.to = to
	}
}

// far reports whether p lies before or behind the time of seen, and is not about to become part of it.
func (p *period) far(seen interval) bool {
	if p.from.IsZero() {
		return false
	}
	distance := max(seen.first.Sub(p.to), p.from.Sub(seen.last))
	return distance >= max(farDate, p.to.Sub(p.from))
}

// constantDates tells the names whose date at depth does not move with the calendar from the others: the
// date of a model that is read for weeks, years later. Such a date was seen on several days, through
// the whole time that the level was in use and for minSpan at least, and is far from that time.
func constantDates(names []*name, depth int) (constant, moving []*name) {
	used := cluster{names: names}.seen()
	dates := make(map[string]bool)
	for _, g := range group(names, func(n *name) level { return level{text: n.levels[depth].date.whole} }) {
		date, seen := g.names[0].levels[depth].date, g.seen()
		dates[g.text] = !used.first.IsZero() && seen.span() >= minSpan && len(g.days()) >= settledDays &&
			seen.first.Sub(used.first) <= used.span()/3 && used.last.Sub(seen.last) <= used.span()/3 && date.far(used)
	}
	for _, n := range names {
		if dates[n.levels[depth].date.whole] {
			constant = append(constant, n)
		} else {
			moving = append(moving, n)
		}
	}
	return constant, moving
}

// calendar is a date by its parts; 0 is a part that is not told.
type calendar struct{ year, quarter, month, week, day int }

// period returns the time that c stands for, zero times if c has no year.
func (c calendar) period() (from, to time.Time) {
	start := func(month time.Month, day int) time.Time { return time.Date(c.year, month, day, 0, 0, 0, 0, time.UTC) }
	switch {
	case c.year == 0:
		return time.Time{}, time.Time{}
	case c.week > 0: // ISO 8601: 4 January is in the first week, which begins on a Monday
		fourth := start(time.January, 4)
		from = fourth.AddDate(0, 0, 7*(c.week-1)-(int(fourth.Weekday())+6)%7)
		return from, from.AddDate(0, 0, 7)
	case c.quarter > 0:
		from = start(time.Month(3*c.quarter-2), 1)
		return from, from.AddDate(0, 3, 0)
	case c.month > 0 && c.day > 0:
		from = start(time.Month(c.month), c.day)
		return from, from.AddDate(0, 0, 1)
	case c.month > 0:
		from = start(time.Month(c.month), 1)
		return from, from.AddDate(0, 1, 0)
	}
	return start(time.January, 1), start(time.January, 1).AddDate(1, 0, 0)
}

// datePeriod returns the time that a date within a level stands for, its time of day left out.
func datePeriod(text string) (from, to time.Time) {
	if runLength(text, isDigit) == len(text) {
		switch {
		case len(text) == 6:
			return calendar{year: number(text[:4]), month: number(text[4:])}.period()
		case compactDay(text):
			return calendar{year: number(text[:4]), month: number(text[4:6]), day: number(text[6:8])}.period()
		case len(text) >= 10 && epoch(text[:10]):
			from = time.Unix(int64(number(text[:10])), 0).UTC().Truncate(24 * time.Hour)
			return from, from.AddDate(0, 0, 1)
		}
	}
	for _, d := range dateLayouts {
		if layout(text, d.layout) >= 0 {
			return readCalendar(text, d.layout).period()
		}
	}
	return time.Time{}, time.Time{}
}

// readCalendar reads the parts of a date that has the layout.
func readCalendar(text, layout string) (c calendar) {
	for i := range len(layout) {
		width := max(fields[layout[i]].width, 1)
		switch layout[i] {
		case 'Y':
			c.year = number(text[:width])
		case 'Q':
			c.quarter = number(text[:width])
		case 'M':
			c.month = number(text[:width])
		case 'N':
			width = monthName(text)
			c.month = 1 + strings.Index("jan feb mar apr may jun jul aug sep oct nov dec", strings.ToLower(text[:width]))/4
		case 'W':
			c.week = number(text[:width])
		case 'D':
			c.day = number(text[:width])
		}
		text = text[width:]
	}
	return c
}

// calendarPeriod is the period of levels as calendarLevels finds them.
func calendarPeriod(parts []string) period {
	c := calendar{year: number(parts[0]), month: number(parts[1])}
	if len(parts) > 2 {
		c.day = number(parts[2])
	}
	p := period{whole: strings.Join(parts, "\x00")}
	p.add(c.period())
	return p
}

// partitionLevels returns how many levels at the start of parts are partitions by time.
func partitionLevels(parts []string) int {
	n := slices.IndexFunc(parts, func(part string) bool { _, ok := partition(part); return !ok })
	if n < 0 {
		return len(parts)
	}
	return n
}

// partitionPeriod is the period of such levels.
func partitionPeriod(parts []string) period {
	var c calendar
	for _, part := range parts {
		value, _ := partition(part)
		n := number(part[value:])
		switch key := strings.ToLower(part[:value-len("=")]); key {
		case "year", "yyyy", "y":
			c.year = n
		case "month", "mm", "m":
			c.month = n
		case "week":
			c.week = n
		case "day", "dd", "d":
			c.day = n
		}
	}
	p := period{whole: strings.Join(parts, "\x00")}
	p.add(c.period())
	return p
}

// number returns what a few digits stand for, 0 if they are none.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
