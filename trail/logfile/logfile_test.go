package logfile_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

// read reads everything, and reports skips by file name, reason and record.
func read(t *testing.T, q trail.Query, paths []string, options ...logfile.Option) ([]trail.Usage, trail.Stats, []trail.Skip, error) {
	t.Helper()
	var stats trail.Stats
	var skips []trail.Skip
	q.Stats = &stats
	q.OnSkip = func(s trail.Skip) {
		if s.Err == nil {
			t.Errorf("a skip without an error: %+v", s)
		}
		s.File, s.Err = filepath.Base(s.File), nil
		skips = append(skips, s)
	}
	var usages []trail.Usage
	for usage, err := range logfile.New(paths, options...).Usage(t.Context(), q) {
		if err != nil {
			return usages, stats, skips, err
		}
		usages = append(usages, usage)
	}
	sum := stats.Used
	for _, n := range stats.Skipped {
		sum += n
	}
	if sum != stats.Records {
		t.Errorf("%d of %d records used or skipped", sum, stats.Records)
	}
	return usages, stats, skips, nil
}

// TestBrokenFiles checks that a file that is broken in some way costs no more than the broken part.
func TestBrokenFiles(t *testing.T) {
	records := trailtest.SuiteRecords()
	delivered, lines := forms[0].write(records), forms[3].write(records)
	compressed := gzipped(delivered)
	// A block of a type that there is not: other errors could give other words before they are found.
	second := gzipped(lines)
	second[10] = 0x07
	corrupt := append(gzipped(lines), second...)
	checksum := bytes.Clone(compressed)
	checksum[len(checksum)-6] ^= 0xff
	var profile bytes.Buffer
	if err := trail.WriteProfile(&profile, nil, trail.Stats{Records: 7}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		content []byte
		reason  trail.SkipReason
		records int64 // read from it, -1 for some
	}{
		{"empty", nil, trail.SkipEmptyFile, 0},
		{"package.json", []byte(`{"name":"x","files":["a"],"scripts":{}}`), trail.SkipNotCloudTrail, 0},
		{"image.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), trail.SkipNotCloudTrail, 0},
		{"notes.txt", []byte("some notes\n"), trail.SkipNotCloudTrail, 0},
		{"empty.gz", gzipped(nil), trail.SkipNotCloudTrail, 0},
		{"cut.json", delivered[:len(delivered)/2], trail.SkipTruncated, -1},
		{"cut.json.gz", compressed[:len(compressed)/2], trail.SkipTruncated, -1},
		{"cut-header.gz", compressed[:5], trail.SkipTruncated, 0},
		{"corrupt.gz", corrupt, trail.SkipCorrupt, -1},
		{"checksum.gz", checksum, trail.SkipCorrupt, int64(len(records))},
		{"bad-header.gz", append([]byte{0x1f, 0x8b, 9}, compressed[3:]...), trail.SkipCorrupt, 0},
		{"cut.zst", packings["zstd"](delivered)[:60], trail.SkipTruncated, -1},
		{"trailing-garbage.gz", append(bytes.Clone(compressed), "garbage after the last member"...), trail.SkipCorrupt, int64(len(records))},
		{"cut-profile.json.gz", profile.Bytes()[:profile.Len()-9], trail.SkipTruncated, 0},
		{"bad-profile.json", []byte(`{"format":"whittle-usage","version":1,"rows":1,"stats":{}}` + "\n[]\n"), trail.SkipCorrupt, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "m-"+test.name), test.content)
			alone, aloneStats, skips, err := read(t, trail.Query{}, []string{dir})
			if err != nil {
				t.Fatal(err)
			}
			if test.records >= 0 && aloneStats.Records != test.records || test.records < 0 && aloneStats.Records > int64(2*len(records)) {
				t.Errorf("%d records", aloneStats.Records)
			}
			if len(skips) != 1 || skips[0].Reason != test.reason || skips[0].File != "m-"+test.name || skips[0].Record != 0 {
				t.Errorf("skips %+v", skips)
			}
			if diff := cmp.Diff(map[trail.SkipReason]int64{test.reason: 1}, aloneStats.SkippedFiles); diff != "" {
				t.Error(diff)
			}
			// Good files before and after it are read to their ends.
			write(t, filepath.Join(dir, "a"), compressed)
			write(t, filepath.Join(dir, "z"), lines)
			both, stats, _, err := read(t, trail.Query{}, []string{dir})
			if err != nil {
				t.Fatal(err)
			}
			good, _, _, err := read(t, trail.Query{}, []string{filepath.Join(dir, "a")})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(good, both); diff != "" {
				t.Errorf("what is read (-good files +all files):\n%s", diff)
			}
			if stats.Files < 2 || len(alone) > len(good) {
				t.Errorf("%+v", stats)
			}
		})
	}
}

func TestMalformedLineIsLocated(t *testing.T) {
	records := trailtest.SuiteRecords()
	first, third := string(records[1]), string(records[2])
	path := write(t, filepath.Join(t.TempDir(), "log"), []byte(first+"\n"+third[:len(third)/2]+"\n"+third+"\n"))
	_, stats, skips, err := read(t, trail.Query{}, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	want := []trail.Skip{{Reason: trail.SkipMalformed, File: "log", Record: 2, Offset: int64(len(first)) + 1}}
	if diff := cmp.Diff(want, skips); diff != "" || stats.Used != 2 {
		t.Errorf("%d used; %s", stats.Used, diff)
	}
}

func TestBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("decompresses a quarter of a gigabyte")
	}
	var bomb bytes.Buffer
	z := newGzip(&bomb)
	for range 300 {
		if _, err := z.Write(bytes.Repeat([]byte{' '}, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, stats, _, err := read(t, trail.Query{}, []string{"-"}, logfile.WithStdin(&bomb))
	if err != nil || stats.SkippedFiles[trail.SkipBomb] != 1 {
		t.Errorf("error %v, stats %+v", err, stats)
	}
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	records := trailtest.SuiteRecords()
	for i, name := range []string{"a/1", "a/b/2", "c/3"} {
		write(t, filepath.Join(dir, name), records[i+1])
	}
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"link": "a", "c/file": "../a/1", "c/folder": "../a", "c/dangling": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, test := range []struct {
		reason string
		paths  []string
		files  int64
		err    string
	}{
		{"file", []string{"a/1"}, 1, ""},
		{"folder", []string{"a"}, 2, ""},
		{"folder with a slash", []string{"a/"}, 2, ""},
		{"link to a folder", []string{"link"}, 2, ""},
		{"links in a folder: to a file yes, to a folder no", []string{"c"}, 2, ""},
		{"everything", []string{"."}, 4, ""},
		{"pattern", []string{"?/[123]"}, 2, ""},
		{"the same twice", []string{"a/1", "a", "a/b/../1"}, 2, ""},
		{"missing", []string{"a/1", "nowhere"}, 0, "nowhere"},
		{"pattern without a match", []string{"*.json"}, 0, "*.json: no file matches"},
		{"bad pattern", []string{"[a"}, 0, "[a"},
		{"empty folder", []string{"empty"}, 0, "empty: the folder holds no files"},
		{"no standard input", []string{"-"}, 0, "-: there is no standard input"},
	} {
		paths := make([]string, len(test.paths))
		for i, p := range test.paths {
			if paths[i] = p; p != "-" {
				paths[i] = dir + "/" + p
			}
		}
		_, stats, _, err := read(t, trail.Query{}, paths)
		if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%s: error %v", test.reason, err)
		}
		if stats.Files != test.files {
			t.Errorf("%s: %d files, want %d", test.reason, stats.Files, test.files)
		}
	}
	if _, _, _, err := read(t, trail.Query{}, []string{dir + "/nowhere"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

// TestLayout checks which files of a delivered tree are opened at all.
func TestLayout(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 9, 10, 12, 0, 0, 0, time.UTC)
	g := trailtest.New(1, "111122223333", "eu-west-1")
	other := trailtest.New(2, "444455556666", "us-east-1")
	files := []trailtest.File{
		g.LogFile(day), g.LogFile(day.AddDate(0, 0, 1)), g.LogFile(day.AddDate(0, 0, 2)), other.LogFile(day),
		g.SiblingFile("CloudTrail-Digest", day, []byte(`{}`)), g.SiblingFile("CloudTrail-Insight", day, []byte(`{}`)),
		g.SiblingFile("CloudTrail-Aggregated", day, []byte(`{}`)), g.SiblingFile("CloudTrail-NetworkActivity", day, []byte(`{}`)),
	}
	if err := trailtest.WriteTree(dir, files); err != nil {
		t.Fatal(err)
	}
	organization := other.LogFile(day)
	organization.Path = strings.Replace(organization.Path, "AWSLogs/", "prefix/AWSLogs/o-abcdefghij/", 1)
	if err := trailtest.WriteTree(dir, []trailtest.File{organization}); err != nil {
		t.Fatal(err)
	}
	siblings := map[trail.SkipReason]int64{trail.SkipDigestFile: 1, trail.SkipInsightFile: 1, trail.SkipAggregatedFile: 1, trail.SkipNetworkActivityFile: 1}
	for _, test := range []struct {
		reason string
		q      trail.Query
		files  int64
	}{
		{"everything but the siblings", trail.Query{}, 5},
		{"account: whoever recorded its calls", trail.Query{Accounts: []string{"444455556666"}}, 5},
		{"an account that the organization's trail has no folder of", trail.Query{Accounts: []string{"111122223333"}}, 5},
		{"two accounts, one of them in the organization", trail.Query{Accounts: []string{"111122223333", "444455556666"}}, 5},
		{"region", trail.Query{Regions: []string{"eu-west-1"}}, 3},
		{"since the second day", trail.Query{Since: day.Truncate(24*time.Hour).AddDate(0, 0, 1)}, 2},
		{"since late on the first day", trail.Query{Since: day.Add(11 * time.Hour)}, 5},
		{"until the second day, and a day for late delivery", trail.Query{Until: day.Truncate(24*time.Hour).AddDate(0, 0, 1)}, 4},
		{"until late on the first day", trail.Query{Until: day}, 4},
		{"before all", trail.Query{Until: day.AddDate(0, 0, -3)}, 0},
	} {
		_, stats, _, err := read(t, test.q, []string{dir})
		if err != nil || stats.Files != test.files {
			t.Errorf("%s: error %v, %d files, want %d", test.reason, err, stats.Files, test.files)
		}
		outside := stats.SkippedFiles[trail.SkipOutsideQuery]
		delete(stats.SkippedFiles, trail.SkipOutsideQuery)
		if diff := cmp.Diff(siblings, stats.SkippedFiles); diff != "" || outside+stats.Files != 5 {
			t.Errorf("%s: %d outside: %s", test.reason, outside, diff)
		}
	}
	// An organization's trail has each account's calls in its own folder.
	whole := t.TempDir()
	for _, file := range []trailtest.File{g.LogFile(day), other.LogFile(day)} {
		file.Path = strings.Replace(file.Path, "AWSLogs/", "AWSLogs/o-abcdefghij/", 1)
		if err := trailtest.WriteTree(whole, []trailtest.File{file}); err != nil {
			t.Fatal(err)
		}
	}
	if _, stats, _, err := read(t, trail.Query{Accounts: []string{"444455556666"}}, []string{whole}); err != nil || stats.Files != 1 {
		t.Errorf("organization: error %v, %+v", err, stats)
	}
	// What another account's trail recorded is a role's call nevertheless.
	foreign := t.TempDir()
	owner := trailtest.New(3, "444455556666", "eu-west-1")
	caller := g.Session(g.Role("r"), "s", day)
	if err := trailtest.WriteTree(foreign, []trailtest.File{owner.LogFile(day, g.Object(caller, day, "GetObject", "444455556666", "b", "k"))}); err != nil {
		t.Fatal(err)
	}
	if _, stats, _, err := read(t, trail.Query{Accounts: []string{"111122223333"}}, []string{foreign}); err != nil || stats.Used != 1 {
		t.Errorf("recorded by the resource's owner: error %v, %+v", err, stats)
	}
	// A folder inside the tree still has its place in it.
	inside := filepath.Join(dir, "AWSLogs/111122223333/CloudTrail")
	if _, stats, _, err := read(t, trail.Query{Regions: []string{"x"}}, []string{inside}); err != nil || stats.Files != 0 {
		t.Errorf("inside: error %v, %+v", err, stats)
	}
}

func TestProgress(t *testing.T) {
	dir := t.TempDir()
	content := gzipped(forms[0].write(trailtest.SuiteRecords()))
	for _, name := range []string{"1", "2", "3"} {
		write(t, filepath.Join(dir, name), content)
	}
	var all []trail.Progress
	q := trail.Query{OnProgress: func(p trail.Progress) { all = append(all, p) }}
	if _, _, _, err := read(t, q, []string{dir}); err != nil {
		t.Fatal(err)
	}
	size := int64(3 * len(content))
	want := trail.Progress{Files: 3, TotalFiles: 3, Bytes: size, TotalBytes: size, Records: int64(3 * len(trailtest.SuiteRecords()))}
	if diff := cmp.Diff(want, all[len(all)-1]); diff != "" {
		t.Error(diff)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Bytes < all[i-1].Bytes || all[i].Records < all[i-1].Records || all[i].Files < all[i-1].Files {
			t.Errorf("progress goes back: %+v, %+v", all[i-1], all[i])
		}
	}
	if _, _, _, err := read(t, q, []string{dir, "-"}, logfile.WithStdin(bytes.NewReader(content))); err != nil {
		t.Fatal(err)
	}
	if last := all[len(all)-1]; last.TotalBytes != 0 || last.TotalFiles != 4 || last.Bytes != size+int64(len(content)) {
		t.Errorf("with standard input, whose size is unknown: %+v", last)
	}
}

// TestCancel stops in the middle of reading, and of waiting for input that never comes.
func TestCancel(t *testing.T) {
	before := runtime.NumGoroutine()
	dir := t.TempDir()
	content := forms[3].write(trailtest.SuiteRecords())
	for _, name := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		write(t, filepath.Join(dir, name), bytes.Repeat(content, 100))
	}
	pipe, feed := io.Pipe()
	for name, source := range map[string]*logfile.Source{
		"files": logfile.New([]string{dir}),
		"stdin": logfile.New([]string{"-", dir}, logfile.WithStdin(io.MultiReader(bytes.NewReader(bytes.Repeat(content, 100)), pipe))),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		q := trail.Query{OnProgress: func(trail.Progress) { cancel() }}
		items := 0
		var last error
		for _, err := range source.Usage(ctx, q) {
			items++
			last = err
		}
		if !errors.Is(last, context.Canceled) || items != 1 {
			t.Errorf("%s: %d items, error %v", name, items, last)
		}
	}
	feed.Close()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			stack := make([]byte, 1<<16)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stack[:runtime.Stack(stack, true)])
		}
	}
}

// TestProfiles collects two halves, joins them, and gets the bytes of the whole.
func TestProfiles(t *testing.T) {
	dir := t.TempDir()
	records := trailtest.SuiteRecords()
	logs := []string{write(t, filepath.Join(dir, "1"), forms[0].write(records[:6])), write(t, filepath.Join(dir, "2"), forms[0].write(records[6:]))}
	q := trail.Query{Fields: func(source, name string) trail.Fields {
		return trail.Fields{Paths: []string{"bucketName", "key", "resources:"}, Wide: "key"}
	}}
	profile := func(paths ...string) []byte {
		usages, stats, skips, err := read(t, q, paths)
		if err != nil || len(skips) > 0 {
			t.Fatalf("error %v, skips %v", err, skips)
		}
		var b bytes.Buffer
		if err := trail.WriteProfile(&b, usages, stats); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := profile(logs...)
	first, second := write(t, filepath.Join(dir, "first"), profile(logs[0])), write(t, filepath.Join(dir, "second"), profile(logs[1]))
	for name, paths := range map[string][]string{
		"two profiles":         {first, second},
		"the other order":      {second, first},
		"a profile and logs":   {first, logs[1]},
		"logs and a profile":   {logs[0], second},
		"a profile of a whole": {write(t, filepath.Join(dir, "whole"), whole)},
	} {
		if !bytes.Equal(whole, profile(paths...)) {
			t.Errorf("%s: other bytes than the whole", name)
		}
	}
	since := trail.Query{Since: time.Date(2026, 9, 1, 22, 2, 0, 0, time.UTC)}
	if _, _, _, err := read(t, since, []string{first}); !errors.Is(err, trail.ErrProfileWindow) || !strings.Contains(err.Error(), first) {
		t.Errorf("error %v, want ErrProfileWindow", err)
	}
	newer := write(t, filepath.Join(dir, "newer"), []byte(`{"format":"whittle-usage","version":99}`))
	if _, _, _, err := read(t, trail.Query{}, []string{logs[0], newer, logs[1]}); !errors.Is(err, trail.ErrProfileVersion) || !strings.Contains(err.Error(), newer) {
		t.Errorf("error %v, want ErrProfileVersion", err)
	}
}

// TestOrderOfFiles checks that decoding in parallel does not show: which of two copies is the duplicate
// depends on the order of the files alone.
func TestOrderOfFiles(t *testing.T) {
	dir := t.TempDir()
	records := trailtest.SuiteRecords()
	var paths []string
	for i := range 40 {
		n := i % len(records)
		path := filepath.Join(dir, string(rune('A'+i)))
		paths = append(paths, write(t, path, bytes.Join([][]byte{records[n], []byte("{bad"), records[0]}, []byte("\n"))))
	}
	one, oneStats, oneSkips, err := read(t, trail.Query{}, paths, logfile.WithWorkers(1))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		many, manyStats, manySkips, err := read(t, trail.Query{}, paths, logfile.WithWorkers(8))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]any{one, oneStats, oneSkips}, []any{many, manyStats, manySkips}); diff != "" {
			t.Fatal(diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, form := range forms {
		f.Add(form.write(trailtest.SuiteRecords()[1:3]))
	}
	f.Add(gzipped(trailtest.SuiteRecords()[1]))
	f.Fuzz(func(t *testing.T, content []byte) {
		var stats trail.Stats
		total := int64(0)
		source := logfile.New([]string{"-"}, logfile.WithStdin(bytes.NewReader(content)))
		for usage, err := range source.Usage(t.Context(), trail.Query{Stats: &stats}) {
			if err != nil {
				return // of a profile
			}
			total += usage.Count
		}
		if trail.IsProfile(content) || stats.Files == 0 {
			return
		}
		sum := stats.Used
		for _, n := range stats.Skipped {
			sum += n
		}
		if sum != stats.Records || total != stats.Used {
			t.Errorf("%d counted: %+v", total, stats)
		}
	})
}
