package bucket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

// bodies are what objects may hold: records alone and by hundreds, repeated and shared ones, broken files,
// a profile.
var bodies = sync.OnceValue(func() [][]byte {
	g := trailtest.New(7, alpha, "eu-west-1")
	fn := g.FunctionSession(g.Role("orders-role"), "orders", day)
	var all []json.RawMessage
	for i := range 1500 {
		at := day.Add(time.Duration(g.Int(10*24*60)) * time.Minute)
		r := g.Object(fn, at, "GetObject", alpha, "in", fmt.Sprintf("%d/%d.json", i%3, i%700))
		switch i % 5 {
		case 0:
			r = g.Call(g.User("alice"), at, "iam.amazonaws.com", "CreateUser")
		case 1:
			r = g.Item(fn, at, "PutItem", "orders")
			r.SharedEventID = fmt.Sprintf("shared-%d", i/50)
		case 2:
			r.VPCEndpointID = fmt.Sprintf("vpce-%d", i%4)
		}
		all = append(all, r.JSON())
	}
	out := [][]byte{
		nil, []byte("no records"), zip(), zip(all[:10]...)[:400], zip(all[:400]...)[:9000],
		zip(all[100:400]...), zip(all[600:800]...), zip(json.RawMessage(`{"eventName":7}`), all[3]),
	}
	for i := 900; i < 1500; i += 60 {
		out = append(out, zip(all[i:min(i+9, len(all))]...))
	}
	observer, aggregator := trail.NewObserver(trail.Query{}), trail.NewAggregator()
	for _, raw := range all[200:300] {
		o := observer.Observe(raw)
		aggregator.Add(&o)
	}
	var profile bytes.Buffer
	if err := trail.WriteProfile(&profile, aggregator.Usages(), aggregator.Stats()); err != nil {
		panic(err)
	}
	return append(out, profile.Bytes())
})

func fields(_, _ string) trail.Fields {
	return trail.Fields{Paths: []string{"bucketName", "key", "tableName"}, Wide: "key"}
}

// outcome is everything that a reading says, as bytes.
func outcome(t *rapid.T, usages []trail.Usage, stats trail.Stats) string {
	var b bytes.Buffer
	if err := trail.WriteProfile(&b, usages, stats); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// run reads to the end or to the error.
func run(ctx context.Context, s trail.Source, q trail.Query) (usages []trail.Usage, stats trail.Stats, err error) {
	q.Stats = &stats
	for usage, e := range s.Usage(ctx, q) {
		if err = e; err == nil {
			usages = append(usages, usage)
		}
	}
	return usages, stats, err
}

// TestResume interrupts readings in several ways, at points that do not depend on timing, and goes on: what
// comes out is byte for byte what one reading of everything gives, and nothing that was read whole is read
// again.
func TestResume(t *testing.T) {
	f := newFake(t, nil)
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		objects, page := map[string][]byte{}, rapid.IntRange(1, 20).Draw(t, "page")
		for i, body := range rapid.SliceOfN(rapid.IntRange(0, len(bodies())-1), 1, 12).Draw(t, "objects") {
			objects[fmt.Sprintf("k/%02d", i)] = bodies()[body]
		}
		f.change(func() { f.objects, f.pageSize = objects, page })
		keys := slices.Sorted(maps.Keys(objects))
		archived := rapid.SampledFrom(append(slices.Clone(keys), "")).Draw(t, "archived")
		refuse := func(key, code string) {
			fault := func(w http.ResponseWriter, _ *http.Request, asked string) bool {
				switch asked {
				case "":
					return false
				case archived:
					return fail(w, http.StatusForbidden, "InvalidObjectState", "archived")
				case key:
					return fail(w, http.StatusForbidden, code, "no")
				}
				return false
			}
			f.change(func() { f.fault = fault })
		}
		file := filepath.Join(dir, fmt.Sprint(n))
		source := func(options ...bucket.Option) *bucket.Source {
			options = append(options, bucket.WithDownloads(3), bucket.WithState(file, "f"), bucket.WithSleep(noSleep))
			return bucket.New(f.api, name, "k/", options...)
		}
		refuse("", "")
		usages, stats, err := run(context.Background(), bucket.New(f.api, name, "k/"), trail.Query{Fields: fields})
		if err != nil {
			t.Fatal(err)
		}
		want := outcome(t, usages, stats)

		whole := map[string]bool{} // the keys that were read to their ends, as far as is known
		for range rapid.IntRange(0, 3).Draw(t, "interruptions") {
			f.took()
			files := 0 // that were aggregated, in the order of keys, and are in the state
			ctx, cancel := context.WithCancel(context.Background())
			q := trail.Query{Fields: fields, OnProgress: func(p trail.Progress) { files = int(p.Files) }}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0: // credentials expire
				refuse(rapid.SampledFrom(keys).Draw(t, "refused"), "ExpiredToken")
				_, _, _ = run(ctx, source(), q)
			case 1: // somebody stops it
				left := rapid.IntRange(1, 12).Draw(t, "steps")
				q.OnProgress = func(p trail.Progress) {
					files = int(p.Files)
					if left--; left == 0 {
						cancel()
					}
				}
				if _, _, err = run(ctx, source(), q); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			case 2: // the machine stops: what is left is what was saved last
				left := rapid.IntRange(1, 12).Draw(t, "steps")
				var kept []byte
				q.OnProgress = func(trail.Progress) {
					if left--; left == 0 {
						kept, _ = os.ReadFile(file)
					}
				}
				if _, _, err = run(ctx, source(bucket.WithCheckpoint(200<<10)), q); err != nil {
					t.Fatal(err)
				}
				files = 0
				if kept != nil {
					if err := os.WriteFile(file, kept, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			cancel()
			took := f.took()
			for _, key := range keys {
				if whole[key] && took[key] > 0 {
					t.Fatalf("%s was read again", key)
				}
				if !whole[key] && files > 0 {
					files--
					whole[key] = key != archived
				}
			}
			refuse("", "")
		}
		usages, stats, err = run(context.Background(), source(), trail.Query{Fields: fields})
		if err != nil {
			t.Fatal(err)
		}
		if outcome(t, usages, stats) != want {
			t.Fatalf("another outcome: %+v", stats)
		}
		f.took()
		usages, stats, err = run(context.Background(), source(), trail.Query{Fields: fields})
		again := f.took()
		delete(again, archived)
		if err != nil || len(again) > 0 || outcome(t, usages, stats) != want {
			t.Fatalf("with nothing new: error %v, reads %v", err, again)
		}
	})
}
