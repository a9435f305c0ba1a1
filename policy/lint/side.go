package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A side is a statement in the form that powers asks it.
type side struct {
	*statement
	literal map[string]policy.Text // action patterns without wildcards, by the text in lower case
	wild    []wildAction
	not     bool // they are of NotAction
	targets []target
	// notTargets says that targets are of NotResource.
	notTargets bool
	// certain are the targets that need no request to know what they match.
	certain    []target
	conditions []condition.Matcher
	keys       []string // of the conditions, sorted
	scoping    []string // keys of conditions that may narrow the resource
	broken     bool     // some condition could not be read
}

type wildAction struct {
	text    policy.Text
	pattern glob.Pattern
}

func newSide(s *statement) *side {
	d := &side{statement: s, literal: map[string]policy.Text{}}
	d.not = s.NotActions.Present()
	for _, text := range append(slices.Clone(s.Actions.Texts), s.NotActions.Texts...) {
		if wild(text.Value) {
			d.wild = append(d.wild, wildAction{text, glob.CompileFold(text.Value)})
		} else if key := strings.ToLower(text.Value); d.literal[key] == (policy.Text{}) {
			d.literal[key] = text
		}
	}
	d.notTargets = s.NotResources.Present()
	d.targets = append(s.c.targets(s.Resources), s.c.targets(s.NotResources)...)
	if i := slices.IndexFunc(d.targets, func(t target) bool { return t.everything }); i >= 0 {
		d.targets = d.targets[i : i+1] // the others add nothing
	}
	d.certain = slices.DeleteFunc(slices.Clone(d.targets), func(t target) bool { return !t.known || t.variables })
	for _, cond := range s.c.src.Document.Statements[s.index].Conditions {
		m, err := condition.Compile(cond, s.c.src.Document.Version)
		if err != nil {
			d.broken = true
			continue
		}
		d.conditions = append(d.conditions, m)
		d.keys = append(d.keys, cond.Key)
	}
	slices.Sort(d.keys)
	d.keys = slices.Compact(d.keys)
	d.scoping = scopingKeys(s)
	return d
}

// names returns the text that makes the statement speak of an action, and the element where it is.
func (d *side) names(action string) (place, bool) {
	action = strings.ToLower(action)
	text, ok := d.literal[action]
	if !ok {
		for _, w := range d.wild {
			if w.pattern.Match(action) {
				text, ok = w.text, true
				break
			}
		}
	}
	if d.not {
		return d.element("NotAction", d.NotActions.Pos), !ok
	}
	return d.at("Action", text), ok
}

// takes reports whether the statement's resources take in the target, or everything that the action
// can act on.
func (d *side) takes(a *reference.Action, t *target) bool {
	if d.notTargets {
		return t != nil && t.known && !slices.ContainsFunc(d.targets, func(not target) bool {
			return !not.known || not.pattern.Intersects(t.pattern)
		})
	}
	if t != nil && t.known && slices.ContainsFunc(d.certain, func(d target) bool { return d.pattern.Covers(t.pattern) }) {
		return true
	}
	formats := formatsOf(a)
	for _, f := range formats {
		if !slices.ContainsFunc(d.certain, func(d target) bool { return d.covers(f, false) }) {
			return false
		}
	}
	return len(formats) > 0 || slices.ContainsFunc(d.certain, func(d target) bool { return d.everything })
}

const passedToService = "iam:PassedToService"

// holdsFor reports whether the conditions can hold when a role is passed to a service. Other keys can
// have any value.
func (d *side) holdsFor(passedTo string) bool {
	if passedTo == "" {
		return true
	}
	ctx := condition.Context{passedToService: condition.One(passedTo)}
	return !slices.ContainsFunc(d.conditions, func(m condition.Matcher) bool {
		holds, err := m.Holds(ctx)
		return strings.EqualFold(m.Key(), passedToService) && !holds && err == nil
	})
}

// alwaysFor reports whether the conditions hold whatever the request, given the service that a role is
// passed to.
func (d *side) alwaysFor(passedTo string) bool {
	if d.broken {
		return false
	}
	ctx := condition.Context{passedToService: condition.One(passedTo)}
	return !slices.ContainsFunc(d.conditions, func(m condition.Matcher) bool {
		if passedTo == "" || !strings.EqualFold(m.Key(), passedToService) {
			return true
		}
		holds, err := m.Holds(ctx)
		return !holds || err != nil
	})
}
