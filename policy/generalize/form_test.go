package generalize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestNewLevel(t *testing.T) {
	hex32 := "9f86d081884c7d659a2feaa0c55ad015"
	for _, test := range []struct {
		raw, text string
		forms     forms
	}{
		{"settings.json", "settings.json", 0},
		{"", "", 0},
		{"*", "${*}", 0},
		{"${aws:username}", "${$}{aws:username}", 0},
		{"is it?", "is it${?}", 0},
		{"naïve.txt", "naïve.txt", 0},
		{"日本-2026-10-01", "??-*", formDate | formCharacter},

		{"0b9e4b1c-7d1e-4b0a-8c0e-5f2d9a7b3c10.json", "*.json", formIdentifier},
		{"0B9E4B1C-7D1E-4B0A-8C0E-5F2D9A7B3C10", "*", formIdentifier},
		{"order-0b9e4b1c-7d1e-4b0a-8c0e-5f2d9a7b3c10-v2.pdf", "order-*-v2.pdf", formIdentifier},
		{"0b9e4b1c-7d1e-4b0a-8c0e-5f2d9a7b3c10x", "*-7d1e-4b0a-8c0e-5f2d9a7b3c10x", formIdentifier}, // no UUID
		{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "*", formIdentifier},                                         // ULID
		{"0ujtsYcgvSTl8PAuAdqWYSMnLOv.json", "*.json", formIdentifier},                              // KSUID
		{"V1StGXR8Z5jdHi6B3myT", "*", formIdentifier},                                               // nanoid
		{hex32 + ".tar.gz", "*.tar.gz", formIdentifier},
		{"i-0a1b2c3d4e5f60718", "i-*", formIdentifier},
		{"deadbeefface", "deadbeefface", 0},
		{"feed2024", "feed2024", 0},
		{"a1b2c3d4", "*", formIdentifier},
		{"OrdersApiV2HandlerForS3Events", "OrdersApiV2HandlerForS3Events", 0},
		{"TransactionProcessorHandlerFactory", "TransactionProcessorHandlerFactory", 0},
		{"[$LATEST]" + hex32, "*", formIdentifier},
		{"orders[12]" + hex32, "orders*", formIdentifier},
		{"[]" + hex32, "[]*", formIdentifier},
		{"[$LATEST]", "[${$}LATEST]", 0},
		{"ecs/app/" + hex32, "ecs/app/*", formIdentifier},

		{"2026-10-01", "*", formDate},
		{"2026_10_01.csv", "*.csv", formDate},
		{"2026.10.01", "*", formDate},
		{"01-10-2026", "*", formDate},
		{"10-31-2026", "*", formDate},
		{"2026-10", "*", formDate},
		{"report-2026-10.csv", "report-*.csv", formDate},
		{"report-202610.csv", "report-*.csv", formDate},
		{"20261001", "*", formDate},
		{"20261001T120000Z.log", "*.log", formDate},
		{"2026-10-01T12:00:00Z", "*", formDate},
		{"2026-10-01T12:00:00.123+02:00.log", "*.log", formDate},
		{"2026-10-01 12.30", "*", formDate},
		{"2026-10-01-12-34-56-A1B2C3D4E5F60718", "*-*", formDate | formIdentifier},
		{"20261001123456", "*", formDate},
		{"2026-Oct-01", "*", formDate},
		{"01Oct2026", "*", formDate},
		{"oct-2026", "*", formDate},
		{"2026-W40", "*", formDate},
		{"2026-Q4.xlsx", "*.xlsx", formDate},
		{"dt=2026-10-01", "dt=*", formDate},
		{"year=2026", "year=*", formDate},
		{"Day=1", "Day=*", formDate},
		{"shard=1", "shard=1", 0},
		{"1760000000", "*", formDate}, // epoch seconds
		{"img_1760000000123.png", "img_*.png", formDate},
		{"2026", "2026", 0}, // alone it is as well a port or a count
		{"2026-13-01", "2026-13-01", 0},
		{"marketing-2026", "marketing-2026", 0},
		{"v2", "v2", 0},
		{"may", "may", 0},
		{"1.10.2", "1.10.2", 0},

		{"12345", "12345", 0},
		{"123456", "*", formNumber},
		{"invoice-4711.pdf", "invoice-4711.pdf", 0},
		{"invoice-0047110815.pdf", "invoice-*.pdf", formNumber},
		{"order123456789x", "order*x", formNumber},
		{"order20261001", "order*", formDate},
		{"111122223333", "*", formNumber},
	} {
		want := level{raw: test.raw, text: test.text, forms: test.forms}
		if diff := cmp.Diff(want, newLevel(test.raw), cmp.AllowUnexported(level{}), cmpopts.IgnoreFields(level{}, "date")); diff != "" {
			t.Errorf("newLevel(%q) (-want +got):\n%s", test.raw, diff)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		reason, raw string
		open        bool
		texts, tail string
	}{
		{"a day over three levels", "in/2026/10/01/a.json", false, "in|*|*|*|a.json", ""},
		{"an hour more", "2026/10/01/13/a", false, "*|*|*|*|a", ""},
		{"a minute more, and no second", "2026/10/01/13/59/58/a", false, "*|*|*|*|*|58|a", ""},
		{"a month", "2026/10/a", false, "*|*|a", ""},
		{"months without a zero", "2026/1/2/a", false, "*|*|*|a", ""},
		{"no month", "2026/13/a", false, "2026|13|a", ""},
		{"no day", "2026/10/32/a", false, "*|*|32|a", ""},
		{"a year alone", "2026", false, "2026", ""},
		{"partitions", "year=2026/month=10/day=1/p.orc", false, "year=*|month=*|day=*|p.orc", ""},
		{"an open name ends at a separator", "in/2026/10/", true, "in|*|*", ""},
		{"an open name that does not", "in/ab", true, "in", "ab"},
		{"the empty open name", "", true, "", ""},
		{"the empty name is one level", "", false, "", ""},
		{"leading, double and trailing separators", "/a//b/", false, "|a||b|", ""},
		{"deep names", strings.Repeat("d/", 20) + "x", false, strings.Repeat("d|", 15) + "d/d/d/d/d/x", ""},
	} {
		levels, tail := split("/", test.raw, test.open)
		var texts []string
		for _, l := range levels {
			texts = append(texts, l.text)
		}
		if got := strings.Join(texts, "|"); got != test.texts || tail != test.tail {
			t.Errorf("%s: split(%q) = %q, tail %q; want %q, %q", test.reason, test.raw, got, tail, test.texts, test.tail)
		}
	}
}
