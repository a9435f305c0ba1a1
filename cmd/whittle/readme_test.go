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
	outputs := map[string]string{"json": stdout, "": stderr}

	blocks := regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	checked, commands := map[string]bool{}, 0
	for _, b := range blocks {
		output, ok := outputs[b[1]]
		if command, _, _ := strings.Cut(b[2], "\n"); b[1] == "console" {
			args, found := strings.CutPrefix(command, "$ whittle ")
			if !found {
				t.Fatalf("README.md shows output without its command: %s", command)
			}
			output, _ = runWhittle(t, strings.Fields(args)...)
			commands++
		} else if !ok {
			continue
		}
		checked[b[1]] = true
		lines := strings.Split(output, "\n")
		for _, want := range strings.Split(strings.TrimSuffix(b[2], "\n"), "\n") {
			if strings.TrimSpace(want) == "…" || want == "" || strings.HasPrefix(want, "$ ") {
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
	if !checked["json"] || !checked[""] || commands < 4 {
		t.Fatalf("README.md lacks output: it shows %v and %d commands", checked, commands)
	}
}

func runWhittle(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main(t.Context(), args, cli.Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs}); code > cli.ExitFindings {
		t.Fatalf("whittle %s: exit %d: %s", strings.Join(args, " "), code, &errs)
	}
	return out.String(), errs.String()
}
