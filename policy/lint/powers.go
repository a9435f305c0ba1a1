package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// powers are what the whole policy allows, after its Deny statements.
type powers struct {
	allows, denies []*side
	budget         *pairs
}

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

// maxDenies bounds how many Deny statements are looked at. Those left out make findings appear, not vanish.
const maxDenies = 100

func (c *checker) powers() *powers {
	if c.allowed != nil {
		return c.allowed
	}
	p := &powers{budget: c.pairs()}
	c.allowed = p
	for _, s := range c.statements {
		if s.allows() {
			p.allows = append(p.allows, newSide(s))
		}
		if s.denies() && len(p.denies) < maxDenies {
			p.denies = append(p.denies, newSide(s))
		}
	}
	return p
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

// A grant is how one statement allows one action.
type grant struct {
	*side
	action *reference.Action
	at     place
	// on are the targets that the action can act on and that no Deny takes away. With NotResource
	// they are none, and what is not named is meant.
	on []target
	// wide says that on takes in all resources of one of the action's types.
	wide bool
	// scoped says that a condition narrows the resource.
	scoped bool
}

// grants returns how the policy allows an action, for the service that a role is passed to if there
// is one.
func (p *powers) grants(action, passedTo string) []grant {
	a, ok := reference.LookupAction(action)
	if !ok {
		return nil
	}
	var out []grant
	for _, allow := range p.allows {
		at, ok := allow.names(action)
		if !ok || !allow.holdsFor(passedTo) {
			continue
		}
		g := grant{side: allow, action: a, at: at, scoped: scopes(allow.scoping, a)}
		if allow.notTargets {
			if p.denied(a, nil, passedTo) {
				continue
			}
			g.wide = true
			out = append(out, g)
			continue
		}
		formats := formatsOf(a)
		for i := range allow.targets {
			t := allow.targets[i]
			if !p.budget.take(1+len(formats)) || !actsOn(t, formats) || p.denied(a, &t, passedTo) {
				continue
			}
			g.on = append(g.on, t)
			g.wide = g.wide || wideFor(t, formats, true)
		}
		if len(g.on) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// actsOn reports whether an action with these formats can act on the target. Without formats only "*"
// will do.
func actsOn(t target, formats []*format) bool {
	if !t.known || t.everything {
		return true
	}
	return slices.ContainsFunc(formats, func(f *format) bool { return t.fits(f) })
}

// wideFor reports whether the target is all resources of one of the formats; with own, all of one
// account and Region.
func wideFor(t target, formats []*format, own bool) bool {
	if len(formats) == 0 {
		return t.everything
	}
	return slices.ContainsFunc(formats, func(f *format) bool { return t.covers(f, own) })
}

// denied reports whether a Deny statement takes the action on the target away, whatever else the
// request says. A nil target is everything.
func (p *powers) denied(a *reference.Action, t *target, passedTo string) bool {
	return slices.ContainsFunc(p.denies, func(deny *side) bool {
		_, named := deny.names(a.ID())
		return named && deny.alwaysFor(passedTo) && p.budget.take(len(deny.targets)) && deny.takes(a, t)
	})
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

// String names the statement for a message.
func (s *statement) String() string {
	if s.Sid.Value != "" {
		return fmt.Sprintf("statement %d (%s)", s.index+1, quote(s.Sid.Value))
	}
	return fmt.Sprintf("statement %d", s.index+1)
}
