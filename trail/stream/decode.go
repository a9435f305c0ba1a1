package stream

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/whittle-iam/whittle/trail"
)

// decode reads one input into j.batches. It ends early if ctx does.
func (p *pipeline) decode(ctx context.Context, j *job) {
	d := &decoder{pipeline: p, ctx: ctx, job: j, batch: &batch{}}
	in, err := j.Open(ctx)
	if err != nil {
		err = d.end(err, trail.SkipUnreadable)
	} else {
		defer in.Close()
		d.stored = counter{ctx: ctx, r: in}
		if err = d.read(); err != nil {
			err = d.end(err, reasonFor(err, &d.stored))
		}
	}
	if ctx.Err() != nil {
		return
	}
	d.batch.err, d.batch.last = err, true
	d.flush()
}

// end notes why the input was not read, or not to its end, unless that is the end of everything: then it
// returns the error.
func (d *decoder) end(err error, reason trail.SkipReason) error {
	switch {
	case isFatal(d.stored.err): // whatever became of it on the way through the decoders
		return d.stored.err
	case isFatal(err):
		return err
	}
	d.batch.skip = &trail.Skip{Reason: reason, File: d.job.Name, Err: err}
	if broken, ok := errors.AsType[*brokenError](err); ok {
		d.batch.skip.Offset = broken.offset
	}
	return nil
}

// decoder is the reading of one input.
type decoder struct {
	*pipeline
	ctx     context.Context
	job     *job
	stored  counter
	sent    int64 // of stored
	records int64
	batch   *batch
}

// read reads the whole input. What it returns is why it could not.
func (d *decoder) read() error {
	plain, free, err := decompress(&d.stored)
	defer free()
	if err != nil {
		return err
	}
	if start, _ := plain.Peek(64); trail.IsProfile(start) {
		return d.profile(plain)
	}
	return readRecords(plain, d.record)
}

func (d *decoder) profile(plain *bufio.Reader) error {
	usages, stats, err := trail.ReadProfile(plain)
	if err != nil {
		return err
	}
	if usages, err = d.Query.Keep(usages, &stats); err != nil {
		return err
	}
	d.batch.profile = &profile{usages, stats}
	return nil
}

func (d *decoder) record(r record) error {
	d.records++
	if d.records <= d.job.Counted {
		return nil
	}
	o := observed{record: d.records, offset: r.offset}
	if r.skip != "" {
		o.Skip, o.Err = r.skip, r.err
	} else {
		o.Observation = d.observer.Observe(r.raw)
	}
	d.batch.observed = append(d.batch.observed, o)
	if len(d.batch.observed) < batchSize {
		return nil
	}
	d.flush()
	return d.ctx.Err()
}

// flush hands over what there is, as soon as there is room for it or its turn has come, unless ctx has
// ended and nobody takes it.
func (d *decoder) flush() {
	full := d.batch
	full.bytes = d.stored.n - d.sent
	d.sent, d.batch = d.stored.n, &batch{}
	select {
	case <-d.job.turn:
	default:
		select {
		case <-d.job.turn:
		case d.permits <- struct{}{}:
			full.permit = true
		case <-d.ctx.Done():
			return
		}
	}
	select {
	case d.job.batches <- full:
	case <-d.ctx.Done():
	}
}

// reasonFor classifies what ended an input, of which stored was read.
func reasonFor(err error, stored *counter) trail.SkipReason {
	switch {
	case stored.err != nil:
		return trail.SkipUnreadable
	case stored.n == 0 && errors.Is(err, errNotCloudTrail):
		return trail.SkipEmptyFile
	case errors.Is(err, errNotCloudTrail):
		return trail.SkipNotCloudTrail
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return trail.SkipTruncated
	case errors.Is(err, errBomb), errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return trail.SkipBomb
	}
	return trail.SkipCorrupt
}
