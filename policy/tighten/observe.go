package tighten

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A need is one permission that one kind of authorised call needs.
type need struct {
	grant actionmap.Grant
	usage *trail.Usage
}

// An observation is a role's usage, sorted by what it says about permissions.
type observation struct {
	calls    report.Calls
	needs    []need
	denied   []report.Denied
	unmapped []report.Unmapped
	// unknown are the calls of which it is not known what they need.
	unknown      []*trail.Usage
	inconclusive []report.CallRow
}

// observe maps each row. Only authorised calls become needs: a denied call shows what was tried, not
// what the function has to do.
func observe(usages []trail.Usage, m *actionmap.Mapper) observation {
	var o observation
	for _, c := range authorised(usages, m) {
		o.calls.Authorised += c.usage.Count
		if c.unmapped != nil {
			o.unmapped = append(o.unmapped, unmappedRow(c))
			if !c.unmapped.Reason.Settled() {
				o.unknown = append(o.unknown, c.usage)
			}
		}
		for _, g := range c.grants {
			o.needs = append(o.needs, need{g, c.usage})
		}
	}
	for i := range usages {
		u := &usages[i]
		switch {
		case u.Kind != trail.Call:
		case u.Outcome == trail.Denied:
			o.calls.Denied += u.Count
			o.denied = append(o.denied, denial(u, m))
		case u.Outcome == trail.Inconclusive:
			o.calls.Inconclusive += u.Count
			o.inconclusive = append(o.inconclusive, callRow(u))
		}
	}
	return o
}

func unmappedRow(c call) report.Unmapped {
	return report.Unmapped{CallRow: callRow(c.usage), Reason: string(c.unmapped.Reason), Detail: c.unmapped.Detail}
}

// denial names the permission that would allow a denied call: the message's own words where it has
// them, else the mapping of the call.
func denial(u *trail.Usage, m *actionmap.Mapper) report.Denied {
	d := report.Denied{CallRow: callRow(u), By: u.Denial.By, Explicit: u.Denial.Explicit}
	needs := m.Denied(u).Grants
	if len(needs) > 0 {
		d.Action, d.Resource = needs[0].Action, resourceText(needs[0].Resource)
	}
	return d
}

func callRow(u *trail.Usage) report.CallRow {
	row := report.CallRow{Event: event(u), Region: u.Region, ErrorCode: u.ErrorCode, Evidence: evidence(u.Evidence)}
	if u.Function != "" {
		row.Functions = []string{u.Function}
	}
	return row
}

// event names a kind of event as reports do, for example "s3 GetObject".
func event(u *trail.Usage) string {
	name := strings.TrimSuffix(u.EventSource, ".amazonaws.com") + " " + u.EventName
	if u.InvokedBy != "" {
		name += " via " + u.InvokedBy
	}
	return name
}

func evidence(e trail.Evidence) report.Evidence {
	return report.Evidence{Count: e.Count, First: e.First, Last: e.Last, Days: len(e.Days), EventIDs: e.EventIDs}
}
