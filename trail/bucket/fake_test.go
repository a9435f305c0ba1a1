package bucket_test

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

const name = "trail-logs"

// fake answers as S3 does for one bucket, in path style, with the messages of
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and API_GetObject.html there.
type fake struct {
	url string
	answers

	mu    sync.Mutex // of answers, once requests come, and what follows
	gets  map[string]int
	lists []string // prefixes
	seen  []*http.Request
	asked []string // Regions that clients were made for
}

// answers are what the fake goes by.
type answers struct {
	objects  map[string][]byte
	pageSize int
	region   string // where the bucket is, for answers to HEAD
	// fault, if not nil, may answer in place of the fake: it reports whether it did. The key is empty for lists.
	fault func(w http.ResponseWriter, r *http.Request, key string) bool
}

func newFake(tb testing.TB, objects map[string][]byte) *fake {
	f := &fake{answers: answers{objects: objects, pageSize: 3}, gets: map[string]int{}}
	server := httptest.NewServer(f)
	tb.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// api makes clients as New wants them.
func (f *fake) api(_ context.Context, region string) (bucket.API, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, region)
	cfg := awsfake.Config(f.url, cmp.Or(region, "us-east-1"))
	cfg.HTTPClient = connections
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), nil
}

// connections are shared and kept open: to make new ones would take most of the time of the tests.
var connections = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func fail(w http.ResponseWriter, status int, code, message string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message><RequestId>R</RequestId></Error>", code, message)
	return true
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucketName, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	f.mu.Lock()
	f.seen = append(f.seen, r.Clone(context.Background()))
	switch {
	case key != "":
		f.gets[key]++
	case r.Method == http.MethodGet:
		f.lists = append(f.lists, r.URL.Query().Get("prefix"))
	}
	now := f.answers
	f.mu.Unlock()
	if now.region != "" {
		w.Header().Set("X-Amz-Bucket-Region", now.region)
	}
	switch {
	case now.fault != nil && now.fault(w, r, key):
	case bucketName != name && r.Method == http.MethodHead:
		w.WriteHeader(http.StatusNotFound)
	case bucketName != name:
		fail(w, http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	case r.Method == http.MethodHead:
	case key == "":
		now.list(w, r.URL.Query())
	default:
		now.get(w, r, key)
	}
}

func etag(content []byte) string {
	sum := md5.Sum(content)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func (a *answers) get(w http.ResponseWriter, r *http.Request, key string) {
	content, ok := a.objects[key]
	if !ok {
		fail(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	if match := r.Header.Get("If-Match"); match != "" && match != etag(content) {
		fail(w, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")
		return
	}
	w.Header().Set("ETag", etag(content))
	w.Header().Set("Content-Encoding", "gzip") // as CloudTrail's objects have it
	status := http.StatusOK
	if from, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
		start, err := strconv.Atoi(strings.TrimSuffix(from, "-"))
		if err != nil || start >= len(content) {
			fail(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
			return
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, len(content)-1, len(content)))
		content, status = content[start:], http.StatusPartialContent
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	_, _ = w.Write(content)
}

type listed struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	EncodingType          string `xml:",omitempty"`
	Contents              []content
	CommonPrefixes        []common
}

type content struct {
	Key, ETag string
	Size      int
}

type common struct{ Prefix string }

// list answers a page. The token is the last key or common prefix of the page before.
func (a *answers) list(w http.ResponseWriter, q url.Values) {
	prefix, delimiter := q.Get("prefix"), q.Get("delimiter")
	token, after := q.Get("continuation-token"), q.Get("start-after")
	out := listed{EncodingType: q.Get("encoding-type")}
	last := ""
	for _, key := range slices.Sorted(maps.Keys(a.objects)) {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || key <= after && token == "" {
			continue
		}
		item, folder := key, false
		if i := strings.Index(rest, delimiter); delimiter != "" && i >= 0 {
			item, folder = prefix+rest[:i+1], true
		}
		if item == last || token != "" && item <= token {
			continue
		}
		if len(out.Contents)+len(out.CommonPrefixes) == a.pageSize {
			out.IsTruncated, out.NextContinuationToken = true, last
			break
		}
		last = item
		if folder {
			out.CommonPrefixes = append(out.CommonPrefixes, common{url.QueryEscape(item)})
		} else {
			out.Contents = append(out.Contents, content{url.QueryEscape(key), etag(a.objects[key]), len(a.objects[key])})
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(out)
}

// took returns how often each object was asked for since the last call.
func (f *fake) took() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	gets := f.gets
	f.gets = map[string]int{}
	return gets
}

// change changes the answers between readings: requests of the one before may still be under way.
func (f *fake) change(answers func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answers()
}
