package tighten

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A granted is one action of the reference on one resource of an Allow statement.
type granted struct {
	// doc and stmt count the role's policies and their statements.
	doc, stmt int
	// id is the action as the reference spells it, or as the policy does if the reference lacks it:
	// action is nil then.
	id     string
	action *reference.Action
	// patterns are the wildcards of the statement that stand for the action, in its order; literal
	// says that it names the action as well.
	patterns []string
	literal  bool
	on       *target
	// conditions are the statement's.
	conditions []policy.Condition
}

// wildcard is the pattern that grants it, empty where the statement names the action.
func (g *granted) wildcard() string {
	if g.literal || len(g.patterns) == 0 {
		return ""
	}
	return g.patterns[0]
}

const (
	// maxPolicies is in characters: what IAM stores for one role, its inline and managed policies and
	// its boundary (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
	maxPolicies = 10240 + 20*6144 + 6144
	// maxGranted bounds the rows of one role. "*" on "*" are about 22,000.
	maxGranted = 300_000
	// maxDenials bounds the comparisons of rows with what the Deny statements and the boundary name.
	maxDenials = 50_000_000
)

var errTooMuch = errors.New("the policies are too much to analyse")

// grantedBy lists what the Allow statements of policies grant and the limits leave: each action, as far as
// the reference knows it, on each resource that it can act on. It is sorted by action, then resource.
func grantedBy(policies []current.Policy, l limits, partition string) ([]granted, error) {
	size := l.size
	for _, p := range policies {
		size += p.Document.Size()
	}
	if size > maxPolicies {
		return nil, fmt.Errorf("%w: they have %d characters, IAM stores %d for a role", errTooMuch, size, maxPolicies)
	}
	var out []granted
	for d, p := range policies {
		for i, s := range p.Document.Statements {
			if s.Effect != policy.Allow {
				continue
			}
			all := actionsOf(s)
			for _, t := range targetsOf(s, p.Document.Version) {
				for _, g := range fitting(all, t, partition) {
					g.doc, g.stmt, g.on, g.conditions = d, i, &t, s.Conditions
					out = append(out, g)
				}
				if len(out) > maxGranted || len(out)*l.patterns > maxDenials {
					return nil, fmt.Errorf("%w: they stand for more than %d permissions", errTooMuch, len(out))
				}
			}
		}
	}
	out = slices.DeleteFunc(out, func(g granted) bool { return !l.leave(&g, partition) })
	slices.SortStableFunc(out, func(a, b granted) int {
		return cmp.Or(policy.CompareActions(a.id, b.id), cmp.Compare(a.on.text, b.on.text), cmp.Compare(a.doc, b.doc), cmp.Compare(a.stmt, b.stmt))
	})
	return out, nil
}

// fitting are those of the actions that can act on a target. Whether a service has such resources at all
// is asked once.
func fitting(all []granted, t target, partition string) []granted {
	var out []granted
	has := map[string]bool{}
	for _, g := range all {
		if g.action != nil {
			service := g.action.Service
			if _, known := has[service]; !known {
				has[service] = slices.ContainsFunc(formsOf(service, partition), func(f form) bool { return t.meets(f.pattern) })
			}
			if !(has[service] || t.matchesAll()) || !actsWithin(g.action, t, partition) {
				continue
			}
		}
		out = append(out, g)
	}
	return out
}

// allActions are the actions of the reference.
var allActions = sync.OnceValue(func() []*reference.Action { return reference.ActionsMatching("*") })

// matching returns the actions that a pattern of a policy stands for.
func matching(pattern string) []*reference.Action {
	switch {
	case pattern == "*":
		return allActions()
	case strings.Contains(pattern, ":"):
		return reference.ActionsMatching(pattern)
	}
	// Only a wildcard can take the colon then.
	p := glob.CompileFold(pattern)
	if p.IsLiteral() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(allActions()), func(a *reference.Action) bool { return !p.Match(a.ID()) })
}

// actionsOf are the actions of an Allow statement, without resources, each once.
func actionsOf(s policy.Statement) []granted {
	var out []granted
	at := map[string]int{}
	add := func(id string, a *reference.Action) *granted {
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, granted{id: id, action: a})
		}
		return &out[i]
	}
	for _, pattern := range s.Actions {
		found := matching(pattern)
		if len(found) == 0 {
			add(pattern, nil).literal = true
		}
		for _, a := range found {
			if g := add(a.ID(), a); strings.ContainsAny(pattern, "*?") {
				g.patterns = append(g.patterns, pattern)
			} else {
				g.literal = true
			}
		}
	}
	if s.NotActions == nil {
		return out
	}
	var excluded []glob.Pattern
	for _, pattern := range s.NotActions {
		excluded = append(excluded, glob.CompileFold(pattern))
	}
	text := notActionText(s)
	for _, a := range allActions() {
		if id := a.ID(); !slices.ContainsFunc(excluded, func(p glob.Pattern) bool { return p.Match(id) }) {
			g := add(id, a)
			g.patterns = []string{text}
		}
	}
	return out
}

// notActionText stands for the actions of a statement with NotAction.
func notActionText(s policy.Statement) string {
	return "* except " + strings.Join(s.NotActions, ", ")
}
