package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// findings examines the trails region by region, and joins what holds in several.
func findings(r Report, dataTypes []string) []Finding {
	x := &examination{report: r, dataTypes: dataTypes}
	for _, t := range r.Trails {
		x.trail(t)
	}
	x.regions()
	if len(r.Trails) > 0 {
		x.events()
	}
	x.overlaps()
	order := []Kind{NoTrail, Unread, Stopped, DeliveryFailed, SingleRegion, NoGlobalEvents,
		ManagementReads, ManagementWrites, ExcludedSources, NoDataEvents, SomeDataEvents, Unvalidated, Overlap}
	slices.SortStableFunc(x.found, func(a, b Finding) int {
		return cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind))
	})
	return x.found
}

type examination struct {
	report    Report
	dataTypes []string
	found     []Finding
}

func (x *examination) add(f Finding) { x.found = append(x.found, f) }

// where returns the Regions to name in a finding: none for all that are examined.
func (x *examination) where(regions []string) []string {
	if len(regions) == len(x.report.Regions) {
		return nil
	}
	return regions
}

// covering returns the trails that record in a Region.
func (x *examination) covering(region string) []*Trail {
	var out []*Trail
	for _, t := range x.report.Trails {
		if t.Logging && !t.Unread && (t.MultiRegion || t.HomeRegion == region) {
			out = append(out, t)
		}
	}
	return out
}

// trail adds what is to be said of one trail on its own.
func (x *examination) trail(t *Trail) {
	if t.Unread {
		what := "the status and the selectors of this trail cannot be read"
		change := "read the error above, and examine again"
		if t.Foreign {
			what = fmt.Sprintf("this trail belongs to account %s: from this account its status and selectors cannot be read, so it is not counted here", t.account)
			change = "run whittle doctor with credentials of that account, which is the organisation's management account or its delegated administrator"
		}
		x.add(Finding{Kind: Unread, Trail: t.ARN, What: what, Hides: "what this trail records", Change: change})
		return
	}
	if !t.Logging {
		what := "this trail does not log"
		if !t.Stopped.IsZero() {
			what = "this trail stopped logging on " + t.Stopped.UTC().Format("2006-01-02")
		}
		f := Finding{Kind: Stopped, Trail: t.ARN, What: what, Hides: "every call since, as far as no other trail records it", Change: "start it", Command: t.command("start-logging", "--name")}
		if !slices.ContainsFunc(x.report.Regions, func(r string) bool { return len(x.covering(r)) == 0 }) {
			f.Hides = "" // others record; what they leave out has findings of its own
		}
		x.add(x.owned(t, f))
	}
	if t.DeliveryError != "" {
		since := ""
		if !t.Delivered.IsZero() {
			since = ", the last file came on " + t.Delivered.UTC().Format("2006-01-02")
		}
		change := fmt.Sprintf("let CloudTrail write to bucket %s by its policy (s3:PutObject, s3:GetBucketAcl for cloudtrail.amazonaws.com)", t.Bucket)
		if t.KMSKey != "" {
			change += fmt.Sprintf(", and use the key %s by its (kms:GenerateDataKey*)", t.KMSKey)
		}
		x.add(Finding{Kind: DeliveryFailed, Trail: t.ARN,
			What:  fmt.Sprintf("files of this trail cannot be delivered (%s)%s", t.DeliveryError, since),
			Hides: "the calls in files that did not come", Change: change})
	}
	if t.Logging && !t.Validated && !t.Foreign {
		x.add(Finding{Kind: Unvalidated, Trail: t.ARN,
			What:    "log file validation is off: nothing shows whether a file was changed or removed after delivery",
			Change:  "switch it on",
			Command: t.command("update-trail", "--name", "--enable-log-file-validation")})
	}
}

// owned takes the command away where another account has to run it.
func (x *examination) owned(t *Trail, f Finding) Finding {
	if t.Foreign {
		f.Change += fmt.Sprintf(", in account %s", t.account)
	}
	return f
}

// regions adds where no trail records, and where a trail could record more Regions.
func (x *examination) regions() {
	if len(x.report.Trails) == 0 {
		x.add(Finding{Kind: NoTrail,
			What:   "no trail applies to these Regions",
			Hides:  "everything but the management events of the last 90 days, which lookup:// reads from the event history",
			Change: "create a trail of all Regions; its bucket needs a policy that lets CloudTrail write to it",
			Command: "aws cloudtrail create-trail --name whittle --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation" +
				" && aws cloudtrail start-logging --name whittle"})
		return
	}
	multi, global := false, false
	var single []*Trail
	for _, t := range x.report.Trails {
		if t.Logging && !t.Unread {
			multi, global = multi || t.MultiRegion, global || t.MultiRegion || t.GlobalEvents
			single = append(single, t)
		}
	}
	if multi || len(single) == 0 { // that all are stopped or unread has been said
		return
	}
	best := x.best(single)
	var homes []string
	for _, t := range single {
		homes = append(homes, t.HomeRegion)
	}
	slices.Sort(homes)
	x.add(x.owned(best, Finding{Kind: SingleRegion, Trail: best.ARN,
		What:    "no trail records all Regions, only " + strings.Join(slices.Compact(homes), ", "),
		Hides:   "every call in another Region, also those of functions there and of Lambda@Edge",
		Change:  "make this trail one of all Regions",
		Command: best.command("update-trail", "--name", "--is-multi-region-trail")}))
	if !global {
		x.add(x.owned(best, Finding{Kind: NoGlobalEvents, Trail: best.ARN,
			What:    "no trail records the events of global services",
			Hides:   "calls to IAM, to CloudFront and to the global endpoint of STS",
			Change:  "record them with this trail",
			Command: best.command("update-trail", "--name", "--include-global-service-events")}))
	}
}

// best chooses the trail to change: one of the account's own, of all Regions, of all accounts last.
func (x *examination) best(trails []*Trail) *Trail {
	rank := func(t *Trail) int {
		n := 0
		for i, bad := range []bool{t.Organization, !t.MultiRegion, t.Foreign} {
			if bad {
				n += 1 << i
			}
		}
		return n
	}
	return slices.MinFunc(trails, func(a, b *Trail) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a.ARN, b.ARN)) })
}
