// Package delivery knows where a trail puts its files: the layout of their keys below a bucket, or of
// the same tree copied elsewhere.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
package delivery

import (
	"regexp"
	"slices"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

// Late is how long after an event its file may arrive. CloudTrail says about five minutes on
// average; a day leaves room for delays, at the price of one more folder to read.
const Late = 24 * time.Hour

// Logs is the folder of an account's logs. Its siblings, whose names begin with it, hold something else.
const Logs = "CloudTrail"

// dateFormat is that of the folders of a day: the one of delivery.
const dateFormat = "2006/01/02"

var layout = regexp.MustCompile(`(?:^|/)AWSLogs/(o-[a-z0-9]+/)?(\d{12})/(CloudTrail(?:-[A-Za-z]+)?)/([a-z0-9-]+)/(\d{4}/\d{2}/\d{2})/`)

var siblings = map[string]trail.SkipReason{
	"CloudTrail-Digest":          trail.SkipDigestFile,
	"CloudTrail-Insight":         trail.SkipInsightFile,
	"CloudTrail-Aggregated":      trail.SkipAggregatedFile,
	"CloudTrail-NetworkActivity": trail.SkipNetworkActivityFile,
}

// A Place is what the layout tells of a file or folder; what it leaves open is empty. Account is the one
// that recorded the events, and Organization ends with a slash.
type Place struct{ Organization, Account, Kind, Region, Date string }

// PlaceOf returns the place of a file, nil if its path does not follow the layout. Slashes separate the path.
func PlaceOf(path string) *Place {
	part := layout.FindStringSubmatch(path)
	if part == nil {
		return nil
	}
	return &Place{part[1], part[2], part[3], part[4], part[5]}
}

// A Pruner tells which files a query does not need.
type Pruner struct {
	query *trail.Query
	// complete are the organizations that have a folder for each account of the query.
	complete map[string]bool
	// first and end bound the days of delivery, "" for unbounded; end is the first day that is not needed.
	first, end string
}

// NewPruner returns the pruner for files in these places, some of which may be nil.
func NewPruner(q *trail.Query, places []*Place) *Pruner {
	p := &Pruner{query: q, complete: map[string]bool{}}
	accounts := map[string]map[string]bool{}
	for _, at := range places {
		if at != nil && at.Organization != "" {
			if accounts[at.Organization] == nil {
				accounts[at.Organization] = map[string]bool{}
			}
			accounts[at.Organization][at.Account] = true
		}
	}
	for organization, have := range accounts {
		p.complete[organization] = !slices.ContainsFunc(q.Accounts, func(account string) bool { return !have[account] })
	}
	if !q.Since.IsZero() {
		p.first = q.Since.UTC().Format(dateFormat)
	}
	if !q.Until.IsZero() {
		// Until itself is not in the window: what is as late as can be arrives just before this.
		p.end = q.Until.UTC().Add(Late-1).AddDate(0, 0, 1).Format(dateFormat)
	}
	return p
}

// Days returns the first day of delivery that the query needs and the first after those, as in keys, ""
// for no bound. They compare as text.
func (p *Pruner) Days() (first, end string) { return p.first, p.end }

// Needless gives the reason why the place of a file or folder shows that the query does not need it, ""
// if it may.
//
// A call of another account's resource may be found in the resource owner's folder alone, so that
// folder is needed for the caller's account too. Not so in the folders of an organization's trail, if it
// has one for each account of the query: then it recorded the call there as well.
func (p *Pruner) Needless(at *Place) trail.SkipReason {
	if at == nil {
		return ""
	}
	if reason, ok := siblings[at.Kind]; ok {
		return reason
	}
	q := p.query
	if at.Account != "" && p.complete[at.Organization] && len(q.Accounts) > 0 && !slices.Contains(q.Accounts, at.Account) ||
		at.Region != "" && len(q.Regions) > 0 && !slices.Contains(q.Regions, at.Region) {
		return trail.SkipOutsideQuery
	}
	if at.Date != "" && (at.Date < p.first || p.end != "" && at.Date >= p.end) {
		return trail.SkipOutsideQuery
	}
	return ""
}
