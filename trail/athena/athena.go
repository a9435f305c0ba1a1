// Package athena reads CloudTrail records by Athena: the records are counted by SQL, where they lie, and
// only the counts come here. It is the way for more logs than one machine should read.
//
// Package query writes the SQL and reads its rows. This package asks Athena: for the settings of the
// workgroup, for the table's columns and partitions, what a query would cost, and for its result.
package athena

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/whittle-iam/whittle/trail/reading"
)

// A Source is a trail.Source over a table.
type Source struct {
	spec Spec
	api  API

	sleep func(context.Context, time.Duration) error
	token func() string
}

// An Option changes what a Source does beside reading.
type Option func(*Source)

// New returns a Source over the table that spec names.
func New(api API, spec Spec, options ...Option) *Source {
	s := &Source{spec: spec, api: api, sleep: reading.Sleep, token: token}
	for _, option := range options {
		option(s)
	}
	return s
}

// token returns a text for the idempotency of one request, which has 32 characters at least.
func token() string { return rand.Text() + rand.Text() }
