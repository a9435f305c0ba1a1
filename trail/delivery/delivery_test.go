package delivery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/delivery"
)

func TestPlaceOf(t *testing.T) {
	for path, want := range map[string]*delivery.Place{
		"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/01/x.json.gz":                         {Account: "111122223333", Kind: "CloudTrail", Region: "eu-west-1", Date: "2026/09/01"},
		"a/AWSLogs/o-abcdefghij/111122223333/CloudTrail-Digest/us-gov-east-1/2026/09/01/b/x.gz":  {Organization: "o-abcdefghij/", Account: "111122223333", Kind: "CloudTrail-Digest", Region: "us-gov-east-1", Date: "2026/09/01"},
		"AWSLogs/111122223333/Config/eu-west-1/2026/9/1/x":                                       nil,
		"myAWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/01/x.json.gz":                       nil,
		"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/x.json.gz":                            nil,
		"AWSLogs/o-abcdefghij/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/01/x.json.gz":    {Account: "111122223333", Kind: "CloudTrail", Region: "eu-west-1", Date: "2026/09/01"},
		"AWSLogs/o-abcdefghij/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/09/01/x.json.": nil,
	} {
		if diff := cmp.Diff(want, delivery.PlaceOf(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// TestDays holds the days that are needed against every moment at which an event in the window may arrive.
func TestDays(t *testing.T) {
	epoch := time.Date(2026, 2, 26, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		moment := func(name string) time.Time {
			if !rapid.Bool().Draw(t, "bounded "+name) {
				return time.Time{}
			}
			at := epoch.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, name)) * 6 * time.Hour)
			return at.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "and a bit"))).In(time.FixedZone("", 3600*rapid.IntRange(-12, 12).Draw(t, "zone")))
		}
		q := trail.Query{Since: moment("since"), Until: moment("until")}
		prune := delivery.NewPruner(&q, nil)
		first, end := prune.Days()
		for day := epoch.AddDate(0, 0, -3); day.Before(epoch.AddDate(0, 0, 12)); day = day.AddDate(0, 0, 1) {
			// Delivered from the time of the event to Late after it, in a day of 24 hours.
			needed := (q.Since.IsZero() || day.Add(24*time.Hour).After(q.Since)) &&
				(q.Until.IsZero() || day.Before(q.Until.Add(delivery.Late)))
			date := day.Format("2006/01/02")
			reason := prune.Needless(&delivery.Place{Account: "111122223333", Kind: delivery.Logs, Region: "eu-west-1", Date: date})
			if needed != (reason == "") || needed != (date >= first && (end == "" || date < end)) {
				t.Errorf("%v: needed %v, reason %q, days from %q to %q", date, needed, reason, first, end)
			}
		}
	})
}

// TestNeedlessFolders asks about folders, of which the place is known in part only.
func TestNeedlessFolders(t *testing.T) {
	const org = "o-abcdefghij/"
	mine, other := delivery.Place{Organization: org, Account: "111122223333"}, delivery.Place{Organization: org, Account: "444455556666"}
	outside := delivery.Place{Account: "777788889999", Kind: delivery.Logs}
	q := trail.Query{Accounts: []string{mine.Account}, Regions: []string{"eu-west-1"}, Since: time.Now()}
	prune := delivery.NewPruner(&q, []*delivery.Place{&mine, &other, &outside, nil})
	region := mine
	region.Region = "us-east-1"
	for _, test := range []struct {
		place *delivery.Place
		want  trail.SkipReason
	}{
		{&mine, ""}, {&other, trail.SkipOutsideQuery}, {&outside, ""}, {&region, trail.SkipOutsideQuery}, {nil, ""},
		{&delivery.Place{Account: mine.Account, Kind: "CloudTrail-Insight"}, trail.SkipInsightFile},
	} {
		if got := prune.Needless(test.place); got != test.want {
			t.Errorf("%+v: %q, want %q", test.place, got, test.want)
		}
	}
}
