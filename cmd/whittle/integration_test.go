//go:build integration

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A program is the real binary with the environment of somebody whose AWS is a server at a URL.
type program struct {
	file string
	env  []string
	dir  string
}

// build compiles the binary.
func build(t *testing.T, url string) program {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "whittle")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program{file: file, dir: "../..", env: []string{
		"HOME=" + dir, "XDG_CACHE_HOME=" + filepath.Join(dir, "cache"),
		"AWS_ENDPOINT_URL=" + url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_EC2_METADATA_DISABLED=true",
	}}
}

// run runs a command, which has to end with an exit status.
func (p program) run(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.file, args...)
	cmd.Dir = p.dir
	cmd.Env = p.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("whittle %q: exit %d, want %d (%v)\n%s%s", args, got, status, err, &out, &errs)
	}
	return out.String(), errs.String()
}

// TestIntegration runs the commands on an account: its log, its role's policies and its function.
func TestIntegration(t *testing.T) {
	p := build(t, startAccount(t))
	t.Run("generate", p.generate)
	t.Run("generate with a state", p.generateState)
	t.Run("generate in context", p.generateContext)
	t.Run("unused", p.unused)
	t.Run("diff", p.diff)
	t.Run("faults", p.faults)
	t.Run("README", p.readme)
}

// readme: the commands that README.md shows for a trail's bucket, IAM and Lambda work. Those for what the
// server lacks (Athena's SQL, Event history, CloudTrail Lake, CloudWatch Logs) are in tests of their own.
func (p program) readme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PATH="+t.TempDir()) // nothing but whittle is needed
	p.dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(p.dir, "testdata", "policies"), os.DirFS("../../testdata/policies")); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			args, ok := strings.CutPrefix(strings.TrimSpace(line), "whittle ")
			if !ok {
				t.Fatalf("README.md shows %q in a block of commands", line)
			}
			if !strings.Contains(line, "s3://"+bucketName) && !strings.Contains(line, " aws ") || strings.Contains(line, "athena:") {
				continue
			}
			n++
			out, _ := p.run(t, 0, strings.Fields(args)...)
			if out == "" && !strings.HasPrefix(args, "collect") {
				t.Errorf("whittle %s: no output", args)
			}
		}
	}
	if n < 6 {
		t.Errorf("README.md shows %d commands for AWS, of those that work on the server", n)
	}
}

// generate: the policy from the bucket is the one from the same files on disk.
func (p program) generate(t *testing.T) {
	want, _ := p.run(t, 0, "generate", "testdata/quickstart")
	for _, source := range []string{"s3://" + bucketName, "s3://" + bucketName + "/AWSLogs/" + account + "/"} {
		if got, _ := p.run(t, 0, "generate", source); got != want {
			t.Errorf("policy from %s:\n%s\nfrom files:\n%s", source, got, want)
		}
	}
}

// generateState: a second run reads nothing, and says the same.
func (p program) generateState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	want, wantSummary := p.run(t, 0, "generate", "s3://"+bucketName, "--state", state)
	got, gotSummary := p.run(t, 0, "generate", "s3://"+bucketName, "--state", state)
	if got != want || gotSummary != wantSummary || want == "" {
		t.Errorf("second run:\n%s%s\nfirst run:\n%s%s", gotSummary, got, wantSummary, want)
	}
	if _, errs := p.run(t, 2, "generate", "s3://"+bucketName, "--state", state, "--since", "2026-10-03"); !strings.Contains(errs, state) {
		t.Errorf("a state of another window is refused with %q", errs)
	}
}

// generateContext: the settings of the function take the place of guesses, and what the role has now is
// compared with.
func (p program) generateContext(t *testing.T) {
	policy, summary := p.run(t, 0, "generate", "s3://"+bucketName, "--regions", "us-east-1", "--functions", "aws", "--current", "aws")
	for _, want := range []string{"xray:PutTraceSegments", "logs:PutLogEvents"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy lacks %s:\n%s", want, policy)
		}
	}
	for _, want := range []string{"active tracing of function orders-processor asks for it", "Beyond the current policies"} {
		if !strings.Contains(summary, want) {
			t.Errorf("summary does not speak of %s:\n%s", want, summary)
		}
	}
}

// unused: IAM's answer gives what the same policies in a file give.
func (p program) unused(t *testing.T) {
	type permission struct{ Action, Resource, Status, Policy string }
	granted := func(out string) (list []permission) {
		var report struct {
			Unused []struct{ Granted []permission }
		}
		if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Unused) != 1 {
			t.Fatalf("%v in\n%s", err, out)
		}
		for _, g := range report.Unused[0].Granted {
			if g.Policy != path.Base(vpcPolicy) {
				g.Policy = ""
				list = append(list, g)
			}
		}
		return list
	}
	args := func(source string, more ...string) []string {
		return append([]string{"unused", source, "--min-days", "28", "--format", "json"}, more...)
	}
	fromFile, _ := p.run(t, 1, args("testdata/quickstart", "--current", "testdata/policies/orders-processor-role.json")...)
	want := granted(fromFile)
	for _, current := range [][]string{{"--current", "aws"}, {"--current", "aws", "--role", roleName}} {
		fromIAM, _ := p.run(t, 1, args("s3://"+laterBucket, current...)...)
		if diff := cmp.Diff(want, granted(fromIAM)); diff != "" || len(want) == 0 {
			t.Errorf("%v (-file +IAM):\n%s", current, diff)
		}
	}
	// The role is younger than the other log.
	if out, _ := p.run(t, 0, args("s3://"+bucketName, "--current", "aws")...); !strings.Contains(out, "after the log ends") {
		t.Errorf("what was granted after the log ended counts as unused:\n%s", out)
	}
}

// diff: a proposal grants nothing that the role does not have, and the reverse is not so.
func (p program) diff(t *testing.T) {
	dir := t.TempDir()
	p.run(t, 0, "generate", "s3://"+bucketName, "--no-overlay", "--out", dir, "--quiet")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("policies written: %v, %v", files, err)
	}
	// The role may use keys when a condition holds of which CloudTrail does not tell, so that the proposal asks
	// for another one.
	out, _ := p.run(t, 1, "diff", "aws", files[0], "--role", roleName)
	for _, want := range []string{"NEW allows 3 things under wider conditions; it removes", "when StringEquals aws:RequestedRegion us-east-1", "sqs:*"} {
		if !strings.Contains(out, want) {
			t.Errorf("diff does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\nGranted") {
		t.Errorf("the proposal grants what the role does not have:\n%s", out)
	}
	out, _ = p.run(t, 1, "diff", files[0], "aws", "--role", roleName)
	if !strings.Contains(out, "Granted") {
		t.Errorf("the current policies grant nothing that the proposal does not:\n%s", out)
	}
}

// faults: what cannot be done says what is wrong and what to do.
func (p program) faults(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"missing bucket": {[]string{"generate", "s3://no-such-bucket-here"}, "no-such-bucket-here"},
		"empty prefix":   {[]string{"generate", "s3://" + bucketName + "/nothing/"}, "nothing/"},
		"missing role":   {[]string{"diff", "aws", "testdata/policies/after.json", "--role", "no-such-role"}, "no-such-role"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs := p.run(t, 2, c.args...)
			if out != "" || !strings.Contains(errs, c.want) {
				t.Errorf("output %q, errors:\n%s", out, errs)
			}
			t.Log(errs)
		})
	}
}
