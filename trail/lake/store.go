package lake

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A Store names an event data store. Parse makes them; the ID is thus safe in a query.
type Store struct {
	id, region, name string
}

var (
	idForm  = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	arnForm = regexp.MustCompile(`^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):\d{12}:eventdatastore/([^/]+)$`)
)

// Parse reads the ARN of an event data store, or its ID.
func Parse(s string) (Store, error) {
	store := Store{id: s, name: s}
	if arn := arnForm.FindStringSubmatch(s); arn != nil {
		store.region, store.id = arn[1], arn[2]
	}
	if !idForm.MatchString(store.id) {
		return Store{}, fmt.Errorf("%q is no event data store: give its ARN, arn:aws:cloudtrail:REGION:ACCOUNT:eventdatastore/ID, or the ID, as aws cloudtrail list-event-data-stores prints them", s)
	}
	return store, nil
}

// Region is the one in the ARN, "" for a bare ID.
func (s Store) Region() string { return s.region }

// String returns the store as a SOURCE.
func (s Store) String() string { return "lake://" + s.name }

// stamp writes a time as event data stores compare it with eventTime, in UTC
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-queries.html).
func stamp(t time.Time) string { return t.UTC().Format(time.DateTime) }

// events is the query for the records from a time to another, which is not included. eventJson is the
// record as CloudTrail wrote it.
func (s Store) events(from, to time.Time) string {
	return fmt.Sprintf("SELECT eventJson FROM %s WHERE eventTime >= '%s' AND eventTime < '%s'", s.id, stamp(from), stamp(to))
}

// bounds is the query for the times of the first and the last event, in what since and until, where not
// zero, leave.
func (s Store) bounds(since, until time.Time) string {
	var where []string
	if !since.IsZero() {
		where = append(where, "eventTime >= '"+stamp(since)+"'")
	}
	if !until.IsZero() {
		where = append(where, "eventTime < '"+stamp(until)+"'")
	}
	sql := fmt.Sprintf("SELECT min(eventTime) AS earliest, max(eventTime) AS latest FROM %s", s.id)
	if len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	return sql
}

// parseStamp reads an eventTime out of a result, with or without fractions; the zero time for none.
func parseStamp(s string) (time.Time, error) {
	if s == "" || strings.EqualFold(s, "null") {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateTime, strings.Replace(s[:min(len(s), len(time.DateTime))], "T", " ", 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("CloudTrail gave %q as a time", s)
	}
	return t, nil
}
