package report

import (
	"bytes"
	"strings"
	"testing"
)

func TestContainmentSentences(t *testing.T) {
	granted, wider, undecided := Change{Kind: "granted", Widens: true}, Change{Kind: "changed", Widens: true}, Change{Kind: "undecided", Widens: true}
	for _, test := range []struct {
		policies []string
		beyond   []Change
		want     string
	}{
		{[]string{"a", "b"}, nil, "Within the current policies (a, b): by comparison it allows nothing that they do not."},
		{nil, []Change{granted}, "Beyond the current policies (none): by comparison it allows 1 thing that they do not; 3 of its 4 permissions are within them."},
		{[]string{"a"}, []Change{granted, wider}, "Beyond the current policies (a): by comparison it allows 2 things that they do not; 3 of its 4 permissions are within them."},
		{[]string{"a"}, []Change{undecided}, "Beyond the current policies (a): by comparison it may allow 1 thing that could not be decided; 3 of its 4 permissions are within them."},
		{[]string{"a"}, []Change{undecided, wider}, "Beyond the current policies (a): by comparison it allows 1 thing that they do not, and may allow 1 more that could not be decided; 3 of its 4 permissions are within them."},
	} {
		c := Containment{Policies: test.policies, Beyond: test.beyond, Permissions: 4, Within: 3}
		if got := c.sentence(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	within, beyond := Role{Containment: &Containment{}}, Role{Containment: &Containment{Beyond: []Change{granted}}}
	for _, test := range []struct {
		roles []Role
		want  string
	}{
		{[]Role{{}}, ""},
		{[]Role{{}, within}, "; by comparison they allow nothing that the current policies do not"},
		{[]Role{{}, within, beyond}, "; 1 of 2 compared with the current policies allows more than they do"},
		{[]Role{beyond, beyond}, "; 2 of 2 compared with the current policies allow more than they do"},
	} {
		if got := containedSentence(test.roles); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestBriefContainment: a table of many roles says which of them goes beyond its policies.
func TestBriefContainment(t *testing.T) {
	var b bytes.Buffer
	r := base()
	r.Roles = []Role{
		{Role: "quiet", Containment: &Containment{}},
		{Role: "wide", Containment: &Containment{Policies: []string{"p"}, Beyond: []Change{{Kind: "granted", Widens: true}}}},
	}
	if err := Brief(&b, r); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Contains(got, "quiet") || !strings.Contains(got, "Role wide\n") || !strings.Contains(got, "Beyond the current policies (p)") {
		t.Error(got)
	}
}
