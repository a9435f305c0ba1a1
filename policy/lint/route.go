package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// A route is a path that the policy leaves open, by one grant for each action that it needs.
type route struct {
	path     escalation
	grants   []grant
	actions  []string // of the grants, sorted
	severity Severity
}

// route finds the grants of a path: of several the one that limits least.
func (p *powers) route(e escalation) (route, bool) {
	services := e.Passes
	if len(services) == 0 {
		services = []string{""}
	}
	var best route
	for _, service := range services {
		r, ok := p.routeFor(e, service)
		if ok && (best.grants == nil || worse(r.severity, best.severity)) {
			best = r
		}
	}
	return best, best.grants != nil
}

func (p *powers) routeFor(e escalation, service string) (route, bool) {
	r := route{path: e}
	needs := e.Needs
	if service != "" {
		needs = append([][]string{{passRole}}, needs...)
	}
	var candidates [][]grant
	for _, alternatives := range needs {
		var grants []grant
		for _, action := range alternatives {
			passedTo := ""
			if action == passRole {
				passedTo = service
			}
			grants = append(grants, p.grants(action, passedTo)...)
		}
		if len(grants) == 0 {
			return route{}, false
		}
		slices.SortStableFunc(grants, func(a, b grant) int { return a.limited() - b.limited() })
		candidates = append(candidates, grants)
	}
	for _, grants := range candidates {
		r.grants = append(r.grants, grants[0])
		r.actions = append(r.actions, grants[0].action.ID())
	}
	slices.SortFunc(r.actions, policy.CompareActions)
	r.actions = slices.Compact(r.actions)
	if len(e.Same) > 0 && !meet(e.Same, candidates) {
		return route{}, false
	}
	steps := 0
	for _, g := range r.grants {
		if len(e.Passes) > 0 && g.action.ID() == passRole {
			if !g.wide || g.otherKeys() {
				steps = max(steps, 1)
			}
			continue
		}
		steps = max(steps, g.limited())
	}
	if e.Depends {
		if steps > 0 && !r.wide() {
			return route{}, false // the named target is what the author meant
		}
		steps++
	}
	r.severity = Security
	for range steps {
		r.severity = lower(r.severity)
	}
	return r, true
}

const passRole = "iam:PassRole"

// limited is 0 for a grant on all resources of a kind, 1 for one on some or under a condition, 2 for both.
func (g grant) limited() int {
	n := 0
	if !g.wide || g.scoped {
		n++
	}
	if len(g.keys) > 0 && !g.scoped {
		n++
	}
	return n
}

// otherKeys reports whether there are conditions but for iam:PassedToService.
func (g grant) otherKeys() bool {
	return slices.ContainsFunc(g.keys, func(key string) bool { return !strings.EqualFold(key, passedToService) })
}

// wide reports whether every grant is.
func (r route) wide() bool {
	return !slices.ContainsFunc(r.grants, func(g grant) bool { return !g.wide || g.scoped })
}

// maxMeet bounds how many targets of one action are compared with those of another.
const maxMeet = 100

// meet reports whether the actions named are allowed on one and the same resource: each pair of them,
// which is more than exact where there are three.
func meet(same []string, candidates [][]grant) bool {
	var all [][]target
	for _, action := range same {
		var on []target
		for _, grants := range candidates {
			for _, g := range grants {
				if g.action.ID() == action {
					if g.notTargets {
						on = append(on, target{})
					}
					on = append(on, g.on...)
				}
			}
		}
		all = append(all, on)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if len(a) > maxMeet || len(b) > maxMeet {
				continue
			}
			if !slices.ContainsFunc(a, func(t target) bool {
				return slices.ContainsFunc(b, func(u target) bool { return !t.known || !u.known || t.pattern.Intersects(u.pattern) })
			}) {
				return false
			}
		}
	}
	return true
}

// impliesAll reports whether r needs less than other and is at least as bad.
func (r route) impliesAll(other route) bool {
	mine, theirs := r.actions, other.actions
	if len(mine) >= len(theirs) || worse(other.severity, r.severity) {
		return false
	}
	return !slices.ContainsFunc(mine, func(a string) bool { return !slices.Contains(theirs, a) })
}

func worse(a, b Severity) bool { return rank(a) < rank(b) }

func rank(s Severity) int { return slices.Index([]Severity{Error, Security, Warning, Suggestion}, s) }

// at is the place of the first action that is not iam:PassRole: what makes the path this one.
func (r route) at() place {
	for _, g := range r.grants {
		if g.action.ID() != passRole {
			return g.at
		}
	}
	return r.grants[0].at
}

func (r route) message(longer []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s allowed", r.path.Title, r.path.ID, and(r.actions))
	var statements, narrow, keys []string
	for _, g := range r.grants {
		add(&statements, g.statement.String())
		for _, t := range g.on[:min(len(g.on), maxMeet)] {
			if !g.wide && !t.everything {
				add(&narrow, quote(t.text.Value))
			}
		}
		for _, key := range g.keys[:min(len(g.keys), maxKeys)] {
			add(&keys, quote(key))
		}
	}
	fmt.Fprintf(&b, " by %s", few(statements, 4))
	if len(narrow) > 0 {
		fmt.Fprintf(&b, ", on %s", few(narrow, 3))
	}
	if len(keys) > 0 {
		fmt.Fprintf(&b, ", under conditions on %s", few(keys, 3))
	}
	fmt.Fprintf(&b, "; a way up if %s", r.path.If)
	if len(longer) > 0 {
		fmt.Fprintf(&b, " (and so %s)", few(longer, 6))
	}
	return b.String()
}

func add(list *[]string, text string) {
	if !slices.Contains(*list, text) {
		*list = append(*list, text)
	}
}
