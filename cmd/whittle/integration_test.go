//go:build integration

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A program is the real binary with the environment of somebody whose AWS is a server at a URL.
type program struct {
	file string
	env  []string
}

// build compiles the binary.
func build(t *testing.T, url string) program {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "whittle")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program{file, []string{
		"HOME=" + dir, "XDG_CACHE_HOME=" + filepath.Join(dir, "cache"),
		"AWS_ENDPOINT_URL=" + url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_EC2_METADATA_DISABLED=true",
	}}
}

// run runs a command, which has to end with an exit status.
func (p program) run(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.file, args...)
	cmd.Dir = "../.."
	cmd.Env = p.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("whittle %q: exit %d, want %d (%v)\n%s%s", args, got, status, err, &out, &errs)
	}
	return out.String(), errs.String()
}

// TestIntegrationGenerate: the policy from the bucket is the one from the same files on disk.
func TestIntegrationGenerate(t *testing.T) {
	p := build(t, startAccount(t))
	want, _ := p.run(t, 0, "generate", "testdata/quickstart")
	got, _ := p.run(t, 0, "generate", "s3://"+bucketName)
	if got != want {
		t.Errorf("policy from S3:\n%s\nfrom files:\n%s", got, want)
	}
	state := filepath.Join(t.TempDir(), "state")
	for range 2 {
		if got, _ := p.run(t, 0, "generate", "s3://"+bucketName, "--state", state); got != want {
			t.Errorf("policy with a state:\n%s", got)
		}
	}
	if err := os.Remove(state); err != nil {
		t.Error(err)
	}
}
