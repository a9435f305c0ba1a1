package bucket

import (
	"context"
	"iter"
	"sync"
)

// ordered lists the items of in, up to ahead at once, and yields what they give in the order of in. An
// error is the last thing it yields. If ctx ends, so does it, perhaps without an error.
func ordered[T, R any](ctx context.Context, ahead int, in iter.Seq2[T, error], list func(context.Context, T) iter.Seq2[R, error]) iter.Seq2[R, error] {
	type result struct {
		value R
		err   error
	}
	return func(yield func(R, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		order := make(chan chan result, ahead-1)
		running.Go(func() {
			defer close(order)
			for item, err := range in {
				out := make(chan result, 1)
				select {
				case order <- out:
				case <-ctx.Done():
					return
				}
				if err != nil {
					out <- result{err: err}
					close(out)
					return
				}
				running.Go(func() {
					defer close(out)
					for value, err := range list(ctx, item) {
						select {
						case out <- result{value, err}:
						case <-ctx.Done():
							return
						}
					}
				})
			}
		})
		for out := range order {
			for r := range out {
				if !yield(r.value, r.err) || r.err != nil {
					return
				}
			}
		}
	}
}
