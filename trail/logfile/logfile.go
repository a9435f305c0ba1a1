// Package logfile reads CloudTrail records from files.
//
// The format is told by the content, never by the name; see package stream. Files are decoded in
// parallel and joined in their order, so that the result is a function of the input alone. What cannot be
// read is reported with its place and left out.
//
// A record that several files hold is counted once (trail.Dedupe). The calls of a profile cannot be told from those
// of the logs that it was made from, so give a period either as logs or as a profile.
package logfile

import (
	"context"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"runtime"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/delivery"
	"github.com/whittle-iam/whittle/trail/stream"
)

// A Source is a trail.Source over files.
type Source struct {
	paths   []string
	stdin   io.Reader
	workers int
}

// An Option changes how a Source reads.
type Option func(*Source)

// WithStdin says what the path "-" reads. Without it "-" is an error.
func WithStdin(r io.Reader) Option { return func(s *Source) { s.stdin = r } }

// WithWorkers says how many files are decoded at once; the default is one for each processor.
func WithWorkers(n int) Option { return func(s *Source) { s.workers = max(n, 1) } }

// New returns a Source over files, folders with everything below them, patterns of path/filepath, and
// "-" for standard input. A pipe or device is read if it is named itself, and skipped in a folder.
func New(paths []string, options ...Option) *Source {
	s := &Source{paths: paths, workers: runtime.GOMAXPROCS(0)}
	for _, option := range options {
		option(s)
	}
	return s
}

var _ trail.Source = (*Source)(nil)

// Usage implements trail.Source. The error is that of a path that does not exist or holds no file, of
// a profile that does not fit, or ctx's. Everything is read before the first row is yielded.
func (s *Source) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		aggregator := trail.NewAggregator()
		err := s.read(ctx, q, aggregator)
		if q.Stats != nil {
			q.Stats.Add(aggregator.Stats())
		}
		if ctx.Err() == nil {
			for _, usage := range aggregator.Usages() {
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

func (s *Source) read(ctx context.Context, q trail.Query, aggregator *trail.Aggregator) error {
	files, err := expand(s.paths)
	if err != nil {
		return err
	}
	places := make([]*delivery.Place, len(files))
	for i, f := range files {
		if f.path != stdin {
			places[i] = placeOf(f.path)
		}
	}
	prune := delivery.NewPruner(&q, places)
	wanted := files[:0]
	for i, f := range files {
		if f.path == stdin && s.stdin == nil {
			return errors.New("-: there is no standard input")
		}
		if reason := prune.Needless(places[i]); reason != "" {
			aggregator.SkipFile(reason)
			continue
		}
		if f.skip != "" {
			aggregator.SkipFile(f.skip)
			if q.OnSkip != nil {
				q.OnSkip(trail.Skip{Reason: f.skip, File: f.path, Err: f.err})
			}
			continue
		}
		wanted = append(wanted, f)
	}
	size := totalSize(wanted)
	r := stream.Reader{
		Query: q, Aggregator: aggregator, Workers: s.workers,
		Totals: func() (int64, int64) { return int64(len(wanted)), size },
	}
	return r.Read(ctx, func(context.Context) iter.Seq2[stream.Input, error] {
		return func(yield func(stream.Input, error) bool) {
			for _, f := range wanted {
				if !yield(s.input(f), nil) {
					return
				}
			}
		}
	})
}

// placeOf returns the place of a file in the layout of delivered files, nil for none.
func placeOf(path string) *delivery.Place {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return delivery.PlaceOf(filepath.ToSlash(path))
}

// input is a file as the reader of streams takes it.
func (s *Source) input(f file) stream.Input {
	return stream.Input{Name: f.path, Size: f.size, Open: func(ctx context.Context) (io.ReadCloser, error) {
		if f.path == stdin {
			return io.NopCloser(interruptible(ctx, s.stdin)), nil
		}
		return openFile(ctx, f.path)
	}}
}
