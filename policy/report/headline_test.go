package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCompareSentence(t *testing.T) {
	granted := Change{Kind: "granted", Widens: true, AccessLevels: []LevelCount{{"Read", 2}}}
	writes := Change{Kind: "granted", Widens: true, AccessLevels: []LevelCount{{"Read", 1}, {"Tagging", 1}}}
	undecided := Change{Kind: "undecided", Widens: true}
	wider := Change{Kind: "changed", Widens: true}
	narrower := Change{Kind: "changed"}
	removed := Change{Kind: "removed"}
	for _, test := range []struct {
		changes []Change
		want    string
	}{
		{nil, "No difference: OLD and NEW allow exactly the same."},
		{[]Change{granted}, "NEW grants 1 thing that OLD does not."},
		{[]Change{writes}, "NEW grants 1 thing that OLD does not, which can write."},
		{[]Change{granted, writes, removed}, "NEW grants 2 things that OLD does not, 1 of them can write; it removes 1 thing."},
		{[]Change{undecided}, "NEW may grant 1 thing more, which could not be decided and counts as granted."},
		{[]Change{wider, narrower}, "NEW allows 1 thing under wider conditions; it narrows the conditions of 1 thing."},
		{[]Change{narrower, removed, removed}, "NEW grants nothing that OLD does not; it narrows the conditions of 1 thing; it removes 2 things."},
		{[]Change{removed}, "NEW grants nothing that OLD does not; it removes 1 thing."},
	} {
		if got := compareSentence([]Comparison{{Changes: test.changes}}); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	for _, test := range []struct {
		cs   []Comparison
		want string
	}{
		{[]Comparison{{Changes: []Change{removed}}, {}}, "In 1 of 2 roles, NEW grants nothing that OLD does not; it removes 1 thing."},
		{[]Comparison{{}, {}}, "No difference: OLD and NEW allow exactly the same in all 2 comparisons."},
		{[]Comparison{{Notes: []string{"a policy is missing"}}}, "No difference in what could be compared; see the notes."},
	} {
		if got := compareSentence(test.cs); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func TestProofSentences(t *testing.T) {
	for _, test := range []struct {
		removes []Change
		want    string
	}{
		{nil, ""},
		{[]Change{{Kind: "removed"}}, "Contained: by comparison it allows nothing that the current policies do not."},
		{[]Change{{Kind: "removed"}, {Kind: "undecided", Widens: true}}, "Not contained: by comparison it may allow 1 thing that the current policies do not."},
	} {
		got := ""
		if s := proofSentences(UnusedRole{Removes: test.removes}); len(s) > 1 {
			got = s[1]
		}
		if got != test.want {
			t.Errorf("%v: got %q, want %q", test.removes, got, test.want)
		}
	}
}

func TestAccessString(t *testing.T) {
	a, b := []Condition{{"Bool", "k", []string{"true"}}}, []Condition{{"Bool", "l", []string{"x", "y"}}, {"Null", "m", []string{"true"}}}
	for _, test := range []struct {
		access *Access
		want   string
	}{
		{nil, "never"},
		{&Access{}, "never"},
		{&Access{When: [][]Condition{{}}}, "always"},
		{&Access{When: [][]Condition{a, {}}}, "always"},
		{&Access{When: [][]Condition{a}}, "when Bool k true"},
		{&Access{When: [][]Condition{a, b}}, "when Bool k true or (Bool l [x, y] and Null m true)"},
		{&Access{When: [][]Condition{{}}, Boundary: [][]Condition{a}}, "always, within the boundary when Bool k true"},
		{&Access{When: [][]Condition{{}}, Boundary: [][]Condition{{}}}, "always"},
		{&Access{When: [][]Condition{{}}, Unless: [][]Condition{a, b}}, "always, unless Bool k true or (Bool l [x, y] and Null m true)"},
		{&Access{When: [][]Condition{a}, Unless: [][]Condition{{}}}, "never"},
	} {
		if got := test.access.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestGroupGranted: each permission is in one group, and a group says the same of all of its members.
func TestGroupGranted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := func(name string) string { return rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, name) }
		var granted, grouped []GrantedPermission
		for i := range rapid.IntRange(0, 30).Draw(t, "n") {
			granted = append(granted, GrantedPermission{
				Action: fmt.Sprintf("%s:%d", few("service"), i), Resource: few("resource"), Policy: few("policy"), Statement: few("statement"), As: few("as"), Why: few("why"),
				Status: rapid.SampledFrom([]string{Used, Unused, Unobservable}).Draw(t, "status"), Kept: rapid.Bool().Draw(t, "kept"),
				Evidence: Evidence{Count: int64(rapid.IntRange(0, 1).Draw(t, "count"))},
			})
		}
		for _, g := range groupGranted(granted) {
			for _, m := range g {
				if len(g) > 1 && (m.Evidence.Count > 0 || groupKey(m) != groupKey(g[0])) {
					t.Fatalf("%v is in the group of %v", m, g[0])
				}
			}
			grouped = append(grouped, g...)
		}
		byAction := func(a, b GrantedPermission) int { return strings.Compare(a.Action, b.Action) }
		slices.SortFunc(granted, byAction)
		slices.SortFunc(grouped, byAction)
		if d := cmp.Diff(granted, grouped); d != "" {
			t.Fatalf("(-granted +grouped):\n%s", d)
		}
	})
}
