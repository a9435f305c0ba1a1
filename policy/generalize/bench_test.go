package generalize

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// many draws n names of a bucket with dates, UUIDs, users and configuration in it.
func many(n int) []Observation {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]Observation, n)
	for i := range all {
		day := random.IntN(28)
		at := october.AddDate(0, 0, day)
		name := fmt.Sprintf("orders/2026/10/%02d/%s.json", day+1, uuid4(i))
		switch i % 4 {
		case 1:
			name = fmt.Sprintf("uploads/user-%x/photos/img_%05d.jpg", random.IntN(n), i%1000)
		case 2:
			name = fmt.Sprintf("exports/%s/%d/part-%05d.parquet", people[i%27], i, i%100)
		case 3:
			name = fmt.Sprintf("config/%s.json", people[i%5])
		}
		all[i] = Observation{Action: get, Name: name, First: at, Last: at, Days: []int32{int32(20000 + day)}}
	}
	return all
}

func BenchmarkNames(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		all := many(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Names("/", all, Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/name")
		})
	}
}

// hostile are names of the greatest length of an object key, made to be slow.
var hostile = map[string]func(i int) string{
	"separators":   func(i int) string { return strings.Repeat("/", 1000) + fmt.Sprint(i) },
	"short levels": func(i int) string { return strings.Repeat("a/", 500) + fmt.Sprint(i) },
	"own levels": func(i int) string {
		return strings.Repeat(fmt.Sprintf("%c%c/", 'a'+i%26, 'a'+i/26%26), 300) + fmt.Sprint(i)
	},
	"brackets":   func(i int) string { return strings.Repeat("[", 1000) + fmt.Sprint(i) },
	"dates":      func(i int) string { return strings.Repeat("2026-10-01T", 90) + fmt.Sprint(i) },
	"months":     func(i int) string { return strings.Repeat("jan", 330) + fmt.Sprint(i) },
	"digits":     func(i int) string { return strings.Repeat("1a", 500) + fmt.Sprint(i) },
	"stars":      func(i int) string { return strings.Repeat("*", 1000) + fmt.Sprint(i) },
	"one prefix": func(i int) string { return strings.Repeat("x", 1000) + fmt.Sprintf("%05d", i) },
	"years":      func(i int) string { return strings.Repeat("2026/10/", 120) + fmt.Sprint(i) },
}

// The time for a hostile name stays near that for an ordinary one: 100,000 of them take seconds.
func TestHostileNamesAreBounded(t *testing.T) {
	n := 2_000
	if testing.Short() {
		n = 500
	}
	for kind, name := range hostile {
		all := make([]Observation, n)
		for i := range all {
			at := october.Add(time.Duration(i) * time.Minute)
			all[i] = Observation{Action: get, Name: name(i), First: at, Last: at, Days: []int32{20000}}
		}
		began := time.Now()
		patterns := Names("/", all, Options{})
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %v for %d names", kind, took, n)
		} else {
			t.Logf("%s: %v, %d patterns", kind, took, len(patterns))
		}
		if len(patterns) > MaxPatterns {
			t.Errorf("%s: %d patterns", kind, len(patterns))
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for kind, name := range hostile {
		all := make([]Observation, 10_000)
		for i := range all {
			all[i] = Observation{Action: get, Name: name(i), First: october, Last: october, Days: []int32{20000}}
		}
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				Names("/", all, Options{})
			}
		})
	}
}
