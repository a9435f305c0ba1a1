package reading

import (
	"context"
	"time"
)

// Sleep waits for d. It returns ctx's error if ctx ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

const (
	firstDelay = time.Second
	maxDelay   = 10 * time.Second
)

// Delay returns how long to wait before asking for the n-th time, from 0, how a query is getting on:
// soon at first, since most queries are short, then every ten seconds.
func Delay(n int) time.Duration {
	if n >= 4 {
		return maxDelay
	}
	return firstDelay << n
}

// stopTimeout is how long an interrupted program waits for a query to be stopped.
const stopTimeout = 5 * time.Second

// Stop runs stop, the call that ends a query, even though ctx has ended.
func Stop(ctx context.Context, stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return stop(ctx)
}
