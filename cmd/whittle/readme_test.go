package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/cmd/internal/cli"
)

// TestReadme: the output that README.md shows is what the commands print, line by line and in order;
// "…" stands for lines left out.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := runWhittle(t, "generate", "testdata/quickstart")
	explained, _ := runWhittle(t, "explain", "testdata/quickstart", "s3:PutObject")
	outputs := map[string]string{"json": stdout, "": stderr, "console": explained}

	blocks := regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	checked := 0
	for _, b := range blocks {
		output, ok := outputs[b[1]]
		if !ok {
			continue
		}
		checked++
		lines := strings.Split(output, "\n")
		for _, want := range strings.Split(strings.TrimSuffix(b[2], "\n"), "\n") {
			if strings.TrimSpace(want) == "…" || strings.HasPrefix(want, "$ ") {
				continue
			}
			i := 0
			for i < len(lines) && strings.TrimSuffix(lines[i], ",") != strings.TrimSuffix(want, ",") {
				i++
			}
			if i == len(lines) {
				t.Fatalf("README.md shows a line that is not printed there:\n%s", want)
			}
			lines = lines[i+1:]
		}
	}
	if checked != len(outputs) {
		t.Fatalf("%d of %d outputs are in README.md", checked, len(outputs))
	}
}

func runWhittle(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main(t.Context(), args, cli.Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs}); code != 0 {
		t.Fatalf("whittle %s: exit %d: %s", strings.Join(args, " "), code, &errs)
	}
	return out.String(), errs.String()
}
