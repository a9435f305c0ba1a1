package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/report"
)

// unseen says why the log would not have had the call, by where it would have been made.
func (s *silence) unseen(g *granted, kind recorded.Recording) string {
	if arn, err := policy.ParseARN(g.on.text); err == nil && arn.Region != "" && !strings.ContainsAny(arn.Region, "*?$") {
		return s.in(arn.Region, g.action, kind)
	}
	if region, ok := globalRegion(g.action.Service, s.partition); ok {
		return s.in(region, g.action, kind)
	}
	if regions, limited := requestedRegions(g.conditions); regions != nil {
		return s.inAll(regions, g.action, kind)
	} else if limited {
		return "a condition limits it to Regions that the log may not have"
	}
	if len(s.regions) > 0 {
		return fmt.Sprintf("only the records of %s were read", strings.Join(s.regions, ", "))
	}
	if g.action.Service == "sts" {
		// Its endpoint may be the Region's or the global one.
		if why := s.in(firstRegion(s.partition), g.action, kind); why != "" {
			return why
		}
	}
	if len(s.homes) > 0 {
		return s.inAll(s.homes, g.action, kind)
	}
	// Where an idle role would have been at work is not known. The log has to cover one Region.
	var why string
	for _, region := range s.known() {
		w := s.in(region, g.action, kind)
		if w == "" {
			return ""
		}
		if why == "" {
			why = w
		}
	}
	return why
}

// requestedRegions are those to which conditions limit a statement, nil if they do not or not by
// a list of names; limited says that they do.
func requestedRegions(conditions []policy.Condition) (regions []string, limited bool) {
	for _, c := range conditions {
		if !strings.EqualFold(c.Key, "aws:RequestedRegion") {
			continue
		}
		other := func(v string) bool { return !regionName.MatchString(v) }
		if strings.HasPrefix(c.Operator, "StringEquals") && len(c.Values) > 0 && !slices.ContainsFunc(c.Values, other) {
			return c.Values, true
		}
		limited = true
	}
	return nil, limited
}

// inAll says why the log would not have had the call in one of the Regions.
func (s *silence) inAll(regions []string, a *reference.Action, kind recorded.Recording) string {
	for _, region := range regions {
		if why := s.in(region, a, kind); why != "" {
			return why
		}
	}
	return ""
}

// known are the Regions of which the log has records, the best covered first.
func (s *silence) known() []string {
	var out []string
	for region := range s.covers {
		out = append(out, region)
	}
	slices.SortFunc(out, func(a, b string) int {
		if x, y := len(s.covers[a].days), len(s.covers[b].days); x != y {
			return y - x
		}
		return strings.Compare(a, b)
	})
	return out
}

// in says why the log would not have had the call in a Region.
func (s *silence) in(region string, a *reference.Action, kind recorded.Recording) string {
	c := s.covers[region]
	if c == nil {
		return fmt.Sprintf("the log has no records of account %s in %s", s.account, region)
	}
	of, what := c.management, "management events"
	if kind.Kind == recorded.Data {
		of, what = c.data(kind.EventType, a.Service, s.mapper), kind.EventType+" data events"
	}
	if len(of.days) == 0 {
		return fmt.Sprintf("it is recorded as one of the %s, and the log has none of these in %s", what, region)
	}
	if mayRead(a) && !of.reads {
		return fmt.Sprintf("the log has no %s that read in %s: the trail may record only writes", what, region)
	}
	if mayWrite(a) && !of.writes {
		return fmt.Sprintf("the log has no %s that write in %s: the trail may record only reads", what, region)
	}
	for _, left := range excludable {
		if kind.Kind == recorded.Data || !slices.Contains(left.services, a.Service) {
			continue
		}
		if of, what = c.from(left.sources), "events of "+left.name; len(of.days) == 0 {
			return fmt.Sprintf("the log has no %s in %s, which a trail can leave out", what, region)
		}
	}
	if n := c.between(of); n < s.minDays {
		return fmt.Sprintf("the log covers %s of %s in %s, of %d that are asked for", report.Plural(int64(n), "day"), what, region, s.minDays)
	}
	return ""
}
