package actionmap

import (
	"slices"
	"strings"
)

// grants returns the grants of a line that holds.
func (c *call) grants(l line) []Grant {
	resources := []built{{resource: Resource{Pattern: "*"}}}
	if l.action.TakesResource() {
		resources = c.resources(l.groups)
	}
	crossed := len(resources) > 1 && c.crossed(l)
	var grants []Grant
	for _, r := range resources {
		if crossed {
			r.note(AssumedPart, "the event lists operations and resources apart, so each is combined with each")
		}
		grants = append(grants, c.grant(l, r))
	}
	return grants
}

func (c *call) grant(l line, r built) Grant {
	conditions := c.conditions(l)
	if l.action.ID() == "iam:PassRole" && conditions == nil {
		r.note(UnconditionedRole, "AWS's tables name no service that this operation passes the role to; add a condition on iam:PassedToService")
	}
	return Grant{
		Action:     l.action.ID(),
		Resource:   r.resource,
		Conditions: conditions,
		Rule:       l.rule,
		Tells:      c.tells(l),
		Findings:   r.findings,
	}
}

// tells returns the condition key whose value the call shows, mostly none.
func (c *call) tells(l line) Told {
	told := Told{Key: l.tells.Key, Wide: l.tells.Wide}
	if p := c.usage.Param(l.tells.Path); p != nil && !slices.ContainsFunc(p.Values, isHidden) {
		told.Values, told.Open = p.Values, p.Open
		if p.Gaps {
			start, _, _ := strings.Cut(p.Values[0], gap)
			told.Values, told.Open = []string{start}, true
		}
	}
	return told
}

// A built resource comes with what a reviewer should know of it.
type built struct {
	resource Resource
	findings []Finding
	// path is the parameter that gave the whole ARN, empty if none did.
	path string
}

// resources returns what the groups stand for in this call: nothing only if the event says that
// they do not concern it.
func (c *call) resources(groups []group) []built {
	found, open := c.pick(groups, c.named)
	if found == nil && len(open) > 1 {
		// Of several types the one of which the event says a part is meant.
		found, open = c.pick(open, c.inPart)
	}
	var spoken []string
	for _, r := range found {
		if r.path != "" && !strings.HasPrefix(r.path, "resources:") {
			spoken = append(spoken, r.path)
		}
	}
	named := found != nil
	for _, g := range open {
		// A parameter that names one type by its ARN speaks for all types that read it: the
		// execution of DescribeExecution is a standard or an express one, never both.
		if named && (g.optional || g.readsAny(spoken)) {
			continue
		}
		found = append(found, c.hidden(g)...)
	}
	return found
}

// pick returns what look finds, and the groups for which it finds nothing.
func (c *call) pick(groups []group, look func(group) ([]built, outcome)) (found []built, open []group) {
	for _, g := range groups {
		switch r, outcome := look(g); outcome {
		case filled:
			found = append(found, r...)
		case absent, hides:
			open = append(open, g)
		}
	}
	return found, open
}

func (g group) readsAny(paths []string) bool {
	for _, t := range g.targets {
		for _, fill := range t.fills {
			for _, a := range fill {
				if slices.ContainsFunc(a.paths, func(p string) bool { return slices.Contains(paths, p) }) {
					return true
				}
			}
		}
	}
	return false
}

// named returns the resources of the first target that the event fills.
func (c *call) named(g group) ([]built, outcome) { return c.first(g, false) }

// inPart returns the patterns of the first target of which the event says a part.
func (c *call) inPart(g group) ([]built, outcome) { return c.first(g, true) }

func (c *call) first(g group, partial bool) ([]built, outcome) {
	last := absent
	for _, t := range g.targets {
		if t.everything != "" && !partial {
			return everything(t), filled
		}
		for _, args := range t.fills {
			r, outcome := c.fill(t, args, partial)
			switch {
			case outcome == filled && last == hides && !partial:
				for i := range r {
					r[i].note(HiddenResource, "the event hides the parameter that would say more")
				}
				return r, filled
			case outcome == filled || outcome == excluded:
				return r, outcome
			}
			last = max(last, outcome)
		}
	}
	return nil, last
}

// everything is "*" with the reviewed reason.
func everything(t target) []built {
	return []built{{
		resource: Resource{Pattern: "*"},
		findings: []Finding{{NoResource, t.everything}},
	}}
}

// hidden returns the narrowest patterns for a group that the event does not fill: of the first target
// of which it says a part, or else of all.
func (c *call) hidden(g group) []built {
	if r, outcome := c.inPart(g); outcome == filled {
		return r
	}
	var all []built
	for _, t := range g.targets {
		all = append(all, c.everyOf(t)...)
	}
	if all == nil {
		return everything(target{everything: "the reference does not say which service's ARN the resource has"})
	}
	return all
}

// everyOf returns the patterns of all resources of a type in the call's account and Region, in those
// formats whose variables have the names of the event's parameters: a hidden restApiId is still one.
func (c *call) everyOf(t target) []built {
	var all []built
	for _, f := range t.bestNamed(c.presentIn(t)) {
		parts := make([]part, len(f.names))
		for i := range parts {
			parts[i].unknown = hiddenPart
		}
		all = append(all, c.build(t, f, arn{c.partition, f.service, c.region, c.account, ""}, parts))
	}
	return all
}

// presentIn returns the parameters of the event, hidden or not, that may name a resource of t.
func (c *call) presentIn(t target) []item {
	var out []item
	for _, fill := range t.fills {
		for _, a := range fill {
			path := c.present(a)
			if path != "" && !slices.ContainsFunc(out, func(i item) bool { return i.path == path }) {
				out = append(out, item{path: path})
			}
		}
	}
	return out
}

// present returns the path of the argument's parameter in the event, hidden or not, empty for none.
func (c *call) present(a arg) string {
	for _, path := range a.paths {
		if c.usage.Param(path) != nil {
			return path
		}
	}
	return ""
}
