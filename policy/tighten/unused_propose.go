package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
)

// rewrite writes each document without what is not kept. Deny statements stay as they are, and so do
// Allow statements of which everything is kept. The second result says which policy each is to replace.
func rewrite(policies []current.Policy, rows []row) ([]report.ProposedPolicy, []int) {
	byStatement := map[[2]int][]*row{}
	for i := range rows {
		at := [2]int{rows[i].granted.doc, rows[i].granted.stmt}
		byStatement[at] = append(byStatement[at], &rows[i])
	}
	var out []report.ProposedPolicy
	var from []int
	for d, p := range policies {
		doc := policy.Document{Version: p.Document.Version}
		allows := false
		sids := set{}
		for _, s := range p.Document.Statements {
			sids.add(s.Sid)
		}
		for i, s := range p.Document.Statements {
			kept := []policy.Statement{s}
			if s.Effect == policy.Allow {
				kept = keep(s, byStatement[[2]int{d, i}])
				allows = allows || len(kept) > 0
			}
			for j := range kept {
				if kept[j].Sid != s.Sid {
					kept[j].Sid = unusedSid(kept[j].Sid, sids)
				}
			}
			doc.Statements = append(doc.Statements, kept...)
		}
		deny := func(s policy.Statement) bool { return s.Effect == policy.Deny }
		if allows || slices.ContainsFunc(doc.Statements, deny) {
			out = append(out, report.ProposedPolicy{Replaces: p.Name, Document: doc, Size: doc.Size()})
			from = append(from, d)
		}
	}
	return out, from
}

// unusedSid makes a Sid that no other statement of the document has.
func unusedSid(sid string, taken set) string {
	free := sid
	for n := 2; free != "" && taken[free]; n++ {
		free = fmt.Sprintf("%s%d", sid, n)
	}
	taken.add(free)
	return free
}

// keep returns what is to take the place of an Allow statement.
func keep(s policy.Statement, rows []*row) []policy.Statement {
	whole, none, narrows := true, true, false
	for _, r := range rows {
		whole, none = whole && r.Kept, none && !r.Kept
		narrows = narrows || r.narrow != nil
	}
	if whole && !narrows {
		// Also a statement that grants nothing that is known of: nothing is known against it.
		return []policy.Statement{s}
	}
	if none {
		return nil
	}
	write := newWriting(s, rows)
	if !narrows && wholeActions(rows) {
		return []policy.Statement{withActions(s, write.actions(rows))}
	}
	var grants []minimize.Grant
	var elsewhere []*row // what a NotResource stands for
	for _, r := range rows {
		switch {
		case !r.Kept:
		case r.narrow != nil:
			for _, resource := range r.narrow {
				grants = append(grants, minimize.Grant{Action: r.Action, Resource: resource, Conditions: s.Conditions})
			}
		case r.granted.on.not != nil:
			elsewhere = append(elsewhere, r)
		default:
			grants = append(grants, minimize.Grant{Action: write.as(r), Resource: r.granted.on.text, Conditions: s.Conditions})
		}
	}
	var out []policy.Statement
	if len(elsewhere) > 0 {
		out = append(out, withActions(s, write.actions(elsewhere)))
	}
	if len(grants) > 0 {
		out = append(out, minimize.Minimize(grants).Statements...)
	}
	if len(out) == 1 {
		out[0].Sid = s.Sid
	}
	return out
}

// A writing says which wildcards can stand in a proposal.
type writing struct {
	// patterns are those of the statement of which all rows are kept as they are, services those of
	// which all actions are, and of which the statement has every action there will be.
	patterns, services set
}

func newWriting(s policy.Statement, rows []*row) writing {
	broken := set{}
	for _, r := range rows {
		if !r.Kept || r.narrow != nil {
			broken.add(serviceOfRow(r))
			for _, p := range r.granted.patterns {
				broken.add(p)
			}
		}
	}
	w := writing{patterns: set{}, services: set{}}
	for _, p := range s.Actions {
		if !broken[p] {
			w.patterns.add(p)
		}
	}
	all := newRule(s, "")
	for _, r := range rows {
		service := serviceOfRow(r)
		if broken[service] || r.granted.action == nil || w.services[service] {
			continue
		}
		pattern := glob.CompileFold(service)
		if !all.except && all.actions.covers(pattern) || all.except && !all.actions.meets(pattern) {
			w.services.add(service)
		}
	}
	return w
}

// serviceOfRow is the wildcard for all actions of a row's service.
func serviceOfRow(r *row) string {
	prefix, _, _ := strings.Cut(r.Action, ":")
	return prefix + ":*"
}

// as is how a kept row's action stands in the proposal: by a wildcard that can, else by its name.
func (w writing) as(r *row) string {
	for _, p := range r.granted.patterns {
		if w.patterns[p] {
			return p
		}
	}
	if service := serviceOfRow(r); w.services[service] {
		return service
	}
	return r.Action
}

func (w writing) actions(rows []*row) []string {
	actions := set{}
	for _, r := range rows {
		if r.Kept {
			actions.add(w.as(r))
		}
	}
	out := actions.with(nil)
	slices.SortFunc(out, policy.CompareActions)
	return out
}

// wholeActions reports whether each action is kept on all of its resources or on none.
func wholeActions(rows []*row) bool {
	kept := map[string]bool{}
	for _, r := range rows {
		if k, ok := kept[r.Action]; ok && k != r.Kept {
			return false
		}
		kept[r.Action] = r.Kept
	}
	return true
}

// withActions is the statement with these actions in place of its own.
func withActions(s policy.Statement, actions []string) policy.Statement {
	s.Actions, s.NotActions = actions, nil
	return s
}
