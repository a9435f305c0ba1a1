package lint

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// powers are what the whole policy allows, after its Deny statements.
type powers struct {
	allows, denies []*side
	budget         *pairs
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
			if slices.ContainsFunc(allow.targets, func(t target) bool { return t.everything }) || p.denied(a, nil, passedTo) {
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

// String names the statement for a message.
func (s *statement) String() string {
	if s.Sid.Value != "" {
		return fmt.Sprintf("statement %d (%s)", s.index+1, quote(s.Sid.Value))
	}
	return fmt.Sprintf("statement %d", s.index+1)
}
