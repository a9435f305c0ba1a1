package reading_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

func TestUsageKeepsWhatWasReadBeforeAnError(t *testing.T) {
	records := trailtest.SuiteRecords()
	broken := errors.New("broken")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stats trail.Stats
	var skips []trail.Skip
	var progress trail.Progress
	q := trail.Query{
		Stats: &stats, OnSkip: func(s trail.Skip) { skips = append(skips, s) },
		OnProgress: func(p trail.Progress) { progress = p },
	}
	rows, last := 0, error(nil)
	for _, err := range reading.Usage(ctx, "x://y", q, func(_ context.Context, r *reading.Reading) error {
		for i, raw := range []string{string(records[1]), "{", string(records[2])} {
			o := r.Observe(raw)
			r.Add(&o, "x://y page 1", int64(i+1))
		}
		r.Gap(trail.GapWindow, "Gone.")
		r.Progress()
		cancel()
		return broken
	}) {
		if last != nil {
			t.Fatal("an item follows the error")
		}
		if last = err; err == nil {
			rows++
		}
	}
	// records[1] and records[2] are alike without parameters.
	if rows != 1 || !errors.Is(last, broken) || !errors.Is(last, context.Canceled) {
		t.Errorf("%d rows, error %v", rows, last)
	}
	if stats.Records != 3 || stats.Used != 2 || progress.Records != 3 {
		t.Errorf("stats %+v, progress %+v", stats, progress)
	}
	if diff := cmp.Diff([]trail.Gap{{Kind: trail.GapWindow, Source: "x://y", Detail: "Gone."}}, stats.Gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if len(skips) != 1 || skips[0].File != "x://y page 1" || skips[0].Record != 2 || skips[0].Err == nil {
		t.Errorf("skips %+v", skips)
	}
}

func TestUsageOfAnEndedContextReadsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range reading.Usage(ctx, "x", trail.Query{}, func(context.Context, *reading.Reading) error {
		t.Error("read")
		return nil
	}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
}

func TestDelay(t *testing.T) {
	var got []time.Duration
	for _, n := range []int{0, 1, 2, 3, 4, 5, 100, 1 << 40} {
		got = append(got, reading.Delay(n)/time.Second)
	}
	if diff := cmp.Diff([]time.Duration{1, 2, 4, 8, 10, 10, 10, 10}, got); diff != "" {
		t.Errorf("seconds (-want +got):\n%s", diff)
	}
}

func TestSleepAndStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := reading.Sleep(ctx, 0); err != nil {
		t.Error(err)
	}
	cancel()
	if err := reading.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := reading.Stop(ctx, func(ctx context.Context) error {
		if _, ok := ctx.Deadline(); !ok {
			t.Error("stopping may take for ever")
		}
		return ctx.Err()
	}); err != nil {
		t.Errorf("the call that stops a query has ended with the context: %v", err)
	}
}
