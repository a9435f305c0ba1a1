package trail

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"pgregory.net/rapid"
)

var mustTime = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func profile(t interface{ Fatal(...any) }, usages []Usage, stats Stats) []byte {
	var b bytes.Buffer
	if err := WriteProfile(&b, usages, stats); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestProfileHalvesJoinToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := genCalls(t)
		cut := rapid.IntRange(0, len(calls)).Draw(t, "cut")
		collect := func(calls []testCall) ([]Usage, Stats) {
			a := NewAggregator()
			for _, c := range calls {
				o := c.observation()
				a.Add(&o)
			}
			return a.Usages(), a.Stats()
		}
		whole, wholeStats := collect(calls)
		want := profile(t, whole, wholeStats)

		var joined [][]Usage
		var stats Stats
		for _, half := range [][]testCall{calls[cut:], calls[:cut]} {
			u, s := collect(half)
			read, s, err := ReadProfile(bytes.NewReader(profile(t, u, s)))
			if err != nil {
				t.Fatal(err)
			}
			joined = append(joined, read)
			stats.Add(s)
		}
		if got := profile(t, Merge(joined...), stats); !bytes.Equal(want, got) {
			t.Fatal("the halves' profiles join to other bytes")
		}
	})
}

func TestReadProfileRefuses(t *testing.T) {
	good := Usage{Key{Kind: Call, Principal: Principal{Role: "r"}, EventSource: "s", EventName: "n", Outcome: Authorised}, once(mustTime, "id")}
	compressed := profile(t, []Usage{good}, Stats{})
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	plain := string(raw)
	if usages, _, err := ReadProfile(strings.NewReader(plain)); err != nil || !cmp.Equal([]Usage{good}, usages) {
		t.Fatalf("%v, %+v", err, usages)
	}
	if !IsProfile(raw) {
		t.Fatal("not recognised")
	}
	change := func(old, new string) string {
		if !strings.Contains(plain, old) {
			t.Fatalf("no %s in %s", old, plain)
		}
		return strings.Replace(plain, old, new, 1)
	}
	for _, test := range []struct{ reason, content string }{
		{"empty", ""},
		{"something else", `{"Records":[]}`},
		{"header alone", plain[:strings.IndexByte(plain, '\n')]},
		{"half a row", plain[:len(plain)-5]},
		{"a row too many", plain + plain[strings.IndexByte(plain, '\n'):]},
		{"two rows in a line", strings.TrimSuffix(plain, "\n") + "{}"},
		{"compressed and cut", string(compressed[:len(compressed)-9])},
		{"unknown member", change(`"kind"`, `"kynd"`)},
		{"unknown kind", change(`"call"`, `"cull"`)},
		{"unknown outcome", change(`"authorised"`, `"allowed"`)},
		{"no role", change(`"role":"r"`, `"role":""`)},
		{"no calls", change(`"count":1`, `"count":0`)},
		{"times", change(`,"eventTimes":["2026-09-01T12:00:00Z"]`, ``)},
		{"open without a level", change(`"eventSource"`, `"params":[{"path":"k","values":["a"],"open":true,"wide":true}],"eventSource"`)},
		{"unsorted", change(`"eventSource"`, `"params":[{"path":"k","values":["b","a"]}],"eventSource"`)},
	} {
		if usages, _, err := ReadProfile(strings.NewReader(test.content)); err == nil || usages != nil {
			t.Errorf("%s: error %v, %d rows", test.reason, err, len(usages))
		}
	}
	if _, _, err := ReadProfile(strings.NewReader(change(`"version":1`, `"version":2,"new":{}`))); !errors.Is(err, ErrProfileVersion) {
		t.Errorf("error %v, want ErrProfileVersion", err)
	}
}

// endless is a profile of one row that goes on for ever.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	if e.read == 0 {
		n = copy(p, `{"format":"whittle-usage","version":1,"rows":1,"stats":{}}`+"\n"+`{"role":"`)
	}
	for i := n; i < len(p); i++ {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestProfileRowIsBounded(t *testing.T) {
	in := &endless{}
	if _, _, err := ReadProfile(in); !errors.Is(err, errLongRow) || in.read > 2*maxProfileRow {
		t.Errorf("error %v after %d bytes", err, in.read)
	}
}

func TestKeep(t *testing.T) {
	row := func(account, region string, first, last int) Usage {
		return Usage{Key{Principal: Principal{Role: "r", Account: account}, Region: region}, Evidence{Count: 2, First: mustTime.Add(time.Duration(first) * time.Hour), Last: mustTime.Add(time.Duration(last) * time.Hour)}}
	}
	usages := []Usage{row("1", "a", 0, 1), row("2", "b", 2, 3)}
	for _, test := range []struct {
		reason  string
		q       Query
		kept    int
		skipped map[SkipReason]int64
		err     error
	}{
		{"everything", Query{}, 2, nil, nil},
		{"since", Query{Since: mustTime.Add(2 * time.Hour)}, 1, map[SkipReason]int64{SkipOutsideWindow: 2}, nil},
		{"until", Query{Until: mustTime.Add(2 * time.Hour)}, 1, map[SkipReason]int64{SkipOutsideWindow: 2}, nil},
		{"cut at the start", Query{Since: mustTime.Add(time.Hour)}, 0, nil, ErrProfileWindow},
		{"cut at the end", Query{Until: mustTime.Add(time.Hour)}, 0, nil, ErrProfileWindow},
		{"cut, but of another account", Query{Until: mustTime.Add(3 * time.Hour), Accounts: []string{"1"}}, 1, map[SkipReason]int64{SkipOtherAccount: 2}, nil},
		{"region", Query{Regions: []string{"b"}}, 1, map[SkipReason]int64{SkipOtherRegion: 2}, nil},
	} {
		stats := Stats{Records: 4, Used: 4}
		kept, err := test.q.Keep(usages, &stats)
		if len(kept) != test.kept || !errors.Is(err, test.err) {
			t.Errorf("%s: %d kept, error %v", test.reason, len(kept), err)
		}
		if diff := cmp.Diff(test.skipped, stats.Skipped); diff != "" {
			t.Errorf("%s: %s", test.reason, diff)
		}
	}
}

func FuzzReadProfile(f *testing.F) {
	var b bytes.Buffer
	if err := WriteProfile(&b, []Usage{{Key{Kind: Call, Principal: Principal{Role: "r"}, EventSource: "s", EventName: "n", Outcome: Authorised}, once(mustTime, "id")}}, Stats{
		Coverage: []Coverage{{"111122223333", "eu-west-1", "s3.amazonaws.com", "AWS::S3::Object", true, []int32{1, 2}}},
	}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	z, err := gzip.NewReader(&b)
	if err != nil {
		f.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Fuzz(func(t *testing.T, content []byte) {
		usages, stats, err := ReadProfile(bytes.NewReader(content))
		if err != nil {
			return
		}
		// What was read can be written, read again, and is then the same.
		first := profile(t, usages, stats)
		again, stats, err := ReadProfile(bytes.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, profile(t, again, stats)) {
			t.Error("a second round gives other bytes")
		}
	})
}
