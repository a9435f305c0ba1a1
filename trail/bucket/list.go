package bucket

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/whittle-iam/whittle/trail"
)

// An object is one that was listed.
type object struct {
	key, etag string
	size      int64
}

// A page is one answer of ListObjectsV2, in the order of keys.
type page struct {
	objects []object
	folders []string // the common prefixes
	more    bool
}

// holds reports whether there are objects that are not merely there to show a folder.
func (p page) holds() bool {
	return slices.ContainsFunc(p.objects, func(o object) bool { return o.size > 0 })
}

// lister lists a bucket for one query.
type lister struct {
	source *Source
	api    API
	query  *trail.Query

	mu sync.Mutex // of what follows
	// unsearched are folders that may hold logs and were too many to search.
	unsearched []string
	// beside are folders with objects that no trail has delivered as it does.
	beside []string
}

// pages lists the keys that begin with prefix and come after a key. With a delimiter, those below one level are
// one folder.
func (l *lister) pages(ctx context.Context, prefix, delimiter, after string) iter.Seq2[page, error] {
	in := &s3.ListObjectsV2Input{
		Bucket: &l.source.name, RequestPayer: l.source.payer,
		Prefix: some(prefix), Delimiter: some(delimiter), StartAfter: some(after),
		EncodingType: types.EncodingTypeUrl, // XML has no way to write some of the characters that keys may have
	}
	return func(yield func(page, error) bool) {
		for {
			out, err := l.api.ListObjectsV2(ctx, in)
			if err == nil && aws.ToBool(out.IsTruncated) && aws.ToString(out.NextContinuationToken) == "" {
				err = errors.New("the list goes on, but S3 does not say how")
			}
			var p page
			if err == nil {
				p, err = pageOf(out)
			}
			if err != nil {
				yield(page{}, fmt.Errorf("list %s: %w", l.source.url(prefix), err))
				return
			}
			if !yield(p, nil) || !p.more {
				return
			}
			in.ContinuationToken = out.NextContinuationToken
		}
	}
}

func pageOf(out *s3.ListObjectsV2Output) (page, error) {
	p := page{more: aws.ToBool(out.IsTruncated)}
	decode := func(s *string) (string, error) {
		if out.EncodingType != types.EncodingTypeUrl {
			return aws.ToString(s), nil
		}
		return url.QueryUnescape(aws.ToString(s))
	}
	for _, listed := range out.Contents {
		key, err := decode(listed.Key)
		if err != nil {
			return page{}, err
		}
		// A key that ends with a slash is how the console makes a folder.
		if !strings.HasSuffix(key, "/") {
			p.objects = append(p.objects, object{key, aws.ToString(listed.ETag), aws.ToInt64(listed.Size)})
		}
	}
	for _, common := range out.CommonPrefixes {
		folder, err := decode(common.Prefix)
		if err != nil {
			return page{}, err
		}
		p.folders = append(p.folders, folder)
	}
	return p, nil
}

// folders returns the folders directly below one of a trail, and notes where objects lie beside them.
func (l *lister) folders(ctx context.Context, folder string) ([]string, error) {
	var all []string
	for p, err := range l.pages(ctx, folder, "/", "") {
		if err != nil {
			return nil, err
		}
		all = append(all, p.folders...)
		if p.holds() {
			l.lies(folder)
		}
	}
	return all, nil
}

// first returns the first page of a list.
func (l *lister) first(ctx context.Context, prefix, delimiter string) (first page, err error) {
	for first, err = range l.pages(ctx, prefix, delimiter, "") {
		break
	}
	return first, err
}

// some returns nil for an empty parameter.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
