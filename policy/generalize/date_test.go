package generalize

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The oracle says the same as dateLayouts and timeLayouts in regular expressions, one for each spelling
// of the separators.
var (
	dateExpressions []*regexp.Regexp
	dateLetters     = map[rune]string{
		'Y': `(?:19[7-9]\d|20\d\d)`, 'M': `(?:0[1-9]|1[0-2])`, 'D': `(?:0[1-9]|[12]\d|3[01])`, 'W': `(?:0[1-9]|[1-4]\d|5[0-3])`,
		'Q': `[1-4]`, 'N': `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`, 'w': `[wW]`, 'q': `[qQ]`,
	}
)

func init() {
	const (
		fraction = `(?:[.,]\d+)?`
		zone     = `(?:[Zz]|\+(?:[01]\d|2[0-3])[-_.:]?[0-5]\d)?`
		clock    = `(?:(?:[01]\d|2[0-3])[-_.:][0-5]\d[-_.:][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d[0-5]\d|(?:[01]\d|2[0-3])[-_.:][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d|(?:[01]\d|2[0-3]))`
		end      = `(?:$|[^0-9A-Za-z\x80-\x{10ffff}])`
	)
	for _, d := range dateLayouts {
		for _, separator := range []string{"-", "_", `\.`, " "} {
			var date strings.Builder
			for _, c := range d.layout {
				if c == '-' {
					date.WriteString(separator)
				} else {
					date.WriteString(dateLetters[c])
				}
			}
			if d.time {
				dateExpressions = append(dateExpressions, regexp.MustCompile(`^(`+date.String()+`[-Tt_ .]?`+clock+fraction+zone+`)`+end))
			}
			dateExpressions = append(dateExpressions, regexp.MustCompile(`^(`+date.String()+`)`+end))
			if !strings.Contains(d.layout, "-") {
				break
			}
		}
	}
}

// dateLike draws what follows a layout, each field mostly within its bounds, and then anything.
func dateLike() *rapid.Generator[string] {
	fields := map[byte][]string{
		'Y': {"2026", "1999", "1970", "2099", "1969", "2100"}, 'M': {"01", "10", "12", "00", "13"}, 'N': {"Oct", "JAN", "dec", "ja"},
		'D': {"01", "19", "31", "00", "32"}, 'W': {"01", "40", "53", "54"}, 'Q': {"1", "4", "5"}, 'w': {"W", "w"}, 'q': {"Q", "q"},
		'h': {"00", "13", "23", "24"}, 'm': {"00", "30", "59", "60"}, '-': {"-", "_", ".", " ", ":"}, ':': {":", "-", "_", ".", " "},
	}
	var layouts []string
	for _, d := range dateLayouts {
		layouts = append(layouts, d.layout)
	}
	rest := rapid.SampledFrom([]string{"", "", "", "x", ".csv", "-", "é", ".123", ",5Z", "Z", "z", "+0200", "+02:00x", "+1", "12", "2026", "/", " "})
	return rapid.Custom(func(t *rapid.T) string {
		text := rapid.SampledFrom(layouts).Draw(t, "layout")
		if rapid.Bool().Draw(t, "time") {
			text += rapid.SampledFrom([]string{"", "T", "t", "-", "_", " ", "."}).Draw(t, "between") + rapid.SampledFrom(timeLayouts).Draw(t, "clock")
		}
		separators := rapid.SampledFrom([]string{"-", "_", ".", " ", ""}).Draw(t, "separators")
		var s strings.Builder
		for i := range len(text) {
			switch known := fields[text[i]]; {
			case known == nil:
				s.WriteByte(text[i])
			case text[i] == '-' && separators != "":
				s.WriteString(separators)
			default:
				s.WriteString(rapid.SampledFrom(known).Draw(t, "field"))
			}
		}
		return s.String() + rest.Draw(t, "rest")
	})
}

func TestDateAgreesWithExpressions(t *testing.T) {
	// What is drawn in single parts is rarely a date, so some is drawn by layout.
	part := rapid.SampledFrom([]string{
		"2026", "1999", "1969", "10", "31", "32", "00", "12", "13", "24", "59", "60", "1", "W40", "w54", "Q4", "q5", "Oct", "JAN", "ja",
		"-", "-", "-", "_", ".", " ", ":", ",", "T", "t", "Z", "z", "+", "x", "é",
	})
	anything := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 1, 14).Draw(t, "parts"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(anything, dateLike()).Draw(t, "text")
		if got, want := date(s), dateByExpression(s); got != want {
			t.Fatalf("date(%q) = %d (%q), the expressions say %d (%q)", s, got, s[:got], want, s[:want])
		}
	})
}

func TestDates(t *testing.T) {
	for s, want := range map[string]string{
		"2026-10-01T12:00:00.123Z":   "2026-10-01T12:00:00.123Z",
		"2026-10-01T12:00:00.123abc": "2026-10-01T12:00:00",
		"2026-10-01T12:00:00.x":      "2026-10-01T12:00:00",
		"2026_10_01-120000":          "2026_10_01-120000",
		"01Oct2026 10:30":            "01Oct2026 10:30",
		"20261001T1200+0100":         "20261001T1200+0100",
		"20261001T1200+01:00x":       "20261001T1200",
		"2026-10-01+1":               "2026-10-01",
		"2026.10.01.12":              "2026.10.01.12",
		"10-31-2026_235959":          "10-31-2026_235959",
		"2026-w40-07":                "2026-w40-07",
		"2026-W40x":                  "",
		"2026-10-0112":               "2026-10-0112",
		"oct_2026":                   "oct_2026",
		"2026Q4.csv":                 "2026Q4",
	} {
		if got := s[:date(s)]; got != want {
			t.Errorf("date(%q) = %q, want %q", s, got, want)
		}
		if got := s[:dateByExpression(s)]; got != want {
			t.Errorf("the expressions find %q in %q, want %q", got, s, want)
		}
	}
}

// dateByExpression is the oracle of date.
func dateByExpression(s string) int {
	for _, e := range dateExpressions {
		if m := e.FindStringSubmatch(s); m != nil {
			return len(m[1])
		}
	}
	return 0
}

func TestUUIDAndLogStreamAgreeWithExpressions(t *testing.T) {
	uuids := regexp.MustCompile(`^([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?:$|[^0-9A-Za-z\x80-\x{10ffff}])`)
	streams := regexp.MustCompile(`^(\[(?:\$LATEST|\d{1,18})\][0-9A-Fa-f]{32})(?:$|[^0-9A-Za-z\x80-\x{10ffff}])`)
	part := rapid.SampledFrom([]string{"0b9e4b1c", "7D1E", "-", "[", "]", "[$LATEST]", "[12]", "12", "5f2d9a7b3c10", "é", "g", ".", "9f86d081884c7d659a2feaa0c55ad015"})
	length := func(e *regexp.Regexp, s string) int {
		if m := e.FindStringSubmatch(s); m != nil {
			return len(m[1])
		}
		return 0
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "parts"), "")
		if rapid.Bool().Draw(t, "likely") {
			s = uuid4(rapid.IntRange(0, 99).Draw(t, "n")) + s
		}
		if got, want := uuid(s), length(uuids, s); got != want {
			t.Fatalf("uuid(%q) = %d, want %d", s, got, want)
		}
		if s[0] != '[' {
			s = "[" + s
		}
		if got, want := logStream(s), length(streams, s); got != want {
			t.Fatalf("logStream(%q) = %d, want %d", s, got, want)
		}
	})
}
