package condition

import (
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FoldKey returns the form in which two names of condition keys are equal if they name the same key.
func FoldKey(key string) string { return fold(key) }

// Samples returns request values for which every request value has one that all of ms treat alike.
// It is for operators that compare numbers, dates or addresses; ms must be of one of these three, and
// of one key. For other operators it returns nil.
//
// Such operators cut a line at their operands. So the samples are each operand, a value in each gap
// between two neighbours, one before and one behind all, and a text that the operators cannot read.
func Samples(ms []Matcher) []string {
	var decimals []decimal
	var dates []int64
	var networks []netip.Prefix
	family := Null
	for _, m := range ms {
		switch t := m.test.(type) {
		case numericTest:
			family, decimals = NumericEquals, append(decimals, t.values...)
		case dateTest:
			family, dates = DateEquals, append(dates, t.values...)
		case ipTest:
			family, networks = IPAddress, append(networks, t...)
		}
	}
	switch family {
	case NumericEquals:
		return append(sampleDecimals(decimals), unreadable)
	case DateEquals:
		return append(sampleDates(dates), unreadable)
	case IPAddress:
		return append(sampleAddresses(networks), unreadable)
	}
	return nil
}

// unreadable is neither a number nor a date nor an address.
const unreadable = "-"

func sampleDecimals(points []decimal) []string {
	slices.SortFunc(points, decimal.compare)
	points = slices.CompactFunc(points, func(a, b decimal) bool { return a.compare(b) == 0 })
	if len(points) == 0 {
		return []string{"0"}
	}
	var out []string
	for i, p := range points {
		out = append(out, p.String())
		if i+1 < len(points) {
			out = append(out, between(p, points[i+1]).String())
		}
	}
	return append(out, points[0].negate().above().negate().String(), points[len(points)-1].above().String())
}

func (d decimal) negate() decimal {
	d.negative = !d.negative && d.digits != ""
	return d
}

// String returns a text that parseDecimal reads back.
func (d decimal) String() string {
	if d.digits == "" {
		return "0"
	}
	text := plainDecimal(d.digits, d.exp)
	if d.negative {
		return "-" + text
	}
	return text
}

// above returns a number that is greater.
func (d decimal) above() decimal {
	if d.sign() <= 0 {
		return decimal{digits: "1", exp: 1}
	}
	// More nines than digits: 99 becomes 99.9.
	d.digits = strings.Repeat("9", len(d.digits)+1)
	return d
}

// between returns a number that is greater than d and less than e.
func between(d, e decimal) decimal {
	switch {
	case d.sign() < 0 && e.sign() > 0:
		return decimal{}
	case e.sign() <= 0:
		return between(e.negate(), d.negate()).negate()
	case d.sign() == 0:
		// Less by a leading zero. It is a digit and not a lower exponent, which might not be readable.
		e.digits = "0" + e.digits
		return e
	}
	d.digits += strings.Repeat("0", max(0, len(e.digits)-len(d.digits))) + "1"
	return d
}

// sampleDates knows that AWS reads dates of four-digit years to the millisecond, and dates from 1970
// to far beyond as whole seconds.
func sampleDates(points []int64) []string {
	out := []string{"0000-01-01", strings.Repeat("9", maxEpochDigits)}
	for _, p := range points {
		for _, ms := range []int64{p - 1, p, p + 1} {
			out = append(out, time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00"))
		}
		for _, s := range []int64{(p - 1) / 1000, p / 1000, p/1000 + 1} {
			if s >= 0 {
				out = append(out, padEpoch(s))
			}
		}
	}
	return out
}

// sampleAddresses returns where a network begins, and what follows one, for both families.
func sampleAddresses(networks []netip.Prefix) []string {
	out := []string{
		"0.0.0.0", "::",
		"::1:0:0:0", // what follows the IPv4-mapped addresses, which are read as IPv4
	}
	for _, n := range networks {
		out = append(out, n.Addr().String())
		if next := lastAddress(n).Next(); next.IsValid() {
			out = append(out, next.String())
		}
	}
	return out
}

func lastAddress(n netip.Prefix) netip.Addr {
	b := n.Addr().AsSlice()
	for i := n.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}

// plainDecimal writes 0.digits × 10^exp, without an exponent where that is short. parseDecimal takes
// exponents of 32 bits only; zeros do the rest.
func plainDecimal(digits string, exp int64) string {
	n := int64(len(digits))
	switch {
	case exp > 0 && exp < n:
		return digits[:exp] + "." + digits[exp:]
	case exp >= n && exp <= 20:
		return digits + strings.Repeat("0", int(exp-n))
	case exp > 0:
		shown := min(exp-n, math.MaxInt32)
		return digits + strings.Repeat("0", int(exp-n-shown)) + "e" + strconv.FormatInt(shown, 10)
	}
	shown := max(exp, math.MinInt32)
	return "0." + strings.Repeat("0", int(shown-exp)) + digits + "e" + strconv.FormatInt(shown, 10)
}

// padEpoch writes seconds since 1970. Four digits would be a year.
func padEpoch(seconds int64) string {
	s := strconv.FormatInt(seconds, 10)
	if len(s) == 4 {
		return "0" + s
	}
	return s
}
