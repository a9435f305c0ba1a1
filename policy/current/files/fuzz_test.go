package files_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current/files"
)

// FuzzRead reads anything. What it returns must be what its own words say: each text is a policy or
// has an error, and stands where its origin says.
func FuzzRead(f *testing.F) {
	seeds, _ := filepath.Glob("testdata/*.json")
	yaml, _ := filepath.Glob("testdata/folder/*.yaml")
	if seeds = append(seeds, yaml...); len(seeds) < 10 {
		f.Fatalf("only %d seeds", len(seeds))
	}
	for _, file := range seeds {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
		f.Add("[" + string(text) + "]")
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 16<<10 {
			t.Skip("YAML takes its time")
		}
		set, err := files.Read([]string{"-"}, strings.NewReader(in))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "standard input") {
				t.Errorf("without its place: %v", err)
			}
			return
		}
		if len(set.All())+len(set.Managed)+len(set.Roles)+len(set.Notes) == 0 && !strings.Contains(in, "DetailList") {
			t.Error("nothing was read, without a word")
		}
		for _, p := range append(set.All(), set.Managed...) {
			doc, err := policy.Parse(p.Text)
			switch {
			case (err != nil) != (p.Err != nil) && !strings.Contains(p.Err.Error(), "not URL-encoded"):
				t.Errorf("parsed again: %v, first %v", err, p.Err)
			case err == nil && !reflect.DeepEqual(*doc, p.Document):
				t.Errorf("parsed again: %v, first %v", *doc, p.Document)
			case p.Err != nil && !strings.HasPrefix(p.Err.Error(), "standard input:"):
				t.Errorf("without its place: %v", p.Err)
			}
			if p.Origin.Exact && utf8.ValidString(in) && !strings.HasPrefix(after(in, p.Origin.Line, p.Origin.Column), string(p.Text)) {
				t.Errorf("%q is not at %d:%d", p.Text, p.Origin.Line, p.Origin.Column)
			}
		}
	})
}

// after is what of a text begins at a position: the naive way.
func after(text string, line, column int) string {
	text = strings.TrimPrefix(text, "\ufeff")
	for ; line > 1; line-- {
		_, text, _ = strings.Cut(text, "\n")
	}
	return string([]rune(text)[column-1:])
}
