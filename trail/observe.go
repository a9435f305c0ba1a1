package trail

import (
	"bytes"
	"errors"
	"slices"
	"time"
)

// An Observation is what one record says: a call of some kind at some time, or a reason to skip it.
type Observation struct {
	// Key is valid if Skip is empty.
	Key  Key
	Time time.Time // zero if the record does not tell
	// EventID and SharedEventID identify the record, see Dedupe.
	EventID, SharedEventID string
	// DataEvent is set for data events, used or not.
	DataEvent bool
	// Sort is what the record adds to Stats.Coverage, used or not.
	Sort Sort
	Skip SkipReason
	Err  error // says more about Skip, may be nil
}

// An Observer turns records into Observations for one Query. It is safe for concurrent use.
type Observer struct {
	query       Query
	projections projections
}

// NewObserver returns an Observer for q's window, accounts, regions and Fields.
func NewObserver(q Query) *Observer {
	return &Observer{query: q, projections: projections{fields: q.Fields}}
}

// Observe reads one record. Bad input gives an Observation with Skip set.
func (o *Observer) Observe(raw []byte) Observation {
	e, err := Decode(raw)
	switch {
	case errors.Is(err, ErrNotEvent) && bytes.Contains(raw, []byte(`"digestS3Bucket"`)):
		return Observation{Skip: SkipDigest}
	case errors.Is(err, ErrNotEvent):
		return Observation{Skip: SkipNotEvent, Err: err}
	case err != nil:
		return Observation{Skip: SkipMalformed, Err: err}
	}
	return o.ObserveEvent(&e)
}

// ObserveEvent is Observe for a decoded record.
func (o *Observer) ObserveEvent(e *Event) Observation {
	seen := Observation{
		Time: e.EventTime.Time, EventID: e.EventID, SharedEventID: e.SharedEventID, DataEvent: e.dataEvent(),
		Sort: o.query.sortOf(e),
	}
	kind, who, skip := classify(e)
	if skip == "" && !o.query.inWindow(seen.Time) {
		skip = SkipOutsideWindow
	}
	if skip == "" {
		skip = o.query.otherPlace(who.Account, e.AWSRegion)
	}
	if skip != "" {
		seen.Skip = skip
		if skip == SkipNoRole {
			seen.Err = errors.New("userIdentity: an assumed role without the role's name")
		}
		return seen
	}
	seen.Key = Key{
		Kind:        kind,
		Principal:   who,
		EventSource: e.EventSource,
		EventName:   e.EventName,
		Region:      e.AWSRegion,
		VPCEndpoint: e.VPCEndpointID,
		InvokedBy:   e.UserIdentity.InvokedBy,
		Outcome:     OutcomeOf(e.ErrorCode, e.ErrorMessage),
		ErrorCode:   e.ErrorCode,
	}
	if seen.Key.Outcome == Denied {
		seen.Key.Denial = ParseDenial(e.ErrorMessage)
	}
	seen.Key.Params, seen.Key.Missing = o.projections.of(e).project(e)
	return seen
}

// inWindow reports whether the query asks for calls at that time.
func (q *Query) inWindow(at time.Time) bool {
	return (q.Since.IsZero() || !at.Before(q.Since)) && (q.Until.IsZero() || at.Before(q.Until))
}

// otherPlace gives the reason why the query leaves out calls by that account in that region, if it does.
// The account is the caller's, so that a role's calls are found whoever's trail recorded them.
func (q *Query) otherPlace(account, region string) SkipReason {
	switch {
	case len(q.Accounts) > 0 && !slices.Contains(q.Accounts, account):
		return SkipOtherAccount
	case len(q.Regions) > 0 && !slices.Contains(q.Regions, region):
		return SkipOtherRegion
	}
	return ""
}
