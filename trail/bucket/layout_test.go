package bucket_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

const (
	alpha, beta = "111122223333", "444455556666"
	org         = "AWSLogs/o-abcdefghij/"
)

var day = time.Date(2026, 9, 29, 12, 0, 0, 0, time.UTC)

// deliver makes the files of some accounts, Regions and days, with the siblings of the logs, and with
// prefix before AWSLogs/ and organization after it.
func deliver(prefix, organization string, accounts ...string) []trailtest.File {
	var files []trailtest.File
	for i, account := range accounts {
		for j, region := range []string{"eu-west-1", "us-east-1"} {
			g := trailtest.New(uint64(10*i+j), account, region)
			fn := g.FunctionSession(g.Role("orders-role"), "orders", day)
			for d := range 4 {
				at := day.AddDate(0, 0, d)
				files = append(files,
					g.LogFile(at, g.Item(fn, at, "PutItem", "orders"), g.Object(fn, at, "GetObject", account, "in", g.Hex(4))),
					g.LogFile(at.Add(time.Hour), g.Item(fn, at, "GetItem", "orders"), g.Call(g.User("alice"), at, "iam.amazonaws.com", "CreateUser")),
					g.SiblingFile("CloudTrail-Digest", at, []byte(`{}`)), g.SiblingFile("CloudTrail-Insight", at, []byte(`{}`)))
			}
			files = append(files, g.SiblingFile("Config", day, []byte(`{}`)))
		}
	}
	for i := range files {
		files[i].Path = prefix + strings.Replace(files[i].Path, "AWSLogs/", "AWSLogs/"+organization, 1)
	}
	return files
}

func store(files []trailtest.File) map[string][]byte {
	objects := map[string][]byte{}
	for _, f := range files {
		objects[f.Path] = f.Gzip()
	}
	return objects
}

// collect reads everything. An item after an error is an error of the source.
func collect(t *testing.T, s trail.Source, q trail.Query) ([]trail.Usage, trail.Stats, error) {
	t.Helper()
	var stats trail.Stats
	q.Stats = &stats
	var usages []trail.Usage
	var last error
	for usage, err := range s.Usage(t.Context(), q) {
		if last != nil {
			t.Error("an item follows the error")
		}
		if last = err; err == nil {
			usages = append(usages, usage)
		}
	}
	return usages, stats, last
}

// TestLayout reads what a trail delivered from every level, and compares with the same files on disk.
func TestLayout(t *testing.T) {
	files := deliver("logs/", "o-abcdefghij/", alpha, beta)
	single := deliver("logs/", "", "777788889999")
	objects := store(append(files, single...))
	for key, content := range map[string]string{"logs/": "", "logs/AWSLogs/": "", "logs/README": "x", "other/x": "x", "logs/elb/x": "x"} {
		objects[key] = []byte(content)
	}
	f := newFake(t, objects)
	dir := t.TempDir()
	if err := trailtest.WriteTree(dir, append(files, single...)); err != nil {
		t.Fatal(err)
	}
	region := "logs/" + org + alpha + "/CloudTrail/eu-west-1/"
	for _, prefix := range []string{
		"", "logs", "logs/", "logs/AWSLogs", "logs/AWSLogs/", "logs/" + org, "logs/" + org + alpha, "logs/AWSLogs/777788889999/",
		"logs/" + org + alpha + "/CloudTrail", region, region + "2026", region + "2026/10/", region + "2026/09/30",
	} {
		for reason, q := range map[string]trail.Query{
			"everything": {},
			"window":     {Since: day.AddDate(0, 0, 1), Until: day.AddDate(0, 0, 1).Add(11 * time.Hour)},
			"account":    {Accounts: []string{beta}},
			"accounts":   {Accounts: []string{alpha, "777788889999"}},
			"region":     {Regions: []string{"us-east-1"}},
			"nothing":    {Until: day.AddDate(-1, 0, 0)},
		} {
			f.lists = nil
			f.took()
			usages, stats, err := collect(t, bucket.New(f.api, name, prefix), q)
			if err != nil {
				t.Fatalf("%s of %q: %v", reason, prefix, err)
			}
			want, wantStats, err := collect(t, logfile.New([]string{filepath.Join(dir, filepath.FromSlash(prefix))}), q)
			if err != nil {
				t.Fatal(err)
			}
			wantStats.SkippedFiles = nil // files that are not needed, which a bucket does not list
			if diff := cmp.Diff(want, usages); diff != "" {
				t.Errorf("%s of %q (-files +bucket):\n%s", reason, prefix, diff)
			}
			for key := range f.took() {
				if !strings.Contains(key, "/CloudTrail/") {
					t.Errorf("%s of %q: downloads %s", reason, prefix, key)
				}
			}
			for _, listed := range f.lists {
				if strings.Contains(listed, "CloudTrail-") || strings.Contains(listed, "Config") {
					t.Errorf("%s of %q: lists %s", reason, prefix, listed)
				}
			}
			// Of files on disk, and not in a bucket, "Config" is read and found to hold no records.
			if stats.Files > wantStats.Files || len(stats.SkippedFiles) > 0 {
				t.Errorf("%s of %q: %+v, files: %+v", reason, prefix, stats, wantStats)
			}
			wantStats.Files = stats.Files
			// What lies beside the trail's folders is named where it was seen.
			for _, g := range stats.Gaps {
				if g.Kind != trail.GapPlaces || !strings.Contains(g.Detail, "s3://"+name+"/logs/") || strings.HasPrefix(prefix, "logs/AWSLogs") {
					t.Errorf("%s of %q: %+v", reason, prefix, g)
				}
			}
			if len(stats.Gaps) == 0 && (prefix == "" || strings.TrimSuffix(prefix, "/") == "logs") {
				t.Errorf("%s of %q: no word of logs/README", reason, prefix)
			}
			wantStats.Gaps = stats.Gaps
			if diff := cmp.Diff(wantStats, stats); diff != "" {
				t.Errorf("%s of %q (-files +bucket):\n%s", reason, prefix, diff)
			}
		}
	}
}

// TestListsWhatIsNeeded counts the objects that are read and the lists that are made.
// TestDeepLayout: trails may deliver below any prefix, several of them into one bucket.
func TestDeepLayout(t *testing.T) {
	objects, dir := map[string][]byte{}, t.TempDir()
	for i, prefix := range []string{"", "a/", "logs/prod/", "logs/dev/x/", "AWSLogs/team/"} {
		files := deliver(prefix, "", fmt.Sprintf("%012d", 100000000000+i))
		maps.Copy(objects, store(files))
		if err := trailtest.WriteTree(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	objects["misc/export.json"] = []byte("{}")
	f := newFake(t, objects)
	for _, prefix := range []string{"", "logs/", "AWSLogs/", "logs/dev"} {
		usages, stats, err := collect(t, bucket.New(f.api, name, prefix), trail.Query{})
		if err != nil {
			t.Fatal(err)
		}
		want, wantStats, err := collect(t, logfile.New([]string{filepath.Join(dir, filepath.FromSlash(prefix))}), trail.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, usages); diff != "" || stats.Records != wantStats.Records || stats.Records == 0 {
			t.Errorf("%q: %d records, files %d (-files +bucket):\n%s", prefix, stats.Records, wantStats.Records, diff)
		}
		if named := len(stats.Gaps) == 1 && strings.Contains(stats.Gaps[0].Detail, "s3://"+name+"/misc/"); named != (prefix == "") {
			t.Errorf("%q: %+v", prefix, stats.Gaps)
		}
	}
}

// TestBesideTheLayout: what no trail delivers so is not read, and each place of it is named; logs that may hide there
// make the reading incomplete.
func TestBesideTheLayout(t *testing.T) {
	for key, kind := range map[string]trail.GapKind{
		"export.json":                                  trail.GapPlaces,
		"AWSLogs/export.json":                          trail.GapPlaces,
		"AWSLogs/" + alpha + "/export.json":            trail.GapPlaces,
		"AWSLogs/" + alpha + "/CloudTrail/export.json": trail.GapPlaces,
		"AWSLogs/" + alpha + "/AWSLogs/" + beta + "/x": trail.GapPartial,
		"AWSLogs/o-abcdefghij/AWSLogs/" + beta + "/x":  trail.GapPartial,
	} {
		objects := store(deliver("", "", alpha))
		objects[key] = []byte("{}")
		_, stats, err := collect(t, bucket.New(newFake(t, objects).api, name, ""), trail.Query{})
		if err != nil || stats.Records == 0 {
			t.Fatalf("%s: %v, %+v", key, err, stats)
		}
		folder := "s3://" + name + "/" + key[:strings.LastIndex("/"+key, "/")]
		if kind == trail.GapPartial {
			folder = "s3://" + name + "/" + key[:strings.LastIndex(key, "AWSLogs/")]
		}
		if len(stats.Gaps) != 1 || stats.Gaps[0].Kind != kind || !strings.Contains(stats.Gaps[0].Detail, folder) {
			t.Errorf("%s: %+v, want %s of %s", key, stats.Gaps, kind, folder)
		}
	}
}

// TestUsualNeighbours: what other services keep by days and partitions is not searched, however much it is, and many
// trails in one bucket are all read.
func TestUsualNeighbours(t *testing.T) {
	objects := map[string][]byte{}
	for i := range 300 {
		maps.Copy(objects, store(deliver(fmt.Sprintf("team%d/", i), "", alpha)[:1]))
		objects[fmt.Sprintf("AWSLogs/aws-account-id=%012d/aws-service=vpcflowlogs/year=2026/x", i)] = []byte("x")
	}
	for day := range 1500 {
		objects[time.Unix(0, 0).UTC().AddDate(0, 0, day).Format("results/2006/01/02/x")] = []byte("x")
		objects[time.Unix(0, 0).UTC().AddDate(0, 0, day).Format("exports/2006-01-02/x")] = []byte("x")
	}
	f := newFake(t, objects)
	f.pageSize = 1000
	_, stats, err := collect(t, bucket.New(f.api, name, ""), trail.Query{})
	if err != nil || stats.Files != 300 {
		t.Fatalf("%v, %+v", err, stats)
	}
	if partial := slices.ContainsFunc(stats.Gaps, func(g trail.Gap) bool { return g.Kind == trail.GapPartial }); partial {
		t.Errorf("%+v", stats.Gaps)
	}
	if len(f.lists) > 3000 {
		t.Errorf("%d lists", len(f.lists))
	}
}

// TestBehindManyObjects: a trail's folder is found however many objects come before it.
func TestBehindManyObjects(t *testing.T) {
	objects := store(deliver("", "", alpha))
	maps.Copy(objects, store(deliver("a/", "", beta)))
	for i := range 10_500 {
		objects[fmt.Sprintf("2026-10-01-%05d", i)] = []byte("x")
	}
	f := newFake(t, objects)
	f.pageSize = 1000
	_, stats, err := collect(t, bucket.New(f.api, name, ""), trail.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, first, err := collect(t, bucket.New(f.api, name, "AWSLogs/"), trail.Query{})
	_, second, err2 := collect(t, bucket.New(f.api, name, "a/"), trail.Query{})
	if err != nil || err2 != nil || stats.Files != first.Files+second.Files {
		t.Errorf("%v, %v, %d files of %d and %d: %+v", err, err2, stats.Files, first.Files, second.Files, stats.Gaps)
	}
	if len(stats.Gaps) == 0 {
		t.Error("no word of the objects beside")
	}
}

// TestTooMuchToSearch: what was not searched is named, and makes the reading incomplete.
func TestTooMuchToSearch(t *testing.T) {
	objects := store(deliver("", "", alpha))
	for i := range 2100 {
		objects[fmt.Sprintf("data/n%d/x", i)] = []byte("x")
	}
	f := newFake(t, objects)
	_, stats, err := collect(t, bucket.New(f.api, name, ""), trail.Query{})
	if err != nil || stats.Records == 0 {
		t.Fatalf("%v, %+v", err, stats)
	}
	partial := slices.ContainsFunc(stats.Gaps, func(g trail.Gap) bool {
		return g.Kind == trail.GapPartial && strings.Contains(g.Detail, "s3://"+name+"/data/")
	})
	if !partial {
		t.Errorf("no word of data/: %+v", stats.Gaps)
	}
}

func TestListsWhatIsNeeded(t *testing.T) {
	f := newFake(t, store(deliver("", "o-abcdefghij/", alpha, beta)))
	f.pageSize = 1000
	region := func(account, region string) string { return org + account + "/CloudTrail/" + region + "/" }
	above := []string{"", "AWSLogs/", "AWSLogs/", org, org + beta + "/", org + beta + "/CloudTrail/"}
	for _, test := range []struct {
		reason  string
		q       trail.Query
		objects int
		lists   []string
	}{
		{"an account of an organization", trail.Query{Accounts: []string{beta}}, 16, append(slices.Clone(above), region(beta, "eu-west-1"), region(beta, "us-east-1"))},
		{"a Region", trail.Query{Accounts: []string{beta}, Regions: []string{"us-east-1"}}, 8, append(slices.Clone(above), region(beta, "us-east-1"))},
		{"a day, and one for late delivery", trail.Query{
			Accounts: []string{beta}, Regions: []string{"us-east-1"}, Since: day.Truncate(24 * time.Hour), Until: day.Truncate(24*time.Hour).AddDate(0, 0, 1),
		}, 4, append(slices.Clone(above), region(beta, "us-east-1"))},
	} {
		f.lists = nil
		_, stats, err := collect(t, bucket.New(f.api, name, ""), test.q)
		if got := f.took(); err != nil || len(got) != test.objects || stats.Files != int64(test.objects) {
			t.Errorf("%s: error %v, %d objects, %+v", test.reason, err, len(got), stats)
		}
		slices.Sort(f.lists)
		if diff := cmp.Diff(slices.Sorted(slices.Values(test.lists)), f.lists); diff != "" {
			t.Errorf("%s: lists (-want +got):\n%s", test.reason, diff)
		}
	}
}

// TestOrderAndProgress checks that objects are joined in the order of keys, and that progress ends at all of it.
func TestOrderAndProgress(t *testing.T) {
	objects := store(deliver("", "", alpha, beta))
	broken := slices.Sorted(maps.Keys(objects))
	broken = slices.DeleteFunc(broken, func(key string) bool { return !strings.Contains(key, "/CloudTrail/") })
	var size int64
	for _, key := range broken {
		objects[key] = []byte("no record in " + key)
		size += int64(len(objects[key]))
	}
	f := newFake(t, objects)
	var order, want []string
	var last trail.Progress
	q := trail.Query{OnSkip: func(s trail.Skip) { order = append(order, s.File) }, OnProgress: func(p trail.Progress) { last = p }}
	_, stats, err := collect(t, bucket.New(f.api, name, "", bucket.WithDownloads(5)), q)
	for _, key := range broken {
		want = append(want, "s3://"+name+"/"+key)
	}
	if diff := cmp.Diff(want, order); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	n := int64(len(broken))
	if diff := cmp.Diff(trail.Progress{Files: n, TotalFiles: n, Bytes: size, TotalBytes: size}, last); diff != "" {
		t.Error(diff)
	}
	if stats.SkippedFiles[trail.SkipNotCloudTrail] != n {
		t.Errorf("%+v", stats)
	}
}
