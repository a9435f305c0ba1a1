package cli

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// An accident is something in AWS that goes wrong.
type accident struct {
	name string
	args []string
	// env is set for the command.
	env map[string]string
	// handlers are of AWS's JSON protocol, operations of IAM and STS; bucket is a fault of S3.
	handlers   map[string]awsfake.Handler
	bucket     func(w http.ResponseWriter, r *http.Request, key string) bool
	operations map[string]func(http.ResponseWriter, url.Values)
	// want are parts of what is printed; kept says that what was read before is kept in a profile.
	want []string
	kept bool
}

// account has the accident happen in an account whose log in S3 can be read otherwise.
func (a accident) account(t *testing.T) *rest {
	t.Helper()
	r := &rest{objects: trailObjects(t, recent(t, all)), fault: a.bucket, operations: a.operations, denies: true}
	handlers := map[string]awsfake.Handler{"": r.handle}
	for operation, h := range a.handlers {
		handlers[operation] = h
	}
	inCloud(t, handlers)
	for name, value := range a.env {
		t.Setenv(name, value)
	}
	return r
}

// TestFaults: whatever goes wrong in AWS, the message says what happened, the permission that is missing if that
// is why, and what to do; nothing is answered, and what was read is kept. With -v it prints all of it.
func TestFaults(t *testing.T) {
	for _, a := range slices.Concat(accidents(), ofAthena(t)) {
		t.Run(a.name, func(t *testing.T) {
			a.account(t)
			code, stdout, stderr, _ := observed(t, a.args...)
			if code != ExitError || stdout != "" {
				t.Errorf("exit %d, output %.200q", code, stdout)
			}
			for _, want := range a.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q is not in:\n%s", want, stderr)
				}
			}
			partial := partialFile([]string{"s3://logs"})
			_, err := os.Stat(partial)
			if kept := err == nil; kept != a.kept || kept != strings.Contains(stderr, partial) {
				t.Errorf("kept: %v, want %v:\n%s", kept, a.kept, stderr)
			}
			t.Logf("whittle %s\nexit %d\n%s", strings.Join(a.args, " "), code, stderr)
			if !a.kept {
				return
			}
			code, _, stderr, _ = observed(t, "generate", partial, "--role", "orders-role")
			if code != ExitOK || !strings.HasPrefix(stderr, "INCOMPLETE: s3://logs was not read to its end: ") {
				t.Errorf("from what was kept: exit %d, %s", code, stderr)
			}
		})
	}
}

// TestStateAfterExpiry: with a state, the same command goes on after the token was renewed, reads what is left
// only, and gives what one reading would have.
func TestStateAfterExpiry(t *testing.T) {
	account := accident{}.account(t)
	code, want, stderr, _ := observed(t, fromS3...)
	if code != ExitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var expired atomic.Bool
	var gets atomic.Int64
	expired.Store(true)
	account.fault = func(w http.ResponseWriter, _ *http.Request, key string) bool {
		if key != "" {
			gets.Add(1)
		}
		return lastObject(key) && expired.Load() && s3Fails(w, 400, "ExpiredToken", "The provided token has expired.")
	}
	args := slices.Concat(fromS3, []string{"--state", filepath.Join(t.TempDir(), "state")})
	code, stdout, stderr, _ := observed(t, args...)
	if code != ExitError || stdout != "" || !strings.Contains(stderr, "run the same command again") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	t.Logf("exit %d\n%s", code, stderr)
	expired.Store(false)
	gets.Store(0)
	code, got, stderr, _ := observed(t, args...)
	if code != ExitOK || got != want || gets.Load() != 1 {
		t.Errorf("exit %d, %d objects read again: %s%s\nwant\n%s", code, gets.Load()-1, got, stderr, want)
	}
}

// TestWholeLogIsKept: neither a permission that is missing after the log was read nor a wrong --role costs the
// reading.
func TestWholeLogIsKept(t *testing.T) {
	account := accident{operations: map[string]func(http.ResponseWriter, url.Values){"GetCallerIdentity": callerIdentity}}.account(t)
	args := slices.Concat(fromS3, []string{"--functions", "aws", "--regions", "eu-west-1"})
	code, stdout, stderr, _ := observed(t, args...)
	kept := wholeFile([]string{"s3://logs"})
	if code != ExitError || stdout != "" || !strings.Contains(stderr, "all 14 records were read and are kept as a profile in "+kept) {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	code, _, stderr, _ = observed(t, "generate", "s3://logs", "--role", "order-role")
	if code != ExitError || !strings.Contains(stderr, "no such role in the events") || !strings.Contains(stderr, "kept as a profile in "+kept) {
		t.Errorf("wrong role: exit %d: %s", code, stderr)
	}
	account.denies = false
	_, want, _, _ := observed(t, args...)
	args[1] = kept
	code, got, stderr, calls := observed(t, args...)
	if code != ExitOK || got != want || got == "" || strings.Contains(stderr, "INCOMPLETE") {
		t.Errorf("exit %d: %s%s\nwant\n%s", code, got, stderr, want)
	}
	if err := cloud.Check(calls, cloud.FeatureFunctions); err != nil {
		t.Error(err)
	}
}
