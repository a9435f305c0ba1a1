package bucket

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

// A scope is what a state holds good for. In other bytes than its own nothing of it means anything.
type scope struct {
	Bucket   string    `json:"bucket"`
	Prefix   string    `json:"prefix"`
	Since    time.Time `json:"since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Accounts []string  `json:"accounts,omitempty"`
	Regions  []string  `json:"regions,omitempty"`
	// Fields names what Query.Fields asks for.
	Fields string `json:"fields"`
}

func (s *Source) scope(q *trail.Query) scope {
	set := func(list []string) []string {
		list = slices.Sorted(slices.Values(list))
		return slices.Compact(list)
	}
	return scope{s.name, s.prefix, q.Since.UTC(), q.Until.UTC(), set(q.Accounts), set(q.Regions), s.fields}
}

// differs says what tells two scopes apart.
func (s *scope) differs(o *scope) error {
	switch {
	case s.Bucket != o.Bucket || s.Prefix != o.Prefix:
		return fmt.Errorf("it is of s3://%s/%s", s.Bucket, s.Prefix)
	case !s.Since.Equal(o.Since) || !s.Until.Equal(o.Until):
		return fmt.Errorf("it is of another window: %s to %s", bound(s.Since), bound(s.Until))
	case !slices.Equal(s.Accounts, o.Accounts):
		return fmt.Errorf("it is of other accounts: %q", s.Accounts)
	case !slices.Equal(s.Regions, o.Regions):
		return fmt.Errorf("it is of other Regions: %q", s.Regions)
	case s.Fields != o.Fields:
		return errors.New("it was made with another mapping of calls to permissions, so it lacks what this one needs")
	}
	return nil
}

func bound(t time.Time) string {
	if t.IsZero() {
		return "(open)"
	}
	return t.Format(time.RFC3339)
}
