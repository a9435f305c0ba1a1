package trail

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// genEvidence makes the evidence of some calls. IDs repeat, as where two inputs overlap.
func genEvidence(t *rapid.T) Evidence {
	var e Evidence
	for i := range rapid.IntRange(0, 5).Draw(t, "calls") {
		at := mustTime.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "at")) * time.Hour)
		id := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id"))
		if i == 0 {
			e = once(at, id)
		} else {
			e.add(at, id)
		}
	}
	return e
}

func TestJoinLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := genEvidence(t), genEvidence(t), genEvidence(t)
		same := func(law string, x, y Evidence) {
			if diff := cmp.Diff(x, y); diff != "" {
				t.Fatalf("%s:\n%s", law, diff)
			}
		}
		same("commutative", a.Join(b), b.Join(a))
		same("associative", a.Join(b).Join(c), a.Join(b.Join(c)))
		same("zero", a, a.Join(Evidence{}))
		same("zero", a, Evidence{}.Join(a))
	})
}

func TestJoinWithoutEventTimes(t *testing.T) {
	old := Evidence{Count: 1, First: mustTime, Last: mustTime, EventIDs: []string{"old"}}
	fresh := once(mustTime.Add(time.Hour), "new")
	if diff := cmp.Diff([]string{"new", "old"}, old.Join(fresh).EventIDs); diff != "" {
		t.Error(diff)
	}
}

func TestDay(t *testing.T) {
	for text, want := range map[string]int32{
		"1970-01-01T00:00:00Z": 0, "1970-01-01T23:59:59Z": 0, "1970-01-02T00:00:00Z": 1,
		"1969-12-31T23:59:59Z": -1, "1969-12-31T00:00:00Z": -1, "2026-09-01T23:00:00-02:00": 20698,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := day(at); got != want {
			t.Errorf("day(%s) = %d, want %d", text, got, want)
		}
	}
}

// TestEncodeIsInjective checks that different keys do not share a row, whatever bytes are in them.
func TestEncodeIsInjective(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("a\x00\x01\u00ff")))
	key := rapid.Custom(func(t *rapid.T) Key {
		k := Key{EventName: text.Draw(t, "name"), Region: text.Draw(t, "region"), ErrorCode: text.Draw(t, "code"), Missing: text.Draw(t, "missing")}
		k.Role, k.ByLambda, k.Denial.Explicit = text.Draw(t, "role"), rapid.Bool().Draw(t, "lambda"), rapid.Bool().Draw(t, "explicit")
		for range rapid.IntRange(0, 2).Draw(t, "params") {
			k.Params = append(k.Params, Param{Path: text.Draw(t, "path"), Values: rapid.SliceOfN(text, 1, 2).Draw(t, "values")})
		}
		return k
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := key.Draw(t, "a"), key.Draw(t, "b")
		if rapid.Bool().Draw(t, "move") { // a character from one field to the next
			b = a
			b.EventName, b.Region = a.EventName+a.Region, ""
		}
		if same := string(a.encode(nil, -1)) == string(b.encode(nil, -1)); same != cmp.Equal(a, b) {
			t.Fatalf("same encoding: %v\n%#v\n%#v", same, a, b)
		}
	})
}
