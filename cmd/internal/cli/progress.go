package cli

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/whittle-iam/whittle/trail"
)

// showProgress draws one line on a terminal: files, bytes, records a second and the time left. The
// returned function clears it.
func showProgress(ctx context.Context, w io.Writer) (update func(trail.Progress), stop func()) {
	var records, files, total atomic.Int64
	start := time.Now()
	p := mpb.NewWithContext(ctx, mpb.WithOutput(w), mpb.WithWidth(30), mpb.WithRefreshRate(200*time.Millisecond))
	bar := p.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(
			decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%d/%d files ", files.Load(), total.Load()) }),
			decor.CountersKibiByte("% .1f / % .1f"),
		),
		mpb.AppendDecorators(
			decor.Any(func(decor.Statistics) string {
				n := records.Load()
				return fmt.Sprintf("%d records, %.0f/s ", n, float64(n)/time.Since(start).Seconds())
			}),
			decor.Any(func(s decor.Statistics) string { return "left " + timeLeft(s, time.Since(start)) }),
		),
	)
	update = func(pr trail.Progress) {
		records.Store(pr.Records)
		files.Store(pr.Files)
		total.Store(pr.TotalFiles)
		bar.SetTotal(max(pr.TotalBytes, pr.Bytes), false)
		bar.SetCurrent(pr.Bytes)
	}
	stop = func() {
		bar.SetTotal(-1, true)
		bar.Abort(true)
		p.Wait()
	}
	return update, stop
}

// timeLeft extrapolates from the bytes read so far; "?" while there is nothing to go by.
func timeLeft(s decor.Statistics, elapsed time.Duration) string {
	if s.Current == 0 || s.Total <= s.Current {
		return "?"
	}
	left := time.Duration(float64(elapsed) * float64(s.Total-s.Current) / float64(s.Current))
	return left.Round(time.Second).String()
}
