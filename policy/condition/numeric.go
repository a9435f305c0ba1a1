package condition

import (
	"strconv"
	"strings"
)

// numericTest compares decimal numbers exactly, as AWS does: 9007199254740992 is less than
// 9007199254740993. A text that is no number is unequal to every number and to itself, on either
// side, so that only NumericNotEquals holds for it.
type numericTest struct {
	test   Test
	values []decimal
}

func newNumericTest(t Test, values []string) test {
	n := numericTest{test: t}
	for _, v := range values {
		if d, ok := parseDecimal(v); ok {
			n.values = append(n.values, d)
		}
	}
	return n
}

func (t numericTest) match(value string, _ Context) (verdict, error) {
	d, ok := parseDecimal(value)
	if !ok {
		return differs, nil
	}
	for _, v := range t.values {
		if ordered(t.test, d.compare(v)) {
			return matches, nil
		}
	}
	return differs, nil
}

// ordered reports whether a comparison result, negative, zero or positive, satisfies a Numeric or
// Date test.
func ordered(t Test, c int) bool {
	switch t {
	case NumericLessThan, DateLessThan:
		return c < 0
	case NumericLessThanEquals, DateLessThanEquals:
		return c <= 0
	case NumericGreaterThan, DateGreaterThan:
		return c > 0
	case NumericGreaterThanEquals, DateGreaterThanEquals:
		return c >= 0
	}
	return c == 0
}

// A decimal is sign × 0.digits × 10^exp. digits has no zero at either end; zero has none at all.
// Nothing is expanded, so that "1e999999999" costs as little as "1".
type decimal struct {
	negative bool
	digits   string
	exp      int64
}

// parseDecimal reads an optional sign, digits with an optional point, and an optional exponent of
// 32 bits. AWS accepts "01", "+1", "1." and "1e0", and neither NaN, Infinity nor spaces.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		d.negative, s = true, rest
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exp, err := strconv.ParseInt(s[i+1:], 10, 32)
		if err != nil {
			return decimal{}, false
		}
		d.exp, s = exp, s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if whole+fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return decimal{}, false
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	d.exp += int64(len(whole) - (len(whole) + len(fraction) - len(digits)))
	d.digits = strings.TrimRight(digits, "0")
	if d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

// compare orders two decimals: negative when d is the smaller.
func (d decimal) compare(e decimal) int {
	if d.sign() != e.sign() {
		return d.sign() - e.sign()
	}
	return d.sign() * d.compareMagnitude(e)
}

func (d decimal) compareMagnitude(e decimal) int {
	switch {
	case d.exp < e.exp:
		return -1
	case d.exp > e.exp:
		return 1
	}
	return strings.Compare(d.digits, e.digits)
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// isDigits reports whether s holds ASCII digits only; the empty string does.
func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
