package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

const committed = "../../../testdata/quickstart"

// The committed trail is compared decompressed: Go may come to compress better.
func TestCommittedTrailIsGenerated(t *testing.T) {
	want := make(map[string]string)
	for _, f := range files() {
		if _, ok := want[f.Path]; ok {
			t.Errorf("two files of path %s", f.Path)
		}
		want[f.Path] = string(f.Content)
	}
	got := make(map[string]string)
	root := os.DirFS(committed)
	err := fs.WalkDir(root, "AWSLogs", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		got[path] = decompress(t, path, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) < 50 {
		t.Errorf("%d files in %s, want the whole trail", len(got), committed)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("run: go run ./trail/trailtest/quickstart testdata/quickstart\n(-generated +committed):\n%s", diff)
	}
}

func decompress(t *testing.T, path string, raw []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !r.ModTime.IsZero() || r.Name != "" {
		t.Errorf("%s: the gzip header has a time or a name", path)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return string(content)
}

func TestWriteIsRepeatable(t *testing.T) {
	dir := t.TempDir()
	var trees [2]map[string]string
	for i := range trees {
		if err := write(dir); err != nil {
			t.Fatal(err)
		}
		trees[i] = make(map[string]string)
		paths, err := filepath.Glob(filepath.Join(dir, "AWSLogs", account, "CloudTrail", region, "2026", "10", "*", "*.gz"))
		if err != nil || len(paths) < 50 {
			t.Fatalf("%d files written, error %v", len(paths), err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			trees[i][path] = string(raw)
		}
	}
	if diff := cmp.Diff(trees[0], trees[1]); diff != "" {
		t.Error(diff)
	}
}

// The README's figures.
func TestFigures(t *testing.T) {
	all, records, size := files(), 0, 0
	for _, f := range all {
		size += len(f.Gzip())
		var delivered struct{ Records []json.RawMessage }
		if err := json.Unmarshal(f.Content, &delivered); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		records += len(delivered.Records)
	}
	type figures struct{ Files, Records int }
	if diff := cmp.Diff(figures{60, 785}, figures{len(all), records}); diff != "" {
		t.Error(diff)
	}
	if size > 400_000 {
		t.Errorf("%d bytes, too much to commit", size)
	}
}

// What the README tells of the function's role, as package trail counts it.
func TestRoleIsSeenAsTold(t *testing.T) {
	observer, all := trail.NewObserver(trail.Query{}), trail.NewAggregator()
	for _, f := range files() {
		var delivered struct{ Records []json.RawMessage }
		if err := json.Unmarshal(f.Content, &delivered); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		for _, raw := range delivered.Records {
			o := observer.Observe(raw)
			all.Add(&o)
		}
	}
	got := make(map[string]int64)
	for _, u := range all.Usages() {
		if u.Role != "arn:aws:iam::"+account+":role/service-role/orders-processor-role" {
			continue
		}
		by := ""
		if u.ByLambda {
			by = " by Lambda"
		}
		got[string(u.Kind)+" "+u.EventName+" "+string(u.Outcome)+by] += u.Count
	}
	want := map[string]int64{
		"assumption AssumeRole authorised":                    28,
		"call CreateLogGroup authorised by Lambda":            1,
		"call CreateLogStream authorised by Lambda":           28,
		"call CreateNetworkInterface authorised by Lambda":    1,
		"call DescribeNetworkInterfaces authorised by Lambda": 1,
		"call DeleteNetworkInterface authorised by Lambda":    1,
		"call ReceiveMessage authorised by Lambda":            48,
		"call DeleteMessage authorised by Lambda":             48,
		"call GetQueueAttributes authorised by Lambda":        28,
		"call GetObject authorised":                           82,
		"call PutObject authorised":                           48,
		"call GenerateDataKey authorised":                     48,
		"call GetSecretValue authorised":                      28,
		"call Decrypt authorised":                             56,
		"call Decrypt inconclusive":                           1,
		"call PutItem authorised":                             34,
		"call UpdateItem authorised":                          97,
		"call Query authorised":                               28,
		"call TransactWriteItems authorised":                  14,
		"call SendMessage authorised":                         48,
		"call ListBuckets denied":                             3,
		"call DeleteTable denied":                             1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	skipped := map[trail.SkipReason]int64{
		trail.SkipDuplicate: 7, trail.SkipAWSAccount: 1, trail.SkipAWSService: 28, trail.SkipServiceEvent: 4, trail.SkipIAMUser: 8, trail.SkipInsight: 1,
	}
	if diff := cmp.Diff(skipped, all.Stats().Skipped); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
