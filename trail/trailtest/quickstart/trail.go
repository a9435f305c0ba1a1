package main

import (
	"slices"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest"
)

// files returns the whole trail.
func files() []trailtest.File {
	a := &actor{Generator: trailtest.New(20261001, account, region), order: 10431}
	a.role = a.Role("service-role/orders-processor-role")
	others := newNeighbourhood(a)
	partners := trailtest.New(20261002, partner, region)

	var all []trailtest.File
	var late []*trailtest.Record
	for day := range days {
		midnight := start.AddDate(0, 0, day)
		a.records = late
		a.workday(day, midnight)
		others.day(a, day, midnight.Add(20*time.Hour))
		all = append(all, a.catalog(day, midnight.Add(10*time.Hour), partners)...)
		all = append(all, a.deliver(midnight)...)

		// CloudTrail may deliver a record twice.
		late = nil
		if day%9 == 4 {
			late = slices.Clone(a.records[len(a.records)/2:][:2])
		}
	}
	return append(all, siblings(a.Generator)...)
}

// workday records one day of the function; orders are fewer at the weekend.
func (a *actor) workday(day int, midnight time.Time) {
	opening := midnight.Add(8*time.Hour + time.Duration(a.Int(900))*time.Second)
	a.coldStart(opening)
	if day == 0 {
		a.once(opening.Add(-10 * time.Minute))
	}
	poller := a.LambdaSession(a.role, opening)
	a.daily(opening.Add(time.Minute), poller)
	orders := 2
	if weekday := midnight.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		orders = 1
	}
	for n := range orders {
		a.processOrder(opening.Add(time.Duration(1+3*n)*time.Hour), poller)
	}
	a.failures(day, opening.Add(2*time.Hour))
}

// catalog records a read of the partner's bucket once a week. The partner's trail has the same call
// under the same sharedEventID and an event ID of its own, once with the caller's account alone, as
// S3 tells the owner of a bucket, and once with the whole identity, as in an organisation.
func (a *actor) catalog(day int, at time.Time, partners *trailtest.Generator) []trailtest.File {
	if day%7 != 2 {
		return nil
	}
	read := a.object(at, "GetObject", partner, "partner-catalog", "catalog/current.json")
	read.SharedEventID = a.UUID()
	a.record(read)
	if day > 9 {
		return nil
	}
	theirs := *read
	theirs.EventID, theirs.RecipientAccountID, theirs.VPCEndpointID = partners.UUID(), partner, ""
	if day == 2 {
		theirs.UserIdentity = trailtest.Identity{Type: "AWSAccount", PrincipalID: read.UserIdentity.PrincipalID, AccountID: account}
	}
	return []trailtest.File{partners.LogFile(at.Add(6*time.Minute), &theirs)}
}

// deliver packs a day's records into the files of noon and midnight, in no order within a file.
func (a *actor) deliver(midnight time.Time) []trailtest.File {
	noon := midnight.Add(12 * time.Hour)
	var files []trailtest.File
	var early, late []*trailtest.Record
	for _, r := range a.records {
		if r.Time().Before(noon) {
			early = append(early, r)
		} else {
			late = append(late, r)
		}
	}
	for i, half := range [][]*trailtest.Record{early, late} {
		a.Shuffle(half)
		files = append(files, a.LogFile(noon.Add(time.Duration(12*i)*time.Hour+5*time.Minute), half...))
	}
	return files
}
