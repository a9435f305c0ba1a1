package diff

import (
	"slices"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// An action is one that the reference knows, one that only the policies name, or one that stands for
// those that do not exist yet.
type action struct {
	id     string            // "s3:GetObject"
	known  *reference.Action // nil if the reference does not know it
	future bool
	class  *class
	// undecided says that the action stands for some that could not be told apart.
	undecided bool
}

// A group is the actions of one service, or those of services that nothing names.
type group struct {
	prefix  string // empty for services that nothing names
	actions []action
	// patterns are indices in the catalogue of those that name this service alone.
	patterns   []int
	candidates []candidate
	// grouped are the candidates of a group whose actions that do not exist yet could be told apart
	// only by what patterns do.
	grouped []candidate
}

// mayAllow reports whether one of the patterns stands in an Allow.
func (c *catalogue) mayAllow(patterns []int) bool {
	return slices.ContainsFunc(patterns, func(at int) bool {
		return slices.ContainsFunc(c.patterns[at].clauses, c.isAllow)
	})
}

// allowsAnywhere reports whether an Allow may name actions of any service.
func (c *catalogue) allowsAnywhere() bool {
	for i, clause := range c.p.clauses {
		if clause.notActions && c.isAllow(i) {
			return true
		}
	}
	return c.mayAllow(c.across) || slices.ContainsFunc(c.everywhere, c.isAllow)
}

func (c *catalogue) isAllow(at int) bool {
	return slices.ContainsFunc(c.p.clauses[at].bodies, func(b int) bool { return c.p.bodies[b].role == allow })
}

// groups returns the actions of every service in which the sides may differ.
func (c *catalogue) groups() []*group {
	prefixes := reference.Prefixes()
	for prefix := range c.byService {
		prefixes = append(prefixes, prefix)
	}
	slices.Sort(prefixes)
	prefixes = slices.Compact(prefixes)
	everywhere := c.anywhere || c.mayChange(c.across)
	allowed := c.allowsAnywhere()
	var out []*group
	for _, prefix := range prefixes {
		own := c.byService[prefix]
		if (everywhere || c.mayChange(own)) && (allowed || c.mayAllow(own)) {
			out = append(out, c.group(prefix))
		}
	}
	if everywhere && allowed {
		out = append(out, c.elsewhere(prefixes))
	}
	return out
}

func (c *catalogue) group(prefix string) *group {
	g := &group{prefix: prefix, patterns: c.byService[prefix]}
	wildcards := c.wildcards(prefix)
	names := namesOf(prefix)
	g.actions = make([]action, 0, len(names)+1)
	for _, name := range names {
		class := c.rest
		if class == nil || len(wildcards)+len(g.patterns) > 0 {
			class = c.classOf(name.lower, wildcards)
		}
		g.actions = append(g.actions, action{id: name.id, known: name.action, class: class})
	}
	for _, at := range g.patterns {
		if k := &c.patterns[at]; k.literal && !isKnown(k.text) {
			g.actions = append(g.actions, action{id: c.p.spelling[k.text], class: c.classOf(k.text, wildcards)})
		}
	}
	g.addFuture(c, c.relevant(wildcards), prefix+":", func(id string) string {
		if _, named := c.literals[id]; named || isKnown(id) {
			return id
		}
		return ""
	})
	return g
}

func isKnown(id string) bool {
	_, ok := reference.LookupAction(id)
	return ok
}

// A name is an action of the reference, as it is spelt and in lower case.
type name struct {
	id, lower string
	action    *reference.Action
}

// names are those of each service, a []name by prefix. They are the same for all comparisons.
var names sync.Map

func namesOf(prefix string) []name {
	service, ok := reference.Lookup(prefix)
	if !ok {
		return nil
	}
	if known, ok := names.Load(prefix); ok {
		return known.([]name)
	}
	var list []name
	for _, a := range service.Actions() {
		list = append(list, name{a.ID(), lowerASCII(a.ID()), a})
	}
	names.Store(prefix, list)
	return list
}
