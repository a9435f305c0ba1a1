package bucket

import (
	"context"
	"time"
)

// WithSleep replaces waiting.
func WithSleep(sleep func(context.Context, time.Duration) error) Option {
	return func(s *Source) { s.sleep = sleep }
}

// WithCheckpoint says how much is to be read until the state is saved again.
func WithCheckpoint(bytes int64) Option { return func(s *Source) { s.checkpoint = bytes } }
