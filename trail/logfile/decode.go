package logfile

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/whittle-iam/whittle/trail"
)

// decode reads one file into j.batches. It ends early if ctx does.
func (p *pipeline) decode(ctx context.Context, j *job) {
	d := &decoder{pipeline: p, ctx: ctx, job: j}
	in := p.source.stdin
	if j.path != stdin {
		f, err := open(ctx, j.path)
		if err != nil {
			d.skip(trail.SkipUnreadable, err)
			d.flush()
			return
		}
		defer f.Close()
		in = f
	}
	d.stored.r = interruptible(ctx, in)
	err := d.read()
	switch {
	case ctx.Err() != nil:
		return
	case err == nil:
	case errors.Is(err, trail.ErrProfileVersion), errors.Is(err, trail.ErrProfileWindow):
		d.batch.err = err
	default:
		d.skip(reasonFor(err, d.stored.n), err)
	}
	d.flush()
}

// open opens a file. A pipe that nobody writes to keeps the call waiting, but not longer than ctx lasts.
func open(ctx context.Context, path string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		f, err := os.Open(path)
		opened <- result{f, err}
	}()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-ctx.Done():
		go func() {
			if r := <-opened; r.err == nil {
				r.file.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// decoder is the reading of one file.
type decoder struct {
	*pipeline
	ctx     context.Context
	job     *job
	stored  counter
	sent    int64 // of stored
	records int64
	batch   batch
}

// read reads the whole file. What it returns is why it could not.
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
	if usages, err = d.query.Keep(usages, &stats); err != nil {
		return err
	}
	d.batch.profile = &profile{usages, stats}
	return nil
}

func (d *decoder) record(r record) error {
	d.records++
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

func (d *decoder) skip(reason trail.SkipReason, err error) {
	d.batch.skip = &trail.Skip{Reason: reason, File: d.job.path, Err: err}
	if broken, ok := errors.AsType[*brokenError](err); ok {
		d.batch.skip.Offset = broken.offset
	}
}

// flush hands over what there is, unless ctx has ended and nobody takes it.
func (d *decoder) flush() {
	full := d.batch
	full.bytes = d.stored.n - d.sent
	d.sent, d.batch = d.stored.n, batch{}
	select {
	case d.job.batches <- full:
	case <-d.ctx.Done():
	}
}

// reasonFor classifies what ended a file of which read bytes were read.
func reasonFor(err error, read int64) trail.SkipReason {
	switch {
	case read == 0 && errors.Is(err, errNotCloudTrail):
		return trail.SkipEmptyFile
	case errors.Is(err, errNotCloudTrail):
		return trail.SkipNotCloudTrail
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return trail.SkipTruncated
	case errors.Is(err, errBomb), errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return trail.SkipBomb
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return trail.SkipUnreadable
	}
	return trail.SkipCorrupt
}
