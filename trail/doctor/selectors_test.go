package doctor

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var letters = rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 0, 3, -1)

func drawSelector(t *rapid.T) types.AdvancedEventSelector {
	values := func(label string) []string { return rapid.SliceOfN(letters, 0, 2).Draw(t, label) }
	var s types.AdvancedEventSelector
	for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y"}), 1, 2).Draw(t, "fields") {
		s.FieldSelectors = append(s.FieldSelectors, types.AdvancedFieldSelector{Field: aws.String(name),
			Equals: values("Equals"), StartsWith: values("StartsWith"), EndsWith: values("EndsWith"),
			NotEquals: values("NotEquals"), NotStartsWith: values("NotStartsWith"), NotEndsWith: values("NotEndsWith")})
	}
	return s
}

// matches is the naive evaluation of a selector for one event.
func matches(s types.AdvancedEventSelector, e map[string]string) bool {
	for _, f := range s.FieldSelectors {
		v := e[*f.Field]
		in := func(equal, start, end []string) bool {
			return slices.Contains(equal, v) || slices.ContainsFunc(start, func(p string) bool { return strings.HasPrefix(v, p) }) ||
				slices.ContainsFunc(end, func(p string) bool { return strings.HasSuffix(v, p) })
		}
		if len(f.Equals)+len(f.StartsWith)+len(f.EndsWith) > 0 && !in(f.Equals, f.StartsWith, f.EndsWith) ||
			in(f.NotEquals, f.NotStartsWith, f.NotEndsWith) {
			return false
		}
	}
	return true
}

// TestSelectedHolds: what is said to be selected always is, and what never, never.
func TestSelectedHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, known, e := drawSelector(t), event{}, map[string]string{}
		for _, name := range []string{"x", "y"} {
			text := letters.Draw(t, "known "+name)
			known[name] = value{text, rapid.Bool().Draw(t, "whole "+name)}
			e[name] = text
			if !known[name].whole {
				e[name] += letters.Draw(t, "rest "+name)
			}
		}
		switch got, want := selected(s, known), matches(s, e); {
		case got == all && !want:
			t.Fatalf("all of %v is selected, but %v is not", known, e)
		case got == none && want:
			t.Fatalf("none of %v is selected, but %v is", known, e)
		}
	})
}

// TestSelectedIsExactForWholeEvents: where all is known, nothing is left open.
func TestSelectedIsExactForWholeEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, e := drawSelector(t), map[string]string{"x": letters.Draw(t, "x"), "y": letters.Draw(t, "y")}
		want := none
		if matches(s, e) {
			want = all
		}
		if got := selected(s, event{"x": exactly(e["x"]), "y": exactly(e["y"])}); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestSelectorWithoutFieldsSelectsNothing(t *testing.T) {
	if selected(types.AdvancedEventSelector{}, event{}) != none {
		t.Error("it selects")
	}
}

// TestCommandsRepair: the selectors of the last command leave nothing out, and hold what the trail had.
func TestCommandsRepair(t *testing.T) {
	old := selector(equals("eventCategory", "Data"), equals("resources.type", "AWS::S3::Object"), equals("eventName", "PutObject"))
	network := selector(equals("eventCategory", "NetworkActivity"), equals("eventSource", "kms.amazonaws.com"))
	trail := fakeTrail{name: "a", advanced: []types.AdvancedEventSelector{network, old,
		selector(equals("eventCategory", "Management"), equals("readOnly", "false"))}}
	r, err := examine(t, []fakeTrail{trail}, fakeBucket{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 3 {
		t.Fatalf("findings %+v", r.Findings)
	}
	words := shellWords(t, r.Findings[2].Command)
	if want := []string{"aws", "cloudtrail", "put-event-selectors", "--region", "eu-west-1", "--trail-name", trail.arn(), "--advanced-event-selectors"}; !slices.Equal(words[:len(words)-1], want) {
		t.Fatalf("words %q", words)
	}
	var repaired []types.AdvancedEventSelector
	if err := json.Unmarshal([]byte(words[len(words)-1]), &repaired); err != nil {
		t.Fatal(err)
	}
	if text, wantNetwork := selectorsJSON(repaired), selectorsJSON([]types.AdvancedEventSelector{network, old}); !strings.Contains(text, wantNetwork[1:len(wantNetwork)-1]) {
		t.Errorf("%s lacks %s", text, wantNetwork)
	}
	trail.advanced = repaired
	if r, err = examine(t, []fakeTrail{trail}, fakeBucket{}); err != nil || len(r.Findings) != 0 {
		t.Errorf("after the command: %+v, %v", r.Findings, err)
	}
}

// shellWords has a shell take a command apart.
func shellWords(t interface{ Fatal(...any) }, command string) []string {
	out, err := exec.Command("sh", "-c", `printf '%s\0' `+command).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestQuote(t *testing.T) {
	for _, hostile := range []string{"", "a", "it's", "$(touch x)", "`id`", "a b", "a\nb", "--flag", `"\`, "'", "''", "*", "~", "é; rm -rf /", "!x", "#x", "a=b"} {
		if got := shellWords(t, quote(hostile)); !slices.Equal(got, []string{hostile}) {
			t.Errorf("quote(%q) = %s, which a shell reads as %q", hostile, quote(hostile), got)
		}
	}
}

// TestSelectorsJSON: any text comes through in printable ASCII.
func TestSelectorsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []types.AdvancedEventSelector{{Name: aws.String("n" + rapid.String().Draw(t, "name")),
			FieldSelectors: []types.AdvancedFieldSelector{equals(rapid.String().Draw(t, "field"), rapid.String().Draw(t, "value"))}}}
		text := selectorsJSON(want)
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
			t.Fatalf("%q at %d", text, i)
		}
		var got []types.AdvancedEventSelector
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(selectorsJSON(want), selectorsJSON(got)); diff != "" || *got[0].Name != *want[0].Name {
			t.Fatal(diff)
		}
	})
}
