package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A Replayed is what a policy would have said to the authorised calls of a role.
type Replayed struct {
	// Checked counts the calls that need a permission, Allowed those that the policy allows.
	Checked, Allowed int64
	// Denied are calls that the policy would refuse, Undecided those for which the log does not
	// tell. One call that needs several permissions may have several rows.
	Denied, Undecided []ReplayRow
	// Unmapped are calls of which it is not known what they need.
	Unmapped []report.Unmapped
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
	calls := authorised(usages, m)
	judge := newJudge(docs, toldBy(calls))
	var out Replayed
	for _, c := range calls {
		if c.unmapped != nil {
			if r := c.unmapped.Reason; r != actionmap.NoPermissionNeeded && r != actionmap.ShownByItems {
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

type verdict int

const (
	allow verdict = iota
	denied
	undecided
)

// A judge evaluates requests three ways. The log lacks condition keys that AWS had (aws:SourceIp, a
// resource's tags): optimistic assumes that conditions on such keys hold for Allow and do not for
// Deny, pessimistic the opposite. Where both agree, the answer does not depend on them.
type judge struct {
	optimistic, pessimistic *eval.Evaluator
	// unknown are the keys of the policy that the log does not have.
	unknown []string
}

func newJudge(docs []policy.Document, told []string) *judge {
	j := &judge{}
	unknownKeys := set{}
	var optimistic, pessimistic []policy.Document
	for _, d := range docs {
		o, p := policy.Document{Version: d.Version}, policy.Document{Version: d.Version}
		for _, s := range d.Statements {
			known, unknown := splitConditions(s.Conditions, told)
			if len(unknown) == 0 {
				o.Statements = append(o.Statements, s)
				p.Statements = append(p.Statements, s)
				continue
			}
			for _, k := range unknown {
				unknownKeys.add(k)
			}
			loose := s
			loose.Conditions = known
			if s.Effect == policy.Allow {
				o.Statements = append(o.Statements, loose)
			} else {
				p.Statements = append(p.Statements, loose)
			}
		}
		optimistic = append(optimistic, o)
		pessimistic = append(pessimistic, p)
	}
	j.optimistic = eval.Compile(eval.Policies{Identity: optimistic})
	j.pessimistic = eval.Compile(eval.Policies{Identity: pessimistic})
	j.unknown = unknownKeys.with(nil)
	return j
}

// splitConditions divides conditions by whether the log tells their key, told being the keys that
// single calls tell.
func splitConditions(cs []policy.Condition, told []string) (known []policy.Condition, unknown []string) {
	for _, c := range cs {
		if containsFold(contextKeys, c.Key) || containsFold(told, c.Key) {
			known = append(known, c)
		} else {
			unknown = append(unknown, c.Key)
		}
	}
	return known, unknown
}

// decide judges one permission that one kind of call needs.
func (j *judge) decide(g actionmap.Grant, u *trail.Usage) (verdict, string) {
	req := eval.Request{Action: g.Action, Resource: resourceText(g.Resource), Open: true, Context: requestContext(g, u)}
	if j.pessimistic.Evaluate(req).Outcome == eval.Allowed {
		return allow, ""
	}
	best := j.optimistic.Evaluate(req)
	switch {
	case best.Outcome == eval.Allowed:
		return undecided, "it depends on " + strings.Join(j.unknown, ", ") + ", which the log does not have"
	case slices.ContainsFunc(g.Findings, func(f actionmap.Finding) bool { return f.Kind == actionmap.HiddenResource }):
		return undecided, "the event does not name its resource, and the policy does not allow every one"
	case best.Outcome == eval.ExplicitDeny:
		return denied, "a Deny statement matches: " + describeStatements(best.Statements)
	default:
		return denied, "no statement allows it"
	}
}

func describeStatements(refs []eval.StatementRef) string {
	var parts []string
	for _, r := range refs {
		parts = append(parts, r.String())
	}
	return strings.Join(parts, ", ")
}
