package logfile

import (
	"context"
	"fmt"
	"sync"

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
	bytes    int64 // stored, read since the batch before
	profile  *profile
	skip     *trail.Skip // of the file
	err      error       // ends everything
}

// profile is a whole file of Usage. What is in it was counted when it was written, files included.
type profile struct {
	usages []trail.Usage
	stats  trail.Stats
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
				close(j.batches)
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
	files := int64(1)
	for {
		var b batch
		var more bool
		select {
		case b, more = <-j.batches:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			p.aggregator.AddStats(trail.Stats{Files: files})
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
		if b.profile != nil {
			files = 0
			for i := range b.profile.usages {
				p.aggregator.AddUsage(&b.profile.usages[i])
			}
			p.aggregator.AddStats(b.profile.stats)
			p.progress.Records += b.profile.stats.Records
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
