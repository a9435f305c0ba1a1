package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

func noSleep(context.Context, time.Duration) error { return nil }

// flat makes objects of one record each, k00 and so on.
func flat(n int) map[string][]byte {
	records := trailtest.SuiteRecords()
	objects := map[string][]byte{}
	for i := range n {
		objects[fmt.Sprintf("k/%02d", i)] = zip(records[i%len(records)])
	}
	return objects
}

// TestRefusals checks what is said of what S3 refuses, and that what was read before is yielded.
func TestRefusals(t *testing.T) {
	denied := `User: arn:aws:sts::111122223333:assumed-role/dev/me is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action`
	onGet := func(status int, code, message string) func(http.ResponseWriter, *http.Request, string) bool {
		return func(w http.ResponseWriter, _ *http.Request, key string) bool {
			return key == "k/09" && fail(w, status, code, message)
		}
	}
	onList := func(status int, code, message string) func(http.ResponseWriter, *http.Request, string) bool {
		return func(w http.ResponseWriter, r *http.Request, key string) bool {
			return key == "" && r.Method == http.MethodGet && r.URL.Query().Get("continuation-token") == "k/05" && fail(w, status, code, message)
		}
	}
	for _, test := range []struct {
		reason, prefix string
		fault          func(http.ResponseWriter, *http.Request, string) bool
		used           int64
		code           string
		says           []string
	}{
		{"a key of KMS", "k/", onGet(403, "AccessDenied", denied), 9, "AccessDenied", []string{"s3://trail-logs/k/09: ", "kms:Decrypt", "GetObject"}},
		{"an object", "k/", onGet(403, "AccessDenied", "Access Denied"), 9, "AccessDenied", []string{"s3://trail-logs/k/09: "}},
		{"credentials", "k/", onGet(400, "ExpiredToken", "The provided token has expired."), 9, "ExpiredToken", []string{"s3://trail-logs/k/09: ", "expired"}},
		{"the service is down", "k/", onGet(500, "InternalError", "We encountered an internal error."), 9, "InternalError", []string{"s3://trail-logs/k/09: ", "exceeded maximum number of attempts"}},
		{"a list", "k/", onList(403, "AccessDenied", "not authorized to perform: s3:ListBucket"), 6, "AccessDenied", []string{"list s3://trail-logs/k/: ", "s3:ListBucket"}},
		{"nothing there", "elsewhere/", nil, 0, "", []string{"s3://trail-logs/elsewhere/: no object"}},
		{"a level of the layout that is not there", "AWSLogs/111122223333", nil, 0, "", []string{"s3://trail-logs/AWSLogs/111122223333/: no object"}},
		{"no logs", "AWSLogs/", nil, 0, "", []string{"s3://trail-logs/AWSLogs/: no logs of CloudTrail"}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			objects := flat(20)
			if strings.HasPrefix(test.prefix, "AWSLogs") {
				objects = map[string][]byte{"AWSLogs/444455556666/Config/x": []byte("x")}
			}
			f := newFake(t, objects)
			if test.fault != nil {
				f.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
					// The prefix is looked at before it is listed.
					return r.URL.Query().Get("delimiter") == "" && test.fault(w, r, key)
				}
			}
			usages, stats, err := collect(t, bucket.New(f.api, name, test.prefix), trail.Query{})
			if err == nil {
				t.Fatal("no error")
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("%q does not say %q", err, says)
				}
			}
			if test.code == "" {
				return
			}
			refused, ok := errors.AsType[smithy.APIError](err)
			if _, call := errors.AsType[*smithy.OperationError](err); !ok || !call || refused.ErrorCode() != test.code {
				t.Errorf("the SDK's error is lost: %v", err)
			}
			if stats.Records != test.used || stats.Used > 0 && len(usages) == 0 {
				t.Errorf("%d records and %d rows were kept, want %d", stats.Records, len(usages), test.used)
			}
		})
	}
}

func TestMissingBucket(t *testing.T) {
	f := newFake(t, flat(1))
	_, _, err := collect(t, bucket.New(f.api, "elsewhere", "k/"), trail.Query{})
	if _, ok := errors.AsType[*types.NotFound](err); !ok || !strings.Contains(err.Error(), "s3://elsewhere/: there is no such bucket") {
		t.Error(err)
	}
	broken := errors.New("no credentials")
	api := func(context.Context, string) (bucket.API, error) { return nil, broken }
	if _, _, err := collect(t, bucket.New(api, name, ""), trail.Query{}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// TestRegion finds a bucket that is elsewhere, however S3 says so.
func TestRegion(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusMovedPermanently, http.StatusBadRequest, http.StatusForbidden} {
		f := newFake(t, flat(3))
		f.region = "eu-south-2"
		f.fault = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if strings.Contains(r.Header.Get("Authorization"), "/eu-south-2/") || r.Method == http.MethodHead && status == http.StatusOK {
				return false
			}
			w.WriteHeader(status)
			return true
		}
		_, stats, err := collect(t, bucket.New(f.api, name, "k/"), trail.Query{})
		if err != nil || stats.Files != 3 || !slices.Equal(f.asked, []string{"", "eu-south-2"}) {
			t.Errorf("%d: error %v, %d files, clients of %q", status, err, stats.Files, f.asked)
		}
	}
}

func TestRequesterPays(t *testing.T) {
	f := newFake(t, flat(3))
	f.fault = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		return r.Header.Get("X-Amz-Request-Payer") != "requester" && fail(w, http.StatusForbidden, "AccessDenied", "Access Denied")
	}
	if _, stats, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithRequesterPays()), trail.Query{}); err != nil || stats.Files != 3 {
		t.Errorf("error %v, %+v", err, stats)
	}
	if _, _, err := collect(t, bucket.New(f.api, name, "k/"), trail.Query{}); err == nil {
		t.Error("without agreement: no error")
	}
}

// TestSkippedObjects checks that an object that cannot be had, or not to its end, costs no other.
func TestSkippedObjects(t *testing.T) {
	objects := flat(20)
	objects["k/03"] = objects["k/03"][:len(objects["k/03"])-20]
	objects["k/04"] = nil
	f := newFake(t, objects)
	f.fault = func(w http.ResponseWriter, _ *http.Request, key string) bool {
		switch key {
		case "k/01":
			return fail(w, http.StatusForbidden, "InvalidObjectState", "The operation is not valid for the object's storage class")
		case "k/02":
			return fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		case "k/05":
			return fail(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")
		}
		return false
	}
	var skips []trail.Skip
	q := trail.Query{OnSkip: func(s trail.Skip) {
		if s.Err == nil {
			t.Errorf("%s: no error", s.File)
		}
		skips = append(skips, trail.Skip{Reason: s.Reason, File: s.File})
	}}
	_, stats, err := collect(t, bucket.New(f.api, name, "k/"), q)
	want := []trail.Skip{
		{Reason: trail.SkipUnreadable, File: "s3://trail-logs/k/01"}, {Reason: trail.SkipUnreadable, File: "s3://trail-logs/k/02"},
		{Reason: trail.SkipTruncated, File: "s3://trail-logs/k/03"}, {Reason: trail.SkipEmptyFile, File: "s3://trail-logs/k/04"},
		{Reason: trail.SkipUnreadable, File: "s3://trail-logs/k/05"},
	}
	if diff := cmp.Diff(want, skips); diff != "" || err != nil || stats.Files != 20 {
		t.Errorf("error %v, %+v (-want +got):\n%s", err, stats, diff)
	}
}

// TestBrokenDownload drops connections in the middle of objects.
func TestBrokenDownload(t *testing.T) {
	for _, test := range []struct {
		drops int
		ok    bool
	}{{1, true}, {8, true}, {9, false}} {
		objects := flat(8)
		f := newFake(t, objects)
		var drops, waits atomic.Int64
		f.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
			if key != "k/05" || drops.Add(1) > int64(test.drops) {
				return false
			}
			if drops.Load() > 1 && (r.Header.Get("Range") == "" || r.Header.Get("If-Match") != etag(objects[key])) {
				t.Errorf("goes on with Range %q, If-Match %q", r.Header.Get("Range"), r.Header.Get("If-Match"))
			}
			start := 0
			_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &start)
			content := objects[key][start:]
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(content[:20])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		wait := func(context.Context, time.Duration) error { waits.Add(1); return nil }
		_, stats, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithSleep(wait)), trail.Query{})
		switch {
		case test.ok && (err != nil || stats.Records != 8 || len(stats.SkippedFiles) > 0):
			t.Errorf("%d drops: error %v, %+v", test.drops, err, stats)
		case !test.ok && (err == nil || !strings.Contains(err.Error(), "s3://trail-logs/k/05: the download broke off after 180 of ") || stats.Files != 5):
			t.Errorf("%d drops: error %v, %+v", test.drops, err, stats)
		}
		if waits.Load() != int64(min(test.drops, 8)) {
			t.Errorf("%d drops, %d waits", test.drops, waits.Load())
		}
	}
}

// TestReplacedWhileRead meets another object when it goes on with a download.
func TestReplacedWhileRead(t *testing.T) {
	f := newFake(t, flat(3))
	f.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
		if key != "k/01" {
			return false
		}
		if r.Header.Get("Range") != "" {
			return fail(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")
		}
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write(f.objects[key][:20])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithSleep(noSleep)), trail.Query{})
	if err == nil || !strings.Contains(err.Error(), "s3://trail-logs/k/01: go on with the download after 20 of ") {
		t.Error(err)
	}
}

// TestThrottling is told to slow down now and then, which the SDK does.
func TestThrottling(t *testing.T) {
	f := newFake(t, flat(20))
	var n atomic.Int64
	f.fault = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		return n.Add(1)%3 == 0 && fail(w, http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	}
	if _, stats, err := collect(t, bucket.New(f.api, name, "k/", bucket.WithDownloads(1)), trail.Query{}); err != nil || stats.Records != 20 {
		t.Errorf("error %v, %+v", err, stats)
	}
}
