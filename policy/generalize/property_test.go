package generalize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/glob"
)

// observations draws sets of names that share levels, with every form and character that matters.
func observations() *rapid.Generator[[]Observation] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "a", "b", "config.json", "x.csv", "report-", "*", "?", "$", "${aws:username}", "${*}", "2026", "10", "01", "year=2026",
			"日本", "é", "\xff", "a b", "-", ".", "..", "[$LATEST]9f86d081884c7d659a2feaa0c55ad015", "2026-10-01T10:00:00Z", "😀",
		}),
		rapid.Custom(func(t *rapid.T) string {
			n := rapid.IntRange(0, 40).Draw(t, "n")
			return fmt.Sprintf(rapid.SampledFrom([]string{"u%d", "u%d.json", "f-%d-x.txt", "10%04d", "id%07d", "%d*"}).Draw(t, "format"), n)
		}),
		rapid.Custom(func(t *rapid.T) string { return uuid4(rapid.IntRange(0, 30).Draw(t, "uuid")) }),
	)
	one := rapid.Custom(func(t *rapid.T) Observation {
		day := rapid.IntRange(0, 27).Draw(t, "day")
		first := october.AddDate(0, 0, day)
		last := first.AddDate(0, 0, rapid.IntRange(0, 27-day).Draw(t, "length"))
		o := Observation{
			Action: rapid.SampledFrom([]string{get, put, "s3:DeleteObject"}).Draw(t, "action"),
			Name:   strings.Join(rapid.SliceOfN(part, 1, 4).Draw(t, "parts"), "/"),
			Open:   rapid.IntRange(0, 9).Draw(t, "open") == 0,
			First:  first, Last: last,
		}
		for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
			o.Days = append(o.Days, int32(d.Unix()/86400))
		}
		if o.Open && rapid.Bool().Draw(t, "whole") {
			o.Name = o.Name[:strings.LastIndexByte(o.Name, '/')+1]
		}
		return o
	})
	return rapid.SliceOfN(one, 0, 80)
}

// check holds Names to what its documentation says, by looking at each observation.
func check(t interface{ Fatalf(string, ...any) }, observations []Observation, patterns []Pattern) {
	if len(patterns) > MaxPatterns {
		t.Fatalf("%d patterns", len(patterns))
	}
	owners := make([]int, len(observations))
	type identity struct {
		name string
		open bool
	}
	for i, p := range patterns {
		compiled := compile(t, p.Text)
		if i > 0 && p.Text <= patterns[i-1].Text {
			t.Fatalf("%q does not sort behind %q", p.Text, patterns[i-1].Text)
		}
		actions, names := make(map[string]bool), make(map[identity]bool)
		for _, o := range p.Observations {
			owners[o]++
			seen := observations[o]
			actions[seen.Action] = true
			names[identity{seen.Name, seen.Open}] = true
			continuations := []string{""}
			if seen.Open {
				continuations = []string{"", "x", "/x/y.json", "*"}
			}
			for _, c := range continuations {
				if !compiled.Match(seen.Name + c) {
					t.Fatalf("%q does not match %q, which it stands for", p.Text, seen.Name+c)
				}
			}
		}
		if len(names) != p.Distinct {
			t.Fatalf("%q: Distinct is %d, of %d", p.Text, p.Distinct, len(names))
		}
		if len(actions) != len(p.Actions) || !slices.IsSorted(p.Actions) || slices.ContainsFunc(p.Actions, func(a string) bool { return !actions[a] }) {
			t.Fatalf("%q: Actions are %q, of %v", p.Text, p.Actions, actions)
		}
		for _, e := range p.Examples {
			if !names[identity{e, false}] && !names[identity{e, true}] {
				t.Fatalf("%q: the example %q is none of its names", p.Text, e)
			}
		}
		if (p.Reason == "") != (p.Detail == "") || compiled.IsLiteral() != (p.Reason == "") {
			t.Fatalf("%q: Reason %q, Detail %q", p.Text, p.Reason, p.Detail)
		}
		if p.Reason == "" && p.Text != glob.Escape(p.Examples[0]) {
			t.Fatalf("%q is no literal of %q", p.Text, p.Examples[0])
		}
	}
	for i, n := range owners {
		if n != 1 {
			t.Fatalf("%q belongs to %d patterns", observations[i].Name, n)
		}
	}
}

func TestEveryObservationIsCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := observations().Draw(t, "observations")
		options := Options{MaxListed: rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(t, "limit")}
		check(t, all, Names(rapid.SampledFrom([]string{"/", "", ":", "--"}).Draw(t, "separator"), all, options))
	})
}

// withoutIndices are patterns as far as they do not depend on the order of the observations.
func withoutIndices(patterns []Pattern) []Pattern {
	patterns = slices.Clone(patterns)
	for i := range patterns {
		patterns[i].Observations = nil
	}
	return patterns
}

func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := observations().Draw(t, "observations")
		want := withoutIndices(Names("/", all, Options{}))
		if diff := cmp.Diff(want, withoutIndices(Names("/", slices.Concat(all, all), Options{}))); diff != "" {
			t.Fatalf("fed twice (-once +twice):\n%s", diff)
		}
		shuffled := slices.Clone(all)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, withoutIndices(Names("/", shuffled, Options{}))); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
	})
}

// Joining two halves of an observation is the same as observing at once.
func TestEvidenceIsPooled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := observations().Draw(t, "observations")
		var halves []Observation
		for _, o := range all {
			early, late := o, o
			early.Last, early.Days = o.First, o.Days[:1]
			late.First, late.Days = o.Last, o.Days[len(o.Days)/2:]
			if len(o.Days) > 1 {
				early.Days = o.Days[:len(o.Days)/2]
			}
			halves = append(halves, early, late)
		}
		want := withoutIndices(Names("/", all, Options{}))
		if diff := cmp.Diff(want, withoutIndices(Names("/", halves, Options{}))); diff != "" {
			t.Fatalf("(-whole +halves):\n%s", diff)
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add("a/b\nc/2026-10-01\n*", "/", 3)
	f.Add("${aws:username}\n\n/\n日本", "", 1)
	f.Add(strings.Repeat("/", 1024), "/", 0)
	f.Add("[$LATEST]9f86d081884c7d659a2feaa0c55ad015\n2026/10/01/x", "/", 0)
	f.Add("0ujtsYcgvSTl8PAuAdqWYSMnLOv\n2026-W40\noct-2026T10:00+01:00\nyear=\n=1", "/", 2)
	f.Fuzz(func(t *testing.T, text, separator string, limit int) {
		var all []Observation
		for i, line := range strings.Split(text, "\n") {
			at := october.Add(time.Duration(i) * time.Hour * 5)
			all = append(all, Observation{
				Action: get, Name: line, Open: i%7 == 6, First: at, Last: at, Days: []int32{int32(at.Unix() / 86400)},
			})
		}
		check(t, all, Names(separator, all, Options{MaxListed: limit}))
	})
}
