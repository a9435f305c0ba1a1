package actionmap_test

import (
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/actionmap"
)

func TestPrefixes(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		reason, source string
		want           []string
	}{
		{"its variants too", "s3.amazonaws.com", []string{"s3", "s3-object-lambda", "s3express"}},
		{"another name", "monitoring.amazonaws.com", []string{"cloudwatch"}},
		{"made up", "made-up.amazonaws.com", nil},
		{"no source", "", nil},
	} {
		if got := m.Prefixes(test.source); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.reason, got, test.want)
		}
	}
}
