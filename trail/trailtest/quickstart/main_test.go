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
)

const committed = "../../../testdata/quickstart"

// The committed trail is compared decompressed: Go may come to compress better.
func TestCommittedTrailIsGenerated(t *testing.T) {
	want := make(map[string]string)
	for _, f := range trail() {
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
	files, records, size := 0, 0, 0
	for _, f := range trail() {
		files++
		size += len(f.Gzip())
		var delivered struct{ Records []json.RawMessage }
		if err := json.Unmarshal(f.Content, &delivered); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		records += len(delivered.Records)
	}
	type figures struct{ Files, Records int }
	if diff := cmp.Diff(figures{60, 785}, figures{files, records}); diff != "" {
		t.Error(diff)
	}
	if size > 400_000 {
		t.Errorf("%d bytes, too much to commit", size)
	}
}
