package logfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/whittle-iam/whittle/trail"
)

const (
	// batchSize records travel together from a decoding worker to the aggregator.
	batchSize = 128
	// aheadBatches is how far a file may be decoded before its turn.
	aheadBatches = 8
)

// pipeline decodes files in parallel and aggregates them in order.
type pipeline struct {
	source     *Source
	query      trail.Query
	observer   *trail.Observer
	aggregator *trail.Aggregator
	progress   trail.Progress
}

// A job is one file on its way.
type job struct {
	file
	batches chan batch // closed at the end
}

// A batch is a part of what a file holds.
type batch struct {
	observed []observed
	bytes    int64       // stored, read since the batch before
	skip     *trail.Skip // of the file
	err      error       // ends everything
}

type observed struct {
	trail.Observation
	record, offset int64
}

func (p *pipeline) run(ctx context.Context, files []file) error {
	ctx, cancel := context.WithCancel(ctx)
	work := make(chan *job)
	order := make(chan *job, 2*p.source.workers)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() {
		defer close(work)
		defer close(order)
		for _, f := range files {
			j := &job{file: f, batches: make(chan batch, aheadBatches)}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			select {
			case work <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range p.source.workers {
		running.Go(func() {
			for j := range work {
				p.decode(ctx, j)
			}
		})
	}
	for j := range order {
		if err := p.aggregate(ctx, j); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// aggregate takes in what is decoded of one file.
func (p *pipeline) aggregate(ctx context.Context, j *job) error {
	p.aggregator.AddStats(trail.Stats{Files: 1})
	for {
		var b batch
		var more bool
		select {
		case b, more = <-j.batches:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			p.progress.Files++
			p.report()
			return nil
		}
		if b.err != nil {
			return fmt.Errorf("%s: %w", j.path, b.err)
		}
		for i := range b.observed {
			o := &b.observed[i]
			reason := p.aggregator.Add(&o.Observation)
			if reason.Broken() && p.query.OnSkip != nil {
				p.query.OnSkip(trail.Skip{Reason: reason, File: j.path, Record: o.record, Offset: o.offset, Err: o.Err})
			}
		}
		if b.skip != nil {
			p.aggregator.SkipFile(b.skip.Reason)
			if p.query.OnSkip != nil {
				p.query.OnSkip(*b.skip)
			}
		}
		p.progress.Records += int64(len(b.observed))
		p.progress.Bytes += b.bytes
		p.report()
	}
}

func (p *pipeline) report() {
	if p.query.OnProgress != nil {
		p.query.OnProgress(p.progress)
	}
}

// decode reads one file into j.batches.
func (p *pipeline) decode(ctx context.Context, j *job) {
	defer close(j.batches)
	var in io.Reader = p.source.stdin
	if j.path != stdin {
		f, err := os.Open(j.path)
		if err != nil {
			p.send(ctx, j, batch{skip: &trail.Skip{Reason: trail.SkipUnreadable, File: j.path, Err: err}})
			return
		}
		defer f.Close()
		in = f
	}
	stored := &counter{r: interruptible(ctx, in)}
	var b batch
	var records, sent int64
	flush := func() error {
		b.bytes = stored.n - sent
		sent = stored.n
		full := b
		b = batch{}
		return p.send(ctx, j, full)
	}
	plain, free, err := decompress(stored)
	defer free()
	if err == nil {
		err = readRecords(plain, func(r record) error {
			records++
			o := observed{record: records, offset: r.offset}
			if r.skip != "" {
				o.Skip, o.Err = r.skip, r.err
			} else {
				o.Observation = p.observer.Observe(r.raw)
			}
			b.observed = append(b.observed, o)
			if len(b.observed) == batchSize {
				return flush()
			}
			return nil
		})
	}
	if err != nil && ctx.Err() == nil {
		b.skip = &trail.Skip{Reason: reasonFor(err, stored.n), File: j.path, Err: err}
	}
	if flush() != nil {
		return // ctx is done, and its error is reported by run
	}
}

func (p *pipeline) send(ctx context.Context, j *job, b batch) error {
	select {
	case j.batches <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reasonFor classifies what ended a file.
func reasonFor(err error, read int64) trail.SkipReason {
	var path *os.PathError
	switch {
	case read == 0 && errors.Is(err, errNotCloudTrail):
		return trail.SkipEmptyFile
	case errors.Is(err, errNotCloudTrail):
		return trail.SkipNotCloudTrail
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return trail.SkipTruncated
	case errors.Is(err, errBomb), errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return trail.SkipBomb
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return trail.SkipCorrupt
	case errors.As(err, &path):
		return trail.SkipUnreadable
	}
	return trail.SkipCorrupt
}
