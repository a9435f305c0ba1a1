package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

type object = map[string]any

// inCloud has all of AWS be a server that answers with handlers, for somebody who has a key and nothing
// else: no profile, no instance, no cache.
func inCloud(t *testing.T, handlers map[string]awsfake.Handler) *awsfake.Server {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_CACHE_HOME": filepath.Join(home, "cache"), "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2",
		"AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	return atFake(t, handlers)
}

// observed runs a command and returns the AWS calls that it made, each "Service Operation".
func observed(t *testing.T, args ...string) (code int, stdout, stderr string, calls []string) {
	t.Helper()
	var mu sync.Mutex
	var out, errs bytes.Buffer
	env := Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs}
	env.OnCall = func(service, operation string) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, service+" "+operation)
	}
	env.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	code = Main(t.Context(), args, env)
	return code, out.String(), errs.String(), calls
}

// answers is a Handler that always says the same.
func answers(o object) awsfake.Handler {
	return func(*awsfake.Request) (any, error) { return o, nil }
}

// refuses is a Handler that always fails.
func refuses(code, message string) awsfake.Handler {
	return func(*awsfake.Request) (any, error) { return nil, &awsfake.Error{Code: code, Message: message} }
}

// recent returns trailtest.SuiteRecords as if they were of the days before yesterday, which Event history
// still has. keep says which.
func recent(t *testing.T, keep func(record object) bool) []json.RawMessage {
	t.Helper()
	first := time.Now().UTC().AddDate(0, 0, -3)
	var out []json.RawMessage
	for _, raw := range trailtest.SuiteRecords() {
		for i, day := range []string{"2026-09-01", "2026-09-02"} {
			raw = bytes.ReplaceAll(raw, []byte(day), []byte(first.AddDate(0, 0, i).Format(time.DateOnly)))
		}
		var r object
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		if keep(r) {
			out = append(out, raw)
		}
	}
	if len(out) == 0 {
		t.Fatal("no records")
	}
	return out
}

func all(object) bool { return true }

// logFile writes records as a file of a trail.
func logFile(t *testing.T, records []json.RawMessage) string {
	t.Helper()
	dir := t.TempDir()
	content, err := json.Marshal(object{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	if err := trailtest.WriteTree(dir, []trailtest.File{{Path: "log.json", Content: content}}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "log.json")
}

// eventTime of a record.
func eventTime(raw json.RawMessage) time.Time {
	var r struct{ EventTime time.Time }
	if err := json.Unmarshal(raw, &r); err != nil {
		panic(err)
	}
	return r.EventTime
}
