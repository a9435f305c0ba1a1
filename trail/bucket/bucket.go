// Package bucket reads CloudTrail records from the S3 bucket that a trail delivers to.
//
// It finds the delivered layout (package delivery) and lists no more of it than the query needs. Objects
// are decoded while they are downloaded, many at once, and joined in the order of their keys, so that the
// result is a function of the bucket's content alone. With a state file, a later reading takes only what is
// new.
//
// What it calls needs s3:ListBucket on the bucket and s3:GetObject on its objects, and kms:Decrypt on the key
// of a trail that encrypts with one.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
	"github.com/whittle-iam/whittle/trail/stream"
)

// API is what is called of S3.
type API interface {
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// A Source is a trail.Source over a bucket.
type Source struct {
	api          func(ctx context.Context, region string) (API, error)
	name, prefix string
	payer        types.RequestPayer
	downloads    int
	state        string // path, empty for none
	fields       string
	sleep        func(context.Context, time.Duration) error
	// checkpoint is how much has to be read at least until the state is saved again, see memory.due.
	checkpoint int64
}

// An Option changes how a Source reads.
type Option func(*Source)

// WithRequesterPays agrees to pay for requests and traffic where the bucket's owner does not.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
func WithRequesterPays() Option { return func(s *Source) { s.payer = types.RequestPayerRequester } }

// WithDownloads says how many objects are downloaded and decoded at once; the default is 32. Each takes
// a megabyte of memory or so, whatever the size of the object.
func WithDownloads(n int) Option { return func(s *Source) { s.downloads = max(n, 1) } }

// WithState keeps what was read in a file, so that the next reading goes on from there: interrupted or
// not, it yields what one reading of everything would have. It is made if it does not exist, and written
// whole or not at all, now and then and in the end. One of another bucket or query is refused; fields
// names what Query.Fields asks for, which cannot be compared otherwise.
//
// A state has 16 bytes for each object, the rows, and the memory for duplicates; in memory some forty bytes
// for each object.
func WithState(file, fields string) Option {
	return func(s *Source) { s.state, s.fields = file, fields }
}

// New returns a Source over the objects of a bucket whose keys begin with prefix. api returns a client of a
// Region, of the configured one for ""; the bucket's Region is found out.
//
// The prefix may name any level of what a trail delivers: the bucket (empty), a folder that holds AWSLogs/ at
// any depth, AWSLogs/, an organization, an account, CloudTrail/, a Region, a year, month or day. Then
// the logs of CloudTrail are read, and what lies beside them is not. Below any other prefix every object is
// read.
func New(api func(ctx context.Context, region string) (API, error), name, prefix string, options ...Option) *Source {
	s := &Source{api: api, name: name, prefix: prefix, downloads: 32, sleep: reading.Sleep, checkpoint: 64 << 20}
	for _, option := range options {
		option(s)
	}
	return s
}

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. The error wraps that of the SDK and says what could not be listed or read;
// what was read before it is yielded. Objects that are archived, that went away since they were listed, or
// that hold no records are skipped. Everything is read before the first row is yielded.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		m, err := s.remember(&q)
		if err == nil {
			err = s.read(ctx, q, m)
			if saved := m.save(); saved != nil {
				err = errors.Join(err, saved)
			}
		}
		// What the client makes of an interrupted call is not always ctx's error.
		if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
			err = errors.Join(cause, err)
		}
		if m != nil {
			if q.Stats != nil {
				q.Stats.Add(m.aggregator.Stats())
			}
			for _, usage := range m.aggregator.Usages() {
				if !yield(usage, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(trail.Usage{}, err)
		}
	}
}

func (s *Source) read(ctx context.Context, q trail.Query, m *memory) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	api, err := s.client(ctx)
	if err != nil {
		return err
	}
	l := &lister{source: s, api: api, query: &q}
	t := &totals{}
	r := stream.Reader{Query: q, Aggregator: m.aggregator, Workers: s.downloads, Totals: t.get}
	err = r.Read(ctx, func(ctx context.Context) iter.Seq2[stream.Input, error] {
		return s.inputs(ctx, l, m, t)
	})
	if q.Stats != nil {
		q.Stats.Add(trail.Stats{Gaps: l.gaps()})
	}
	return err
}

// inputs are the objects that were not read before.
func (s *Source) inputs(ctx context.Context, l *lister, m *memory, t *totals) iter.Seq2[stream.Input, error] {
	return func(yield func(stream.Input, error) bool) {
		for objects, err := range l.objects(ctx) {
			if err != nil {
				yield(stream.Input{}, err)
				return
			}
			for _, o := range objects {
				in := stream.Input{Name: s.url(o.key), Size: o.size, Open: s.opener(l.api, o)}
				if !m.wants(o, &in) {
					continue
				}
				t.add(o.size)
				if !yield(in, nil) {
					return
				}
			}
		}
		t.all.Store(true)
	}
}

// url is what a key is called.
func (s *Source) url(key string) string { return fmt.Sprintf("s3://%s/%s", s.name, key) }
