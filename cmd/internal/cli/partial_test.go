package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

// A breaking source yields what files hold and then an error.
type breaking struct{ trail.Source }

var errBroken = errors.New("the token has expired")

func (b breaking) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		for u, err := range b.Source.Usage(ctx, q) {
			if !yield(u, err) || err != nil {
				return
			}
		}
		yield(trail.Usage{}, errBroken)
	}
}

// withBreaking makes SOURCE "breaking://PATH" known for a test.
func withBreaking(t *testing.T) {
	schemes["breaking"] = func(_ context.Context, _ Env, arg string, _ *readOptions, _ *actionmap.Mapper) (trail.Source, error) {
		return breaking{logfile.New([]string{arg})}, nil
	}
	t.Cleanup(func() { delete(schemes, "breaking") })
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

const quickstart = "../../../testdata/quickstart"

func run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Main(t.Context(), args, Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

// TestPartial: what was read before an error is kept, no answer is built on it, and a later answer from what
// was kept says first that it is incomplete.
func TestPartial(t *testing.T) {
	withBreaking(t)
	for _, args := range [][]string{
		{"generate", "breaking://" + quickstart},
		{"unused", "breaking://" + quickstart, "--current", "../../../testdata/policies/orders-processor-role.json"},
		{"generate", quickstart, "breaking://" + quickstart},
	} {
		status, stdout, stderr := run(t, args...)
		if status != ExitError || stdout != "" {
			t.Errorf("%v: exit %d, output %q; want %d and none", args, status, stdout, ExitError)
		}
		if !strings.Contains(stderr, errBroken.Error()) || !strings.Contains(stderr, "kept as a profile in ") {
			t.Errorf("%v: error does not say what happened and where the work is:\n%s", args, stderr)
		}
	}
	status, policy, stderr := run(t, "generate", partialFile([]string{"breaking://" + quickstart}))
	first, _, _ := strings.Cut(stderr, "\n")
	if status != ExitOK || !strings.HasPrefix(policy, "{") || !strings.HasPrefix(first, "INCOMPLETE: breaking://") {
		t.Errorf("exit %d, first line %q, policy %q", status, first, policy)
	}
	if _, _, stderr := run(t, "generate", "--quiet", partialFile([]string{"breaking://" + quickstart})); !strings.HasPrefix(stderr, "INCOMPLETE: ") {
		t.Errorf("quiet: %q", stderr)
	}
	status, stdout, stderr := run(t, "unused", partialFile([]string{"breaking://" + quickstart}), "--min-days", "28",
		"--current", "../../../testdata/policies/orders-processor-role.json")
	first, _, _ = strings.Cut(stdout, "\n")
	if status != ExitOK || !strings.HasPrefix(first, "INCOMPLETE: ") {
		t.Errorf("exit %d, first line %q\n%s", status, first, stderr)
	}
	if strings.Contains(stdout, "\nUnused") {
		t.Errorf("permissions count as unused by an incomplete log:\n%s", stdout)
	}
}

// TestPartialCollect: collect writes what there is where it was asked to, and fails.
func TestPartialCollect(t *testing.T) {
	withBreaking(t)
	file := filepath.Join(t.TempDir(), "usage.json.gz")
	status, _, stderr := run(t, "collect", "breaking://"+quickstart, "-o", file)
	if status != ExitError || !strings.HasPrefix(stderr, "INCOMPLETE: ") || !strings.Contains(stderr, errBroken.Error()) {
		t.Errorf("exit %d\n%s", status, stderr)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// TestMixed: a profile and a log of other days give what both logs together do.
func TestMixed(t *testing.T) {
	schemes["files"] = func(_ context.Context, _ Env, arg string, _ *readOptions, _ *actionmap.Mapper) (trail.Source, error) {
		return logfile.New([]string{arg}), nil
	}
	defer delete(schemes, "files")
	days := quickstart + "/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10"
	_, want, _ := run(t, "generate", days+"/02", days+"/13", days+"/23")
	status, got, stderr := run(t, "generate", days+"/02", "files://"+days+"/13", days+"/23")
	if status != ExitOK || got != want || got == "" {
		t.Errorf("exit %d: %s\n%s\nwant\n%s", status, stderr, got, want)
	}
}

// TestSplit: only what was joined comes apart, and what is added to it is one more.
func TestSplit(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	for _, test := range []struct {
		err  error
		want int
	}{
		{a, 1}, {errors.Join(a, b), 2}, {errors.Join(a), 1}, {fmt.Errorf("%w, and then %w", a, b), 1}, {joined(errors.Join(a, b), a), 3}, {joined(a, b), 2},
	} {
		if got := split(test.err); len(got) != test.want {
			t.Errorf("%v: %d errors, want %d", test.err, len(got), test.want)
		}
	}
}
