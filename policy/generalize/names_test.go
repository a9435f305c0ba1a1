package generalize

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var october = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// seen are observations for tests: day is counted from october.
type seen []Observation

func (s *seen) on(day int, action, format string, args ...any) {
	at := october.AddDate(0, 0, day).Add(9 * time.Hour)
	*s = append(*s, Observation{
		Action: action, Name: fmt.Sprintf(format, args...), First: at, Last: at, Days: []int32{int32(at.Unix() / 86400)},
	})
}

// folded makes the last observation open.
func (s seen) folded() { s[len(s)-1].Open = true }

const (
	get = "s3:GetObject"
	put = "s3:PutObject"
)

// uuid4 returns a UUID that depends on n.
func uuid4(n int) string {
	return fmt.Sprintf("%08x-7d1e-4b0a-8c0e-5f2d9a7b3c10", 0x9e3779b1*uint32(n+1))
}

var people = strings.Fields("ada alan barbara bjarne brian dennis donald edsger frances grace guido james " +
	"joan john katherine ken lars linus margaret niklaus radia richard rob robin sophie tim tony")

// keySets are realistic sets of names, over four weeks as a rule.
var keySets = []struct {
	reason string
	see    func(s *seen, day int)
	days   int
	want   []string
}{
	{"objects by date and UUID", func(s *seen, day int) {
		s.on(day, get, "orders/2026/10/%02d/%s.json", day+1, uuid4(day))
	}, 28, []string{"GetObject orders/*.json 28 date"}},

	{"one such object, on one day", func(s *seen, day int) {
		s.on(day, get, "orders/2026/10/%02d/%s.json", day+1, uuid4(day))
	}, 1, []string{"GetObject orders/*.json 1 date"}},

	{"Hive partitions", func(s *seen, day int) {
		s.on(day, put, "logs/year=2026/month=10/day=%02d/part-%s.parquet", day+1, uuid4(day))
	}, 28, []string{"PutObject logs/year=*/month=*/day=*/part-*.parquet 28 date"}},

	{"users that keep coming", func(s *seen, day int) {
		s.on(day, get, "uploads/%s/avatar.png", people[day%27])
	}, 28, []string{"GetObject uploads/*/avatar.png 27 many"}},

	{"the same in a shorter window: few, but growing", func(s *seen, day int) {
		s.on(day, get, "uploads/%s/avatar.png", people[day])
	}, 10, []string{"GetObject uploads/*/avatar.png 10 growing"}},

	{"the same within a few days: nobody came back", func(s *seen, day int) {
		s.on(day, get, "uploads/%s/avatar.png", people[day])
	}, 5, []string{"GetObject uploads/*/avatar.png 5 passing"}},

	{"fewer: too early to tell", func(s *seen, day int) {
		s.on(day, get, "uploads/%s/avatar.png", people[day])
	}, 3, []string{
		"GetObject uploads/ada/avatar.png 1  caution", "GetObject uploads/alan/avatar.png 1  caution",
		"GetObject uploads/barbara/avatar.png 1  caution",
	}},

	{"a few that come back", func(s *seen, day int) {
		s.on(day, get, "uploads/%s/avatar.png", people[day%3])
	}, 6, []string{"GetObject uploads/ada/avatar.png 1 ", "GetObject uploads/alan/avatar.png 1 ", "GetObject uploads/barbara/avatar.png 1 "}},

	{"users of a few days, by number", func(s *seen, day int) {
		for i := range 4 {
			s.on(day, get, "users/u%d/p.json", day+5*i)
		}
	}, 5, []string{"GetObject users/u*/p.json 20 numbered"}},

	{"a report each week", func(s *seen, day int) {
		s.on(day, get, "settings.json")
		if day%7 == 1 {
			s.on(day, put, "weekly/week-%d.csv", 40+day/7)
		}
	}, 28, []string{"GetObject settings.json 1 ", "PutObject weekly/week-*.csv 4 numbered"}},

	{"one batch early in the window", func(s *seen, day int) {
		s.on(day, get, "settings.json")
		if day == 2 {
			for i := range 19 {
				s.on(day, put, "invoices/%d.pdf", 1000+i)
			}
		}
	}, 28, []string{"PutObject invoices/*.pdf 19 numbered", "GetObject settings.json 1 "}},

	{"a batch on the last day, which could not come back", func(s *seen, day int) {
		if day == 27 {
			for i := range 3 {
				s.on(day, put, "invoices/%d.pdf", 1000+i)
			}
		}
	}, 28, []string{"PutObject invoices/1000.pdf 1  caution", "PutObject invoices/1001.pdf 1  caution", "PutObject invoices/1002.pdf 1  caution"}},

	{"use that ended within the window, while it grew", func(s *seen, day int) {
		s.on(day, get, "settings.json")
		if day < 19 {
			s.on(day, put, "invoices/%s.pdf", people[day])
		}
	}, 28, []string{"PutObject invoices/*.pdf 19 growing", "GetObject settings.json 1 "}},

	{"shards come back", func(s *seen, day int) {
		for i := range 4 {
			s.on(day, put, "shards/%d.bin", i)
		}
	}, 28, []string{"PutObject shards/0.bin 1 ", "PutObject shards/1.bin 1 ", "PutObject shards/2.bin 1 ", "PutObject shards/3.bin 1 "}},

	{"only the numbers that differ vary", func(s *seen, day int) {
		if day%7 == 3 {
			s.on(day, put, "v2/run-%d-of-4/part-1.csv", day/7)
			s.on(day, put, "v2/summary.csv")
		}
	}, 28, []string{"PutObject v2/run-*-of-4/part-1.csv 4 numbered", "PutObject v2/summary.csv 1 "}},

	{"files of a week that were read again the next day", func(s *seen, day int) {
		if day%7 < 2 {
			s.on(day, put, "weekly/week-%d.csv", 40+day/7)
		}
	}, 28, []string{"PutObject weekly/week-*.csv 4 numbered"}},

	{"the date of a model does not move", func(s *seen, day int) {
		s.on(day, get, "models/2023-01-15/model.bin")
		s.on(day, get, "maps/2024/02/29/%s.bin", []string{"a", "b"}[day%2])
		s.on(day, get, "hive/year=2023/month=01/all.parquet")
		s.on(day, put, "out/%s.json", october.AddDate(0, 0, day).Format("2006-01-02"))
	}, 28, []string{
		"GetObject hive/year=2023/month=01/all.parquet 1 ",
		"GetObject maps/2024/02/29/a.bin 1 ", "GetObject maps/2024/02/29/b.bin 1 ", "GetObject models/2023-01-15/model.bin 1 ", "PutObject out/*.json 28 date",
	}},

	{"dates that will move, if slowly", func(s *seen, day int) {
		s.on(day, get, "month/2026-09/summary.csv")
		s.on(day, get, "release/%s/app.zip", []string{"2024-05-01", "2024-08-01"}[day/14])
		s.on(day, get, "this/2026/10/all.csv")
		s.on(day, get, "backfill/2020/01/%02d/x.csv", day+1)
	}, 28, []string{
		"GetObject backfill/*/x.csv 28 date", "GetObject month/*/summary.csv 1 date", "GetObject release/*/app.zip 2 date", "GetObject this/*/all.csv 1 date",
	}},

	{"a constant date beside those that move", func(s *seen, day int) {
		s.on(day, get, "d/2023-01-15.bin")
		s.on(day, get, "d/%s.bin", october.AddDate(0, 0, day).Format("2006-01-02"))
	}, 28, []string{"GetObject d/*.bin 28 date", "GetObject d/2023-01-15.bin 1 "}},

	{"configuration", func(s *seen, day int) {
		s.on(day, get, "config/app.json")
		s.on(day, get, "config/%s.json", []string{"dev", "prod"}[day%2])
	}, 28, []string{"GetObject config/app.json 1 ", "GetObject config/dev.json 1 ", "GetObject config/prod.json 1 "}},

	{"monthly exports", func(s *seen, day int) {
		if day%14 == 0 {
			s.on(day, put, "exports/report-2026-%02d.csv", 10+day/14)
		}
	}, 28, []string{"PutObject exports/report-*.csv 2 date"}},

	{"tenants that settle", func(s *seen, day int) {
		s.on(day, put, "tenants/%s/orders/%s.json", []string{"acme", "globex", "initech"}[day%3], uuid4(day))
	}, 28, []string{
		"PutObject tenants/acme/orders/*.json 10 identifier", "PutObject tenants/globex/orders/*.json 9 identifier",
		"PutObject tenants/initech/orders/*.json 9 identifier",
	}},

	{"tenants that are UUIDs and settle", func(s *seen, day int) {
		s.on(day, get, "tenants/%s/settings.json", uuid4(day%2))
	}, 28, []string{
		"GetObject tenants/3c6ef362-7d1e-4b0a-8c0e-5f2d9a7b3c10/settings.json 1 ",
		"GetObject tenants/9e3779b1-7d1e-4b0a-8c0e-5f2d9a7b3c10/settings.json 1 ",
	}},

	{"the same too short to tell", func(s *seen, day int) {
		s.on(day, get, "tenants/%s/settings.json", uuid4(day%2))
	}, 6, []string{"GetObject tenants/*/settings.json 2 identifier"}},

	{"a late newcomer among settled values does not make a level variable", func(s *seen, day int) {
		s.on(day, get, "lists/%s.txt", people[day%4])
		if day > 20 {
			s.on(day, get, "lists/zz.txt")
		}
	}, 28, []string{
		"GetObject lists/ada.txt 1 ", "GetObject lists/alan.txt 1 ", "GetObject lists/barbara.txt 1 ",
		"GetObject lists/bjarne.txt 1 ", "GetObject lists/zz.txt 1 ",
	}},

	{"short numbers grow", func(s *seen, day int) {
		s.on(day, put, "receipts/%d.pdf", 10431+3*day)
	}, 28, []string{"PutObject receipts/*.pdf 28 many"}},

	{"timestamps in names", func(s *seen, day int) {
		s.on(day, put, "dumps/db-%s.sql.gz", october.AddDate(0, 0, day).Format("20060102T150405Z"))
		s.on(day, put, "metrics/%d.json", october.AddDate(0, 0, day).UnixMilli())
	}, 28, []string{"PutObject dumps/db-*.sql.gz 28 date", "PutObject metrics/*.json 28 date"}},

	{"what is read every day stays apart from what changes beside it", func(s *seen, day int) {
		s.on(day, get, "index.json")
		s.on(day, put, "%s-page.json", people[day%27])
	}, 28, []string{"PutObject *-page.json 27 many", "GetObject index.json 1 "}},

	{"extensions that stay are told apart", func(s *seen, day int) {
		s.on(day, put, "img/%s.%s", people[day%27], []string{"png", "jpg"}[day%2])
	}, 28, []string{"PutObject img/*.jpg 14 many", "PutObject img/*.png 14 many"}},

	{"each action gets what it touched, the evidence is shared", func(s *seen, day int) {
		s.on(day, put, "in/%s.txt", people[day%27])
		s.on(day, get, "done/%s.txt", people[day%27])
		if day == 3 {
			s.on(day, get, "in/%s.txt", people[day])
		}
	}, 28, []string{"GetObject done/*.txt 27 many", "GetObject+PutObject in/*.txt 27 many"}},

	{"Lambda's log streams", func(s *seen, day int) {
		s.on(day, "logs:CreateLogStream", "2026/10/%02d/[$LATEST]%s", day+1, strings.ReplaceAll(uuid4(day), "-", ""))
	}, 28, []string{"CreateLogStream * 28 date"}},

	{"hostile names grant themselves", func(s *seen, day int) {
		for _, name := range []string{"*", "?", "${aws:username}", "$", "a/*", "in/${*}"} {
			s.on(day, put, "%s", name)
		}
	}, 28, []string{
		"PutObject ${$} 1 ", "PutObject ${$}{aws:username} 1 ", "PutObject ${*} 1 ", "PutObject ${?} 1 ",
		"PutObject a/${*} 1 ", "PutObject in/${$}{${*}} 1 ",
	}},

	{"characters that no policy holds", func(s *seen, day int) {
		s.on(day, get, "日本.txt")
	}, 28, []string{"GetObject ??.txt 1 character-replaced"}},

	{"folded names", func(s *seen, day int) {
		s.on(day, get, "orders/2026/10/")
		s.folded()
		s.on(day, get, "uploads/")
		s.folded()
		s.on(day, get, "uploads/x.png")
	}, 28, []string{"GetObject orders/* 1 date", "GetObject uploads/* 1 folded", "GetObject uploads/x.png 1 "}},

	{"the whole prefix folded", func(s *seen, day int) {
		s.on(day, get, "")
		s.folded()
	}, 1, []string{"GetObject * 1 folded"}},

	{"more than can be listed together", func(s *seen, day int) {
		for i := range 144 {
			s.on(day, get, "a/%s/%s.txt", people[i/12], people[i%12])
		}
	}, 1, []string{"GetObject a/*.txt 144 many"}},
}

func TestNames(t *testing.T) {
	for _, test := range keySets {
		t.Run(test.reason, func(t *testing.T) {
			var s seen
			for day := range test.days {
				test.see(&s, day)
			}
			var got []string
			for _, p := range Names("/", s, Options{Last: october.AddDate(0, 0, test.days)}) {
				actions := strings.NewReplacer("s3:", "", "logs:", "").Replace(strings.Join(p.Actions, "+"))
				line := fmt.Sprintf("%s %s %d %s", actions, p.Text, p.Distinct, p.Reason)
				if p.Caution != "" {
					line += " caution"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// slow are the key sets that do not show in two weeks what goes on.
var slow = []string{
	"a late newcomer among settled values does not make a level variable", "a report each week",
	"a batch on the last day, which could not come back", "only the numbers that differ vary",
	"files of a week that were read again the next day", "dates that will move, if slowly",
}

// What is learnt in two weeks holds in the next two, for all that goes on in the same manner.
func TestPatternsLast(t *testing.T) {
	for _, test := range keySets {
		if test.days < 28 || slices.Contains(slow, test.reason) {
			continue
		}
		var learnt, later seen
		for day := range 14 {
			test.see(&learnt, day)
			test.see(&later, 14+day)
		}
		patterns := Names("/", learnt, Options{Last: october.AddDate(0, 0, 14)})
	next:
		for _, o := range later {
			for _, p := range patterns {
				if slices.Contains(p.Actions, o.Action) && compile(t, p.Text).Match(o.Name) {
					continue next
				}
			}
			t.Errorf("%s: nothing learnt in two weeks covers %q", test.reason, o.Name)
		}
	}
}

func TestNamesWhole(t *testing.T) {
	var s seen
	for day := range 28 {
		s.on(day, put, "tmp/%s.txt", people[day%27])
		s.on(day, get, "config.json")
	}
	want := []Pattern{
		{Text: "config.json", Actions: []string{get}, Distinct: 1, Examples: []string{"config.json"}},
		{
			Text: "tmp/*.txt", Actions: []string{put}, Reason: ReasonMany,
			Detail:   `27 distinct names; variable: a part with 27 values; "*" matches "/" too`,
			Distinct: 27, Examples: []string{"tmp/ada.txt", "tmp/john.txt", "tmp/tony.txt"},
		},
	}
	for i := range s {
		want[1-i%2].Observations = append(want[1-i%2].Observations, i)
	}
	if diff := cmp.Diff(want, Names("/", s, Options{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A caution holds for all below the names that it is about, and for no others.
func TestCaution(t *testing.T) {
	var s seen
	for day := range 28 {
		s.on(day, get, "config/app.json")
	}
	for i := range 3 {
		s.on(27, get, "tenants/%s/%s.json", people[i], uuid4(i))
	}
	const caution = "one of 3 names listed one by one, none of which was seen to come back: another such name would be denied"
	got, want := map[string]string{}, map[string]string{
		"config/app.json": "", "tenants/ada/*.json": caution, "tenants/alan/*.json": caution, "tenants/barbara/*.json": caution,
	}
	for _, p := range Names("/", s, Options{Last: october.AddDate(0, 0, 28)}) {
		got[p.Text] = p.Caution
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNamesWithoutNames(t *testing.T) {
	if got := Names("/", nil, Options{}); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestMaxListed(t *testing.T) {
	var s seen
	for i := range 3 {
		s.on(0, get, "%s.txt", people[i])
	}
	for limit, want := range map[int]int{0: 3, 2: 1, 3: 3} {
		if got := Names("/", s, Options{MaxListed: limit}); len(got) != want {
			t.Errorf("MaxListed %d: %d patterns, want %d", limit, len(got), want)
		}
	}
}

func TestTimesUnknown(t *testing.T) {
	var s seen
	for day := range 10 {
		s.on(day, get, "%s.txt", people[day])
	}
	s[3].First = time.Time{}
	if got := Names("/", s, Options{}); len(got) != 10 {
		t.Errorf("an unknown time counted as evidence: %v", got)
	}
}
