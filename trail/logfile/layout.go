package logfile

import (
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

// lateDelivery is how long after an event its file may arrive. CloudTrail says about five minutes on
// average; a day leaves room for delays, at the price of one more folder to read.
const lateDelivery = 24 * time.Hour

// layout is the key layout of delivered files. The date is that of delivery.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
var layout = regexp.MustCompile(`(?:^|/)AWSLogs/(o-[a-z0-9]+/)?(\d{12})/(CloudTrail(?:-[A-Za-z]+)?)/([a-z0-9-]+)/(\d{4}/\d{2}/\d{2})/`)

var siblings = map[string]trail.SkipReason{
	"CloudTrail-Digest":          trail.SkipDigestFile,
	"CloudTrail-Insight":         trail.SkipInsightFile,
	"CloudTrail-Aggregated":      trail.SkipAggregatedFile,
	"CloudTrail-NetworkActivity": trail.SkipNetworkActivityFile,
}

// A place is what the layout tells of a file. The account is the one that recorded the events.
type place struct{ organization, account, kind, region, date string }

// placeOf returns the place of a file, nil if its path does not follow the layout.
func placeOf(path string) *place {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	part := layout.FindStringSubmatch(filepath.ToSlash(path))
	if part == nil {
		return nil
	}
	return &place{part[1], part[2], part[3], part[4], part[5]}
}

// A pruner tells which files a query does not need.
type pruner struct {
	query *trail.Query
	// complete are the organizations that have a folder for each account of the query.
	complete map[string]bool
}

// newPruner returns the pruner for files in these places, some of which may be nil.
func newPruner(q *trail.Query, places []*place) *pruner {
	p := &pruner{q, map[string]bool{}}
	accounts := map[string]map[string]bool{}
	for _, at := range places {
		if at != nil && at.organization != "" {
			if accounts[at.organization] == nil {
				accounts[at.organization] = map[string]bool{}
			}
			accounts[at.organization][at.account] = true
		}
	}
	for organization, have := range accounts {
		p.complete[organization] = !slices.ContainsFunc(q.Accounts, func(account string) bool { return !have[account] })
	}
	return p
}

// needless gives the reason why the place of a file shows that the query does not need it, "" if it may.
//
// A call of another account's resource may be found in the resource owner's folder alone, so that
// folder is needed for the caller's account too. Not so in the folders of an organization's trail, if it
// has one for each account of the query: then it recorded the call there as well.
func (p *pruner) needless(at *place) trail.SkipReason {
	if at == nil {
		return ""
	}
	if reason, ok := siblings[at.kind]; ok {
		return reason
	}
	q := p.query
	if p.complete[at.organization] && len(q.Accounts) > 0 && !slices.Contains(q.Accounts, at.account) ||
		len(q.Regions) > 0 && !slices.Contains(q.Regions, at.region) {
		return trail.SkipOutsideQuery
	}
	day, err := time.Parse("2006/01/02", at.date)
	if err != nil {
		return ""
	}
	if !q.Since.IsZero() && !day.AddDate(0, 0, 1).After(q.Since) ||
		!q.Until.IsZero() && !day.Before(q.Until.Add(lateDelivery)) {
		return trail.SkipOutsideQuery
	}
	return ""
}
