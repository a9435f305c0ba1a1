package tighten

import (
	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A Replayed is what a policy would have said to the authorised calls of a role.
type Replayed struct {
	// Checked counts the calls that need a permission, Allowed those that the policy allows.
	Checked int64 `json:"checked"`
	Allowed int64 `json:"allowed"`
	// Denied are calls that the policy would refuse, Undecided those for which the log does not
	// tell. One call that needs several permissions may have several rows.
	Denied    []ReplayRow `json:"denied"`
	Undecided []ReplayRow `json:"undecided"`
	// Unmapped are calls of which it is not known what they need.
	Unmapped []report.Unmapped `json:"unmapped"`
}

// A ReplayRow is one permission that a kind of call needs and that the policy does not give.
type ReplayRow struct {
	report.CallRow
	Action   string `json:"action"`
	Resource string `json:"resource"`
	// Why is one sentence: which statement denies, that none allows, or what the log does not tell.
	Why string `json:"why"`
}

// Replay evaluates every authorised call against a role's policies. A call is allowed if each
// permission that it needs is allowed on all of its resource: where the resource is a pattern (folded
// names, a resource that the event hides) the policy must cover the pattern.
func Replay(docs []policy.Document, usages []trail.Usage, m *actionmap.Mapper) Replayed {
	return ReplayWithin(docs, nil, usages, m)
}

// ReplayWithin is Replay for a role with a permissions boundary, nil for none.
func ReplayWithin(docs, boundary []policy.Document, usages []trail.Usage, m *actionmap.Mapper) Replayed {
	judge := newJudge(docs, boundary)
	out := Replayed{Denied: []ReplayRow{}, Undecided: []ReplayRow{}, Unmapped: []report.Unmapped{}}
	for _, c := range authorised(usages, m) {
		if c.unmapped != nil {
			if !c.unmapped.Reason.Settled() {
				out.Unmapped = append(out.Unmapped, unmappedRow(c))
			}
			continue
		}
		out.Checked += c.usage.Count
		allowed := true
		for _, g := range c.grants {
			row := ReplayRow{CallRow: callRow(c.usage), Action: g.Action, Resource: resourceText(g.Resource)}
			var v verdict
			v, row.Why = judge.decide(g, c.usage)
			switch v {
			case denied:
				out.Denied = append(out.Denied, row)
			case undecided:
				out.Undecided = append(out.Undecided, row)
			}
			allowed = allowed && v == allow
		}
		if allowed {
			out.Allowed += c.usage.Count
		}
	}
	return out
}
