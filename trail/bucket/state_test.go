package bucket_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
)

func gunzip(t *testing.T, stored []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func pack(plain string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(plain))
	_ = z.Close()
	return b.Bytes()
}

// TestStateOfAnotherReading checks that a state is used for the very same question only.
func TestStateOfAnotherReading(t *testing.T) {
	f := newFake(t, flat(5))
	file := filepath.Join(t.TempDir(), "state")
	asked := trail.Query{Since: day.AddDate(0, -2, 0), Accounts: []string{beta, alpha}, Regions: []string{"eu-west-1"}}
	source := func(prefix, fields string) *bucket.Source {
		return bucket.New(f.api, name, prefix, bucket.WithState(file, fields))
	}
	want, _, err := collect(t, source("k/", "1"), asked)
	if err != nil || len(want) == 0 {
		t.Fatal(want, err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(gunzip(t, before), `{"format":"whittle-bucket-state","version":1,"bucket":"trail-logs","prefix":"k/",`) {
		t.Errorf("the first line does not say what it is: %.100s", gunzip(t, before))
	}
	for _, test := range []struct {
		prefix, fields string
		change         func(*trail.Query)
		says           string
	}{
		{"k/0", "1", func(*trail.Query) {}, "it is of s3://trail-logs/k/"},
		{"k/", "2", func(*trail.Query) {}, "another mapping"},
		{"k/", "1", func(q *trail.Query) { q.Since = q.Since.Add(1) }, "another window: 2026-07-29T12:00:00Z to (open)"},
		{"k/", "1", func(q *trail.Query) { q.Until = day }, "another window"},
		{"k/", "1", func(q *trail.Query) { q.Accounts = nil }, `other accounts: ["111122223333" "444455556666"]`},
		{"k/", "1", func(q *trail.Query) { q.Regions = []string{"us-east-1"} }, `other Regions: ["eu-west-1"]`},
	} {
		q := asked
		test.change(&q)
		f.took()
		usages, stats, err := collect(t, source(test.prefix, test.fields), q)
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), file) || len(usages) > 0 || stats.Records > 0 {
			t.Errorf("%q: error %v, %d rows", test.says, err, len(usages))
		}
		if after, _ := os.ReadFile(file); !bytes.Equal(before, after) || len(f.took()) > 0 {
			t.Errorf("%q: the state was touched, or the bucket read", test.says)
		}
	}
	again := asked
	again.Accounts = []string{alpha, beta, alpha}
	if usages, _, err := collect(t, source("k/", "1"), again); err != nil || cmp.Diff(want, usages) != "" || len(f.took()) > 0 {
		t.Errorf("the same accounts in another order: error %v", err)
	}
}

// TestDamagedState checks that a state is read strictly: each change is an error, and leaves it as it is.
func TestDamagedState(t *testing.T) {
	f := newFake(t, flat(5))
	file := filepath.Join(t.TempDir(), "state")
	read := func() error {
		_, _, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithState(file, "1")), trail.Query{})
		return err
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(gunzip(t, good), "\n")
	without := func(i int) []byte {
		return pack(strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), ""))
	}
	replace := func(old, with string) []byte {
		plain := strings.Join(lines, "")
		if !strings.Contains(plain, old) {
			t.Fatalf("no %q in the state", old)
		}
		return pack(strings.Replace(plain, old, with, 1))
	}
	for reason, test := range map[string]struct {
		content []byte
		says    string
	}{
		"empty":              {nil, "not the state"},
		"a log":              {zip(), "not the state"},
		"text":               {[]byte("state"), "not the state"},
		"a newer version":    {replace(`"version":1`, `"version":2`), "newer"},
		"an unknown member":  {replace(`"version":1`, `"version":1,"more":2`), "more"},
		"cut":                {good[:len(good)/2], ""},
		"cut at the end":     {good[:len(good)-4], ""},
		"garbage at the end": {append(bytes.Clone(good), "garbage"...), ""},
		"without ids":        {without(1), "objects"},
		"without hashes":     {without(2), "duplicates"},
		"without a profile":  {pack(strings.Join(lines[:3], "")), "profile"},
		"a row missing":      {without(len(lines) - 2), "profile"},
		"an object too many": {replace(`"objects":5`, `"objects":4`), "objects"},
		"an object missing":  {replace(`"objects":5`, `"objects":6`), "objects"},
		"a partial":          {replace(`"slots"`, `"partial":[{"id":"AAAA","records":1}],"slots"`), "partial"},
		"another table":      {replace(`"slots":1024`, `"slots":1000`), "duplicates"},
	} {
		if err := os.WriteFile(file, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := read(); err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: error %v", reason, err)
		}
		if after, _ := os.ReadFile(file); !bytes.Equal(test.content, after) {
			t.Errorf("%s: the state was overwritten", reason)
		}
	}
}

func TestStateThatCannotBeKept(t *testing.T) {
	f := newFake(t, flat(5))
	file := filepath.Join(t.TempDir(), "nowhere", "state")
	usages, _, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithState(file, "1")), trail.Query{})
	if !errors.Is(err, fs.ErrNotExist) || len(usages) > 0 || len(f.took()) > 0 {
		t.Errorf("error %v", err)
	}
	// The folder goes away while objects are read.
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	q := trail.Query{OnProgress: func(trail.Progress) { os.RemoveAll(filepath.Dir(file)) }}
	usages, _, err = collect(t, bucket.New(f.api, name, "k/", bucket.WithState(file, "1")), q)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "save state "+file) || len(usages) == 0 {
		t.Errorf("error %v, %d rows", err, len(usages))
	}
}

// TestNewObjects reads what was delivered since, at the end and between, and leaves no other file beside
// the state.
func TestNewObjects(t *testing.T) {
	all := flat(14)
	some := map[string][]byte{}
	for key, content := range all {
		if key != "k/00" && key != "k/07" && key != "k/13" {
			some[key] = content
		}
	}
	f := newFake(t, some)
	dir := t.TempDir()
	source := bucket.New(f.api, name, "k/", bucket.WithState(filepath.Join(dir, "state"), "1"), bucket.WithCheckpoint(1))
	if _, _, err := collect(t, source, trail.Query{}); err != nil {
		t.Fatal(err)
	}
	f.took()
	f.change(func() { f.objects = all })
	usages, stats, err := collect(t, source, trail.Query{})
	if diff := cmp.Diff(map[string]int{"k/00": 1, "k/07": 1, "k/13": 1}, f.took()); diff != "" || err != nil {
		t.Errorf("error %v: %s", err, diff)
	}
	want, wantStats, err := collect(t, bucket.New(f.api, name, "k/"), trail.Query{})
	if diff := cmp.Diff(want, usages) + cmp.Diff(wantStats, stats); diff != "" || err != nil {
		t.Errorf("error %v (-all at once +since):\n%s", err, diff)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("error %v, %v", err, entries)
	}
}

// TestExpiredToken lets credentials expire when nine tenths are read. The next reading does the rest.
func TestExpiredToken(t *testing.T) {
	f := newFake(t, flat(30))
	file := filepath.Join(t.TempDir(), "state")
	source := bucket.New(f.api, name, "k/", bucket.WithState(file, "1"))
	f.fault = func(w http.ResponseWriter, _ *http.Request, key string) bool {
		return key >= "k/27" && fail(w, http.StatusBadRequest, "ExpiredToken", "The provided token has expired.")
	}
	usages, stats, err := collect(t, source, trail.Query{})
	if expired, ok := errors.AsType[smithy.APIError](err); !ok || expired.ErrorCode() != "ExpiredToken" || len(usages) == 0 || stats.Files != 27 {
		t.Fatalf("error %v, %+v", err, stats)
	}
	f.took()
	f.change(func() { f.fault = nil })
	if _, stats, err = collect(t, source, trail.Query{}); err != nil || stats.Files != 30 || stats.Records != 30 {
		t.Errorf("error %v, %+v", err, stats)
	}
	if diff := cmp.Diff(map[string]int{"k/27": 1, "k/28": 1, "k/29": 1}, f.took()); diff != "" {
		t.Error(diff)
	}
}

// TestCancel ends while S3 keeps it waiting, for a list or for the rest of an object, and keeps what was read.
func TestCancel(t *testing.T) {
	for _, what := range []string{"", "k/07"} {
		f := newFake(t, flat(12))
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		f.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
			if key != what || key == "" && (r.URL.Query().Get("delimiter") != "" || r.URL.Query().Get("continuation-token") != "k/08") {
				return false
			}
			if key != "" {
				w.Header().Set("Content-Length", "100")
				_, _ = w.Write(f.objects[key][:20])
				_ = http.NewResponseController(w).Flush()
			}
			<-release
			return true
		}
		file := filepath.Join(t.TempDir(), "state")
		source := bucket.New(f.api, name, "k/", bucket.WithState(file, "1"))
		// Slow as it is, what came before is read at once.
		q := trail.Query{OnProgress: func(p trail.Progress) {
			if p.Files == 7 {
				cancel()
			}
		}}
		usages, stats, err := run(ctx, source, q)
		if !errors.Is(err, context.Canceled) || len(usages) == 0 || stats.Files != 7 {
			t.Errorf("%q: error %v, %+v", what, err, stats)
		}
		close(release)
		f.change(func() { f.fault = nil })
		if _, stats, err = run(t.Context(), source, trail.Query{}); err != nil || stats.Files != 12 || stats.Records != 12 {
			t.Errorf("%q: error %v, %+v", what, err, stats)
		}
		cancel()
	}
}
