// Package stream reads CloudTrail records from streams of bytes, wherever the bytes come from.
//
// The format is told by the content, never by the name: files as CloudTrail delivers them
// ({"Records":[…]}), JSON lines, arrays and single records, the output of aws cloudtrail
// lookup-events, EventBridge events, CloudWatch Logs exports and subscription payloads, and usage
// profiles; plain, gzip or zstd.
//
// Inputs are decoded in parallel, each as a stream, and joined in their order, so that the result is a
// function of the inputs alone. What cannot be read is reported with its place and left out. Memory
// follows the number of workers, and neither the number nor the size of the inputs.
package stream

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/whittle-iam/whittle/trail"
)

// UnknownSize is the Size of an Input of which nobody knows it.
const UnknownSize = -1

// An Input is one stream of records or one profile.
type Input struct {
	// Name is what skips and errors call it.
	Name string
	// Size is in bytes as stored, or UnknownSize.
	Size int64
	// Open is called once, from any goroutine. What it returns is closed, and its reads should end with ctx.
	// An error of Open or of a read skips the input, or what was not read of it, if it is not Fatal.
	Open func(ctx context.Context) (io.ReadCloser, error)
	// Counted is how many of its first records were counted in an earlier reading. They are passed over.
	Counted int64
	// Done, if not nil, is called once the input is aggregated as far as it will be. Its error ends
	// the reading.
	Done func(End) error
}

// An End says how far an input was aggregated.
type End struct {
	// Whole is false where the reading as a whole ended in the input, so that there may be more in it.
	Whole bool
	// Records is how many of the input were counted, those of earlier readings included.
	Records int64
	// Skip is why the input was skipped, or its end.
	Skip trail.SkipReason
}

// Fatal marks an error of an input as one that ends the reading: the other inputs would not fare better.
func Fatal(err error) error { return &fatalError{err} }

type fatalError struct{ error }

func (e *fatalError) Unwrap() error { return e.error }

// A Reader reads inputs into an Aggregator.
type Reader struct {
	// Query says what is wanted, and where to report.
	Query      trail.Query
	Aggregator *trail.Aggregator
	// Workers is how many inputs are opened and decoded at once.
	Workers int
	// Totals, if not nil, is asked how many inputs and bytes there are, 0 for unknown. It is called
	// while the inputs are being listed.
	Totals func() (files, bytes int64)
}

// Read reads the inputs, in their order as far as one can see. They are listed while they are read, from
// another goroutine; an error among them ends the reading once the inputs before it are read. The error
// is that, one of Done, one that is Fatal, that of a profile that does not fit the query, or ctx's. What was
// read before it is in the Aggregator.
func (r *Reader) Read(ctx context.Context, inputs func(context.Context) iter.Seq2[Input, error]) error {
	p := &pipeline{Reader: r, observer: trail.NewObserver(r.Query), permits: make(chan struct{}, aheadBatches)}
	return p.run(ctx, inputs)
}

// isFatal reports whether an error ends the reading.
func isFatal(err error) bool {
	_, fatal := errors.AsType[*fatalError](err)
	return fatal || errors.Is(err, trail.ErrProfileVersion) || errors.Is(err, trail.ErrProfileWindow)
}
