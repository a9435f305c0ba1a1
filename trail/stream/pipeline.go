package stream

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/whittle-iam/whittle/trail"
)

const (
	// batchSize records travel together from a decoding worker to the aggregator.
	batchSize = 128
	// aheadBatches is how many batches wait for the turn of their inputs. The input whose turn it is
	// needs none of them.
	aheadBatches = 256
)

// pipeline decodes inputs in parallel and aggregates them in order.
type pipeline struct {
	*Reader
	observer *trail.Observer
	permits  chan struct{}
	progress trail.Progress
}

// A job is one input on its way.
type job struct {
	Input
	err     error         // in place of an input
	turn    chan struct{} // closed when the input's batches are taken at once
	batches chan *batch   // closed at the end
}

// A batch is a part of what an input holds.
type batch struct {
	observed []observed
	bytes    int64 // stored, read since the batch before
	profile  *profile
	skip     *trail.Skip // of the input
	err      error       // ends everything
	last     bool        // of the input
	permit   bool        // to be given back
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

func (p *pipeline) run(ctx context.Context, inputs func(context.Context) iter.Seq2[Input, error]) error {
	ctx, cancel := context.WithCancel(ctx)
	work := make(chan *job)
	order := make(chan *job, 2*p.Workers)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() {
		defer close(work)
		defer close(order)
		for in, err := range inputs(ctx) {
			j := &job{Input: in, err: err, turn: make(chan struct{}), batches: make(chan *batch, aheadBatches)}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
			select {
			case work <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range p.Workers {
		running.Go(func() {
			for j := range work {
				p.decode(ctx, j)
				close(j.batches)
			}
		})
	}
	for j := range order {
		if err := p.take(ctx, j); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// take aggregates an input and tells it so.
func (p *pipeline) take(ctx context.Context, j *job) error {
	if j.err != nil {
		return j.err
	}
	close(j.turn)
	end := End{Records: j.Counted}
	err := p.aggregate(ctx, j, &end)
	end.Whole = err == nil
	if j.Done != nil {
		if failed := j.Done(end); err == nil {
			err = failed
		}
	}
	return err
}

// aggregate takes in what is decoded of one input.
func (p *pipeline) aggregate(ctx context.Context, j *job, end *End) error {
	files := int64(1)
	for {
		var b *batch
		var more bool
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case b, more = <-j.batches:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			return ctx.Err()
		}
		if b.permit {
			<-p.permits
		}
		for i := range b.observed {
			o := &b.observed[i]
			reason := p.Aggregator.Add(&o.Observation)
			if reason.Broken() && p.Query.OnSkip != nil {
				p.Query.OnSkip(trail.Skip{Reason: reason, File: j.Name, Record: o.record, Offset: o.offset, Err: o.Err})
			}
			end.Records = o.record
		}
		if b.err != nil {
			return fmt.Errorf("%s: %w", j.Name, b.err)
		}
		if b.profile != nil {
			files = 0
			for i := range b.profile.usages {
				p.Aggregator.AddUsage(&b.profile.usages[i])
			}
			p.Aggregator.AddStats(b.profile.stats)
			p.progress.Records += b.profile.stats.Records
		}
		if b.skip != nil {
			end.Skip = b.skip.Reason
			p.Aggregator.SkipFile(b.skip.Reason)
			if p.Query.OnSkip != nil {
				p.Query.OnSkip(*b.skip)
			}
		}
		p.progress.Records += int64(len(b.observed))
		p.progress.Bytes += b.bytes
		if b.last {
			p.Aggregator.AddStats(trail.Stats{Files: files})
			p.progress.Files++
		}
		p.report()
		if b.last {
			return nil
		}
	}
}

func (p *pipeline) report() {
	if p.Query.OnProgress == nil {
		return
	}
	if p.Totals != nil {
		p.progress.TotalFiles, p.progress.TotalBytes = p.Totals()
	}
	p.Query.OnProgress(p.progress)
}
