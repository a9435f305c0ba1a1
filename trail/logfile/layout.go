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
var layout = regexp.MustCompile(`(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\d{12})/(CloudTrail(?:-[A-Za-z]+)?)/([a-z0-9-]+)/(\d{4}/\d{2}/\d{2})/`)

var siblings = map[string]trail.SkipReason{
	"CloudTrail-Digest":          trail.SkipDigestFile,
	"CloudTrail-Insight":         trail.SkipInsightFile,
	"CloudTrail-Aggregated":      trail.SkipAggregatedFile,
	"CloudTrail-NetworkActivity": trail.SkipNetworkActivityFile,
}

// needless gives the reason why the place of a delivered file shows that q does not need it, "" if it
// does or if path does not follow the layout.
func needless(path string, q *trail.Query) trail.SkipReason {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	part := layout.FindStringSubmatch(filepath.ToSlash(path))
	if part == nil {
		return ""
	}
	account, kind, region := part[1], part[2], part[3]
	if reason, ok := siblings[kind]; ok {
		return reason
	}
	if len(q.Accounts) > 0 && !slices.Contains(q.Accounts, account) ||
		len(q.Regions) > 0 && !slices.Contains(q.Regions, region) {
		return trail.SkipOutsideQuery
	}
	day, err := time.Parse("2006/01/02", part[4])
	if err != nil {
		return ""
	}
	if !q.Since.IsZero() && !day.AddDate(0, 0, 1).After(q.Since) ||
		!q.Until.IsZero() && !day.Before(q.Until.Add(lateDelivery)) {
		return trail.SkipOutsideQuery
	}
	return ""
}
