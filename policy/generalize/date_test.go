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

func TestDateAgreesWithExpressions(t *testing.T) {
	part := rapid.SampledFrom([]string{
		"2026", "1999", "1969", "10", "31", "32", "00", "12", "13", "24", "59", "60", "1", "W40", "w54", "Q4", "q5", "Oct", "JAN", "ja",
		"-", "-", "-", "_", ".", " ", ":", ",", "T", "t", "Z", "z", "+", "x", "é",
	})
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(part, 1, 14).Draw(t, "parts"), "")
		want := 0
		for _, e := range dateExpressions {
			if m := e.FindStringSubmatch(s); m != nil {
				want = len(m[1])
				found++
				break
			}
		}
		if got := date(s); got != want {
			t.Fatalf("date(%q) = %d (%q), the expressions say %d (%q)", s, got, s[:got], want, s[:want])
		}
	})
	// What is drawn at random is rarely a date; these are.
	for _, s := range []string{
		"2026-10-01T12:00:00.123Z", "2026-10-01T12:00:00.123abc", "2026-10-01T12:00:00.x", "2026_10_01-120000", "01Oct2026 10:30", "20261001T1200+0100",
		"20261001T1200+01:00x", "2026-10-01+1", "2026.10.01.12", "10-31-2026_235959", "2026-w40-07", "2026-W40x", "2026-10-0112", "oct_2026", "2026Q4.csv",
	} {
		want := 0
		for _, e := range dateExpressions {
			if m := e.FindStringSubmatch(s); m != nil {
				want = len(m[1])
				break
			}
		}
		if got := date(s); got != want {
			t.Errorf("date(%q) = %q, the expressions say %q", s, s[:got], s[:want])
		}
	}
	if found == 0 && !testing.Short() {
		t.Error("no date was drawn")
	}
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
