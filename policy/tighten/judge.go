package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/trail"
)

type verdict int

const (
	allow verdict = iota
	denied
	undecided
)

// A judge evaluates requests of which the log tells only part: it lacks condition keys that AWS had
// (aws:SourceIp, a resource's tags), and some resources. It asks twice. The best case assumes that a
// statement on a key that is not known applies if it is an Allow and not if it is a Deny, the worst
// case the opposite. Allowed in the worst case is allowed; not allowed in the best case is denied.
type judge struct {
	docs []policy.Document
	// boundary is the permissions boundary, nil for none.
	boundary []policy.Document
	// keys are the condition keys that the documents look at.
	keys []string
	// cases hold the compiled documents by the keys that are not known.
	cases map[string]bestAndWorst
}

type bestAndWorst struct{ best, worst *eval.Evaluator }

func newJudge(docs, boundary []policy.Document) *judge {
	keys := set{}
	for _, d := range slices.Concat(docs, boundary) {
		for _, s := range d.Statements {
			for _, k := range keysOf(s, d.Version) {
				keys.add(k)
			}
		}
	}
	return &judge{docs: docs, boundary: boundary, keys: keys.with(nil), cases: map[string]bestAndWorst{}}
}

// decide judges one permission that one kind of call needs, and says why in one sentence.
func (j *judge) decide(g actionmap.Grant, u *trail.Usage) (verdict, string) {
	known := knowledgeOf(g, u)
	var unknown []string
	for _, k := range j.keys {
		if !known.has(k) {
			unknown = append(unknown, k)
		}
	}
	c := j.without(unknown)
	req := eval.Request{Action: g.Action, Resource: resourceText(g.Resource), Open: true, Context: known.context}
	if c.worst.Evaluate(req).Outcome == eval.Allowed {
		return allow, ""
	}
	surely := c.best.Evaluate(req)
	if surely.Outcome == eval.Allowed {
		return undecided, "it depends on " + strings.Join(unknown, ", ") + ", which the log does not have"
	}
	req.Some = true
	if c.best.Evaluate(req).Outcome == eval.Allowed {
		if slices.ContainsFunc(g.Findings, func(f actionmap.Finding) bool { return f.Kind == actionmap.HiddenResource }) {
			return undecided, "the event does not name its resource, and the policy does not allow every one"
		}
		return undecided, "the profile keeps only the beginning of these names, and the policy does not allow all of them with one pattern"
	}
	if surely.Outcome == eval.ExplicitDeny {
		return denied, "a Deny statement matches: " + describeStatements(surely.Statements)
	}
	return denied, "no statement allows it"
}

// without compiles the documents for requests that lack keys.
func (j *judge) without(unknown []string) bestAndWorst {
	signature := strings.Join(unknown, "\x00")
	if c, ok := j.cases[signature]; ok {
		return c
	}
	best, worst := eval.Policies{}, eval.Policies{}
	best.Identity, worst.Identity = split(j.docs, unknown)
	if j.boundary != nil {
		best.Boundary, worst.Boundary = split(j.boundary, unknown)
	}
	c := bestAndWorst{eval.Compile(best), eval.Compile(worst)}
	j.cases[signature] = c
	return c
}

// split writes documents as they allow most, and as they allow least, while some keys are not known.
func split(docs []policy.Document, unknown []string) (best, worst []policy.Document) {
	best, worst = []policy.Document{}, []policy.Document{}
	for _, d := range docs {
		b, w := policy.Document{Version: d.Version}, policy.Document{Version: d.Version}
		for _, s := range d.Statements {
			if !slices.ContainsFunc(keysOf(s, d.Version), func(k string) bool { return containsFold(unknown, k) }) {
				b.Statements, w.Statements = append(b.Statements, s), append(w.Statements, s)
			} else if loose := loosen(s, d.Version, unknown); s.Effect == policy.Allow {
				b.Statements = append(b.Statements, loose)
			} else {
				w.Statements = append(w.Statements, loose)
			}
		}
		best, worst = append(best, b), append(worst, w)
	}
	return best, worst
}

func describeStatements(refs []eval.StatementRef) string {
	var parts []string
	for _, r := range refs {
		parts = append(parts, r.String())
	}
	return strings.Join(parts, ", ")
}
