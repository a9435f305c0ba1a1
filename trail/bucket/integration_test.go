//go:build integration

package bucket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// counting counts the downloads, and may refuse one.
type counting struct {
	*s3.Client
	refuse string

	mu   sync.Mutex
	gets map[string]int
}

func (c *counting) GetObject(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	c.mu.Lock()
	c.gets[*in.Key]++
	c.mu.Unlock()
	if *in.Key == c.refuse {
		return nil, &smithy.OperationError{ServiceID: "S3", OperationName: "GetObject", Err: &smithy.GenericAPIError{Code: "ExpiredToken", Message: "The provided token has expired."}}
	}
	return c.Client.GetObject(ctx, in, options...)
}

func (c *counting) took() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	gets := c.gets
	c.gets = map[string]int{}
	return gets
}

func (c *counting) api(context.Context, string) (bucket.API, error) { return c, nil }

func motoClient(t *testing.T) *s3.Client {
	return s3.NewFromConfig(moto.Config(moto.Start(t), "us-east-1"), func(o *s3.Options) { o.UsePathStyle = true })
}

// fill puts objects into a new bucket.
func fill(t *testing.T, client *s3.Client, bucketName string, objects iter.Seq[trailtest.File]) {
	t.Helper()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucketName}); err != nil {
		t.Fatal(err)
	}
	puts, ctx := errgroup.WithContext(t.Context())
	puts.SetLimit(16)
	for file := range objects {
		puts.Go(func() error {
			_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucketName, Key: &file.Path, Body: bytes.NewReader(file.Gzip())})
			return err
		})
	}
	if err := puts.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestIntegrationMotoSource(t *testing.T) {
	client, n := motoClient(t), 0
	api := func(context.Context, string) (bucket.API, error) { return client, nil }
	trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
		n++
		bucketName := fmt.Sprintf("suite-%d", n)
		fill(t, client, bucketName, func(yield func(trailtest.File) bool) {
			for i, r := range records {
				if !yield(trailtest.File{Path: fmt.Sprintf("a b+ü/%04d", i), Content: r}) {
					return
				}
			}
		})
		return bucket.New(api, bucketName, "a b+ü/")
	})
}

// organization makes files of an organization's trail, some records in each.
func organization(files int) iter.Seq[trailtest.File] {
	return func(yield func(trailtest.File) bool) {
		type place struct {
			g  *trailtest.Generator
			fn trailtest.Identity
		}
		var places []place
		for i, account := range []string{alpha, beta, "777788889999"} {
			for j, region := range []string{"eu-west-1", "us-east-1"} {
				g := trailtest.New(uint64(10*i+j), account, region)
				places = append(places, place{g, g.FunctionSession(g.Role("orders-role"), "orders", day)})
			}
		}
		for i := range files {
			g, fn := places[i%len(places)].g, places[i%len(places)].fn
			at := day.Add(time.Duration(i) * time.Minute)
			records := []*trailtest.Record{g.Object(fn, at, "GetObject", g.Account, "in", fmt.Sprintf("%d/%d.json", i%30, i))}
			for j := range 2 + i%7 {
				records = append(records, g.Item(fn, at.Add(time.Duration(j)*time.Second), "PutItem", fmt.Sprintf("orders-%d", j)))
			}
			file := g.LogFile(at, records...)
			file.Path = strings.Replace(file.Path, "AWSLogs/", org, 1)
			if !yield(file) {
				return
			}
		}
	}
}

// peak returns the most memory that the heap's objects took while do ran.
func peak(do func()) uint64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-done:
				tick.Stop()
				result <- most
				return
			}
		}
	}()
	do()
	close(done)
	return <-result
}

// TestIntegrationMotoTenThousand reads 10,000 objects in three goes: somebody stops the first, credentials
// expire in the second. Nothing that was read is read again, nothing is lost, and memory is bounded.
func TestIntegrationMotoTenThousand(t *testing.T) {
	const objects, limit = 10_000, 160 << 20
	dir := t.TempDir()
	var keys []string
	c := &counting{Client: motoClient(t), gets: map[string]int{}}
	fill(t, c.Client, name, func(yield func(trailtest.File) bool) {
		for file := range organization(objects) {
			keys = append(keys, file.Path)
			if err := trailtest.WriteTree(dir, []trailtest.File{file}); err != nil {
				t.Fatal(err)
			}
			if !yield(file) {
				return
			}
		}
	})
	slices.Sort(keys)
	q := trail.Query{Fields: fields}
	want, wantStats, err := collect(t, logfile.New([]string{dir}), q)
	if err != nil || wantStats.Files != objects {
		t.Fatalf("error %v, %+v", err, wantStats)
	}

	var usages []trail.Usage
	var stats trail.Stats
	state := filepath.Join(t.TempDir(), "state")
	whole := 0
	for _, step := range []struct {
		reason string
		stopAt int64 // objects of this reading
		refuse string
	}{{"stopped", 3000, ""}, {"credentials expire", 0, keys[9000]}, {"resumed", 0, ""}} {
		ctx, cancel := context.WithCancel(t.Context())
		files := 0
		q.OnProgress = func(p trail.Progress) {
			if files = int(p.Files); step.stopAt > 0 && p.Files >= step.stopAt {
				cancel()
			}
		}
		c.refuse = step.refuse
		start := time.Now()
		most := peak(func() {
			usages, stats, err = run(ctx, bucket.New(c.api, name, "", bucket.WithState(state, "f")), q)
		})
		cancel()
		gets := c.took()
		for _, key := range keys[:whole] {
			if gets[key] > 0 {
				t.Errorf("%s: %s was read again", step.reason, key)
			}
		}
		whole += files
		t.Logf("%s: %d objects asked for, %d read to their ends, in %v, heap of %d MiB at most, error %v",
			step.reason, len(gets), files, time.Since(start).Round(time.Second/10), most>>20, err)
		expired, _ := errors.AsType[smithy.APIError](err)
		switch {
		case most > limit || len(usages) == 0 || int64(whole) != stats.Files:
			t.Errorf("%s: heap %d, %d rows, %d of %d objects", step.reason, most, len(usages), stats.Files, whole)
		case step.stopAt > 0 && !errors.Is(err, context.Canceled):
			t.Errorf("%s: error %v", step.reason, err)
		case step.refuse != "" && (expired == nil || expired.ErrorCode() != "ExpiredToken" || whole != 9000):
			t.Errorf("%s: error %v after %d objects", step.reason, err, whole)
		}
	}
	if diff := cmp.Diff(want, usages); diff != "" || err != nil || whole != objects {
		t.Errorf("error %v, %d objects (-files +bucket):\n%s", err, whole, diff)
	}
	if diff := cmp.Diff(wantStats, stats); diff != "" {
		t.Errorf("stats (-files +bucket):\n%s", diff)
	}
}
