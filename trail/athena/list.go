package athena

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"
)

const (
	// maxLists is how many requests an estimate makes at most, of a thousand objects each.
	maxLists = 1000
	// maxSpanLists is how many of them are for one span, as they come one after the other.
	maxSpanLists = 200
	// parallelLists are made at once.
	parallelLists = 16
)

// A span is the objects of a bucket whose keys begin with prefix and lie from "from" on, up to before "to";
// "" leaves a side open.
type span struct{ bucket, prefix, from, to string }

// A sum is what spans hold.
type sum struct {
	bytes, objects int64
	// whole is false if there is more.
	whole bool
}

// lister adds up spans.
type lister struct {
	open func(ctx context.Context, region string) (S3API, error)
	left int // requests

	mu      sync.Mutex
	sum     sum
	clients map[string]S3API // by bucket
}

// add counts the objects of all spans, or as many as the number of requests allows.
func (l *lister) add(ctx context.Context, spans []span) (sum, error) {
	l.sum.whole, l.clients = true, map[string]S3API{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelLists)
	for _, s := range spans {
		group.Go(func() error { return l.list(ctx, s) })
	}
	err := group.Wait()
	return l.sum, err
}

// take takes one of the requests that are left, for a span that had n. Without one, there is more than the sum.
func (l *lister) take(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left <= 0 || n >= maxSpanLists {
		l.sum.whole = false
		return false
	}
	l.left--
	return true
}

func (l *lister) list(ctx context.Context, s span) error {
	in := &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &s.prefix}
	if s.from != "" {
		// StartAfter leaves out the key itself; no file of a partition has the partition's name for its key.
		in.StartAfter = &s.from
	}
	for n := 0; l.take(n); n++ {
		page, err := l.page(ctx, in)
		if err != nil {
			return fmt.Errorf("s3://%s/%s: %w", s.bucket, s.prefix, err)
		}
		beyond := false
		l.mu.Lock()
		for _, o := range page.Contents {
			if beyond = s.to != "" && aws.ToString(o.Key) >= s.to; beyond {
				break
			}
			l.sum.objects++
			l.sum.bytes += aws.ToInt64(o.Size)
		}
		l.mu.Unlock()
		if beyond || !aws.ToBool(page.IsTruncated) {
			return nil
		}
		in.ContinuationToken, in.StartAfter = page.NextContinuationToken, nil
	}
	return nil
}

// page lists once, and once more where S3 says that the bucket is in another Region.
func (l *lister) page(ctx context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	client, err := l.client(ctx, *in.Bucket, "")
	if err != nil {
		return nil, err
	}
	page, err := client.ListObjectsV2(ctx, in)
	region := otherRegion(err)
	if region == "" {
		return page, err
	}
	if client, err = l.client(ctx, *in.Bucket, region); err != nil {
		return nil, err
	}
	return client.ListObjectsV2(ctx, in)
}

// client returns the client for a bucket, which is the one in the bucket's Region once that is known.
func (l *lister) client(ctx context.Context, bucket, region string) (S3API, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.clients[bucket]; c != nil && region == "" {
		return c, nil
	}
	c, err := l.open(ctx, region)
	if err == nil {
		l.clients[bucket] = c
	}
	return c, err
}

// otherRegion returns the Region that an answer of S3 sends the client to, "" for none
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html).
func otherRegion(err error) string {
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return ""
	}
	switch response.HTTPStatusCode() {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
		return strings.TrimSpace(response.Response.Header.Get("X-Amz-Bucket-Region"))
	}
	return ""
}
