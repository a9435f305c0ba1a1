package cli

import (
	"context"
	"iter"

	"github.com/whittle-iam/whittle/trail"
)

// sources are several sources read one after the other. A call that two of them hold is counted twice, as
// they do not see each other's event IDs.
type sources []trail.Source

// Usage implements trail.Source. The first error ends the reading; what was read before it, also of the
// source that failed, is yielded.
func (s sources) Usage(ctx context.Context, q trail.Query) iter.Seq2[trail.Usage, error] {
	return func(yield func(trail.Usage, error) bool) {
		all := trail.NewAggregator()
		err := s.read(ctx, q, all)
		for _, u := range all.Usages() {
			if !yield(u, nil) {
				return
			}
		}
		if err != nil {
			yield(trail.Usage{}, err)
		}
	}
}

func (s sources) read(ctx context.Context, q trail.Query, all *trail.Aggregator) error {
	report := q.OnProgress
	var before trail.Progress
	for _, source := range s {
		var now trail.Progress
		if report != nil {
			q.OnProgress = func(p trail.Progress) {
				now = p
				report(plus(before, p))
			}
		}
		for u, err := range source.Usage(ctx, q) {
			if err != nil {
				return err
			}
			all.AddUsage(&u)
		}
		before = plus(before, now)
	}
	return nil
}

func plus(a, b trail.Progress) trail.Progress {
	return trail.Progress{
		Files: a.Files + b.Files, TotalFiles: a.TotalFiles + b.TotalFiles,
		Bytes: a.Bytes + b.Bytes, TotalBytes: a.TotalBytes + b.TotalBytes, Records: a.Records + b.Records,
	}
}
