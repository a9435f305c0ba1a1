package tighten

import (
	"slices"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A use is one permission that a kind of authorised call needs, on what it was seen, and on what a
// proposal would grant it.
type use struct {
	need
	pattern glob.ARNPattern
	// seen is the resource, narrow the pattern for it and its like, see generalizeNames.
	seen, narrow string
}

// uses sorts the needs of a role by action.
func uses(obs observation, opt UnusedOptions) map[string][]use {
	type key struct {
		usage                        *trail.Usage
		action, resource, conditions string
	}
	keyOf := func(n need) key {
		return key{n.usage, n.grant.Action, resourceText(n.grant.Resource), conditionKey(n.grant.Conditions)}
	}
	narrow := map[key]string{}
	for _, p := range generalizeNames(obs.needs, Options{Last: opt.Last}) {
		narrow[keyOf(p.needs[0])] = p.resource
	}
	out := map[string][]use{}
	for _, n := range obs.needs {
		u := use{need: n, seen: resourceText(n.grant.Resource), narrow: narrow[keyOf(n)], pattern: everything}
		if p, err := glob.CompileARN(u.seen); err == nil {
			u.pattern = p
		}
		out[n.grant.Action] = append(out[n.grant.Action], u)
	}
	return out
}

// A matcher finds the uses of what statements grant.
type matcher struct {
	policies []current.Policy
	uses     map[string][]use
	judges   map[[2]int]*judge
}

// of returns the uses that g may have allowed: of its action, on one of its resources, under the
// statement's conditions as far as the log tells.
func (m *matcher) of(g *granted) []use {
	var out []use
	for _, u := range m.uses[g.id] {
		if g.on.meets(u.pattern) && m.mayHold(g, u) {
			out = append(out, u)
		}
	}
	return out
}

// mayHold reports whether the log does not show that the statement did not allow the use.
func (m *matcher) mayHold(g *granted, u use) bool {
	d := m.policies[g.doc].Document
	s := d.Statements[g.stmt]
	if len(keysOf(s, d.Version)) == 0 {
		return true
	}
	at := [2]int{g.doc, g.stmt}
	if m.judges[at] == nil {
		m.judges[at] = newJudge([]policy.Document{{Version: d.Version, Statements: []policy.Statement{s}}}, nil)
	}
	v, _ := m.judges[at].decide(u.grant, u.usage)
	return v != denied
}

// evidenceOf joins the evidence of uses: a call that needs an action twice counts once.
func evidenceOf(us []use) report.Evidence {
	var seen trail.Evidence
	counted := map[*trail.Usage]bool{}
	for _, u := range us {
		if !counted[u.usage] {
			counted[u.usage] = true
			seen = seen.Join(u.usage.Evidence)
		}
	}
	return evidence(seen)
}

// narrowed are the patterns for what was used, and for what may have been; false if t does not hold all of
// them, or if they are no narrower.
func narrowed(t target, version string, us []use, hints []hint) ([]string, bool) {
	if len(us) == 0 || !t.exact || version != policy.Version2012 {
		return nil, false
	}
	out := set{}
	for _, u := range us {
		text, ok := u.narrow, false
		for _, candidate := range []string{u.narrow, u.seen} {
			if p, err := glob.CompileARN(candidate); err == nil && t.holds(p) && !ok {
				text, ok = candidate, true
			}
		}
		if !ok {
			return nil, false
		}
		out.add(text)
	}
	for _, h := range hints {
		if !t.holds(h.pattern) {
			return nil, false
		}
		out.add(h.on)
	}
	patterns := out.with(nil)
	if slices.ContainsFunc(patterns, func(text string) bool {
		p, err := glob.CompileARN(text)
		return err != nil || t.within(p)
	}) {
		return nil, false
	}
	return patterns, true
}
