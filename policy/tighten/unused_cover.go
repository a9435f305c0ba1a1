package tighten

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/trail"
)

// window is from the first to the end of the last day that a log covers, zero if it covers none. Stats.First and
// Last count records outside of the query, too.
func window(coverage []trail.Coverage) (first, end time.Time) {
	days := map[int32]bool{}
	for _, c := range coverage {
		for _, d := range c.Days {
			days[d] = true
		}
	}
	if len(days) == 0 {
		return first, end
	}
	all := slices.Sorted(maps.Keys(days))
	return startOf(all[0]), startOf(all[len(all)-1] + 1).Add(-time.Second)
}

// startOf is when a day of trail.Coverage begins.
func startOf(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// A covered is what a log holds of one account in one Region.
type covered struct {
	// days are those with any event.
	days map[int32]bool
	// management is what it has of management events.
	management *sorts
	events     []trail.Coverage
}

// sorts are some of the events: the days on which there are any, and whether there are any that read,
// and that write.
type sorts struct {
	days          []int32
	reads, writes bool
}

func (s *sorts) add(c trail.Coverage) {
	s.days = append(s.days, c.Days...)
	s.reads = s.reads || c.ReadOnly
	s.writes = s.writes || !c.ReadOnly
}

// coveredOf sorts the coverage of an account by Region.
func coveredOf(coverage []trail.Coverage, account string) map[string]*covered {
	out := map[string]*covered{}
	for _, c := range coverage {
		if c.Account != account {
			continue
		}
		at := out[c.Region]
		if at == nil {
			at = &covered{days: map[int32]bool{}, management: &sorts{}}
			out[c.Region] = at
		}
		at.events = append(at.events, c)
		if c.Type == "" {
			at.management.add(c)
		}
		for _, d := range c.Days {
			at.days[d] = true
		}
	}
	return out
}

// data is what there is of the data events of a type that a service writes.
func (c *covered) data(kind, service string, m prefixer) *sorts {
	return c.choose(func(e trail.Coverage) bool {
		return e.Type == kind && slices.Contains(m.Prefixes(e.Source), service)
	})
}

// from is what there is of the management events of some sources.
func (c *covered) from(sources []string) *sorts {
	return c.choose(func(e trail.Coverage) bool { return e.Type == "" && slices.Contains(sources, e.Source) })
}

func (c *covered) choose(has func(trail.Coverage) bool) *sorts {
	out := &sorts{}
	for _, e := range c.events {
		if has(e) {
			out.add(e)
		}
	}
	return out
}

// between counts the days on which the log was on, from the first to the last of some events: before
// and after them the trail may not have recorded such.
func (c *covered) between(of *sorts) int {
	if len(of.days) == 0 {
		return 0
	}
	first, last := slices.Min(of.days), slices.Max(of.days)
	n := 0
	for d := range c.days {
		if d >= first && d <= last {
			n++
		}
	}
	return n
}

// excludable are the management events that a trail can leave out, and those of global services
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html,
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events).
// Seeing one of the sources shows that it does not.
var excludable = []struct {
	name              string
	services, sources []string
}{
	{"AWS KMS", []string{"kms"}, []string{"kms.amazonaws.com"}},
	{"the RDS Data API", []string{"rds-data"}, []string{"rdsdata.amazonaws.com", "rdsdataapi.amazonaws.com"}},
	{"global services", globalServices, []string{
		"cloudfront.amazonaws.com", "iam.amazonaws.com", "organizations.amazonaws.com", "route53.amazonaws.com",
		"route53domains.amazonaws.com", "support.amazonaws.com", "waf.amazonaws.com",
	}},
	{"AWS Global Accelerator", []string{"globalaccelerator"}, []string{"globalaccelerator.amazonaws.com"}},
}

// globalServices record their events in the partition's first Region.
var globalServices = []string{"cloudfront", "cloudfront-keyvaluestore", "iam", "organizations", "route53", "route53domains", "support", "waf"}

// globalRegion is where a global service records its events, wherever its caller is.
func globalRegion(service, partition string) (string, bool) {
	switch {
	case service == "globalaccelerator":
		return "us-west-2", true
	case !slices.Contains(globalServices, service):
		return "", false
	}
	return firstRegion(partition), true
}

// firstRegion is where global services and the global endpoint of AWS STS are.
func firstRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}

// mayRead reports whether CloudTrail may call an action's events read-only. That follows the access
// level, but for what AWS KMS and AWS STS do and for some names of reads.
func mayRead(a *reference.Action) bool {
	if a.AccessLevel == reference.Read || a.AccessLevel == reference.List || a.Service == "kms" || a.Service == "sts" {
		return true
	}
	return slices.ContainsFunc([]string{"Get", "List", "Describe", "Head", "BatchGet", "Query", "Scan", "Search", "Lookup", "Select"},
		func(p string) bool { return strings.HasPrefix(a.Name, p) })
}

// mayWrite reports whether CloudTrail may not.
func mayWrite(a *reference.Action) bool {
	return a.AccessLevel != reference.Read && a.AccessLevel != reference.List && !strings.HasPrefix(a.Name, "Get") && !strings.HasPrefix(a.Name, "List") && !strings.HasPrefix(a.Name, "Describe")
}
