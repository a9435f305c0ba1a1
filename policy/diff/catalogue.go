package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// An actionPattern is an entry of Action or NotAction.
type actionPattern struct {
	text    string // in lower case
	pattern glob.Pattern
	literal bool
	clauses []int // which have it, ascending
	// changed says that it does not do the same on both sides.
	changed bool
}

// A catalogue finds the clauses that an action meets.
type catalogue struct {
	p        *problem
	patterns []actionPattern
	// byService has the patterns with a service's literal prefix, literals the plain names among them.
	byService map[string][]int
	literals  map[string]int
	// everywhere are the clauses that name every action, across the patterns for parts of several
	// services.
	everywhere []int
	across     []int
	classes    map[string]*class
	touched    map[string]*class
	// rest is the class of the actions that no pattern for some matches.
	rest *class
	// anywhere says that a change may concern every action.
	anywhere bool
}

func (p *problem) newCatalogue() *catalogue {
	c := &catalogue{p: p, byService: map[string][]int{}, literals: map[string]int{}, classes: map[string]*class{}, touched: map[string]*class{}}
	index := map[string]int{}
	for i, clause := range p.clauses {
		for _, text := range clause.actions {
			at, known := index[text]
			if !known {
				at = len(c.patterns)
				index[text] = at
				pattern := glob.CompileFold(text)
				c.patterns = append(c.patterns, actionPattern{text: text, pattern: pattern, literal: pattern.IsLiteral()})
			}
			k := &c.patterns[at]
			if n := len(k.clauses); n == 0 || k.clauses[n-1] != i {
				k.clauses = append(k.clauses, i)
			}
		}
	}
	for _, text := range slices.Sorted(maps.Keys(index)) {
		c.add(index[text])
	}
	c.findChanges()
	return c
}

// findChanges marks the patterns that do not do the same on both sides. Where only others match,
// there is no difference.
func (c *catalogue) findChanges() {
	c.anywhere = c.p.bounded[oldSide] != c.p.bounded[newSide]
	not := [2]map[string]bool{{}, {}}
	for _, clause := range c.p.clauses {
		if clause.notActions {
			actions := slices.Clone(clause.actions)
			slices.Sort(actions)
			not[clause.side][fmt.Sprintf("%q %d", slices.Compact(actions), clause.bodies)] = true
		}
	}
	c.anywhere = c.anywhere || !maps.Equal(not[oldSide], not[newSide])
	for i := range c.patterns {
		k := &c.patterns[i]
		bodies := c.bodiesOf(k.clauses, false)
		k.changed = !slices.Equal(bodies[oldSide], bodies[newSide])
	}
	bodies := c.bodiesOf(c.everywhere, false)
	c.anywhere = c.anywhere || !slices.Equal(bodies[oldSide], bodies[newSide])
}

// bodiesOf returns the bodies that clauses which name actions give each side, and, with not, those of
// clauses that exclude others.
func (c *catalogue) bodiesOf(met []int, not bool) (bodies [2][]int) {
	for _, i := range met {
		if clause := &c.p.clauses[i]; !clause.notActions {
			bodies[clause.side] = append(bodies[clause.side], clause.bodies...)
		}
	}
	if not {
		for i := range c.p.clauses {
			clause := &c.p.clauses[i]
			if _, excluded := slices.BinarySearch(met, i); clause.notActions && !excluded {
				bodies[clause.side] = append(bodies[clause.side], clause.bodies...)
			}
		}
	}
	for side := range bodies {
		slices.Sort(bodies[side])
		bodies[side] = slices.Compact(bodies[side])
	}
	return bodies
}

func (c *catalogue) mayChange(patterns []int) bool {
	return slices.ContainsFunc(patterns, func(at int) bool { return c.patterns[at].changed })
}

// allActions are the texts that an action is: a prefix, a colon and a name.
var allActions = glob.Compile("?*:?*")

func (c *catalogue) add(at int) {
	k := &c.patterns[at]
	prefix, name, qualified := strings.Cut(k.text, ":")
	switch {
	case k.literal && (!qualified || prefix == "" || name == "" || strings.Contains(name, ":")):
		// It names no action.
	case k.literal:
		c.literals[k.text] = at
		c.byService[prefix] = append(c.byService[prefix], at)
	case qualified && !strings.ContainsAny(prefix, "*?"):
		c.byService[prefix] = append(c.byService[prefix], at)
	case k.pattern.Covers(allActions):
		c.everywhere = append(c.everywhere, k.clauses...)
	default:
		c.across = append(c.across, at)
	}
}

// wildcards are the patterns of a service, and those across services, that are not plain names.
func (c *catalogue) wildcards(prefix string) []int {
	var out []int
	for _, at := range c.byService[prefix] {
		if !c.patterns[at].literal {
			out = append(out, at)
		}
	}
	return append(out, c.across...)
}

// classOf returns the class of an action, in lower case.
func (c *catalogue) classOf(id string, wildcards []int) *class {
	var met []int
	if at, ok := c.literals[id]; ok {
		met = append(met, c.patterns[at].clauses...)
	}
	for _, at := range wildcards {
		if c.patterns[at].pattern.Match(id) {
			met = append(met, c.patterns[at].clauses...)
		}
	}
	return c.classFor(met)
}

// classFor returns the class of the actions that patterns of these clauses match.
func (c *catalogue) classFor(met []int) *class {
	if len(met) == 0 && c.rest != nil {
		return c.rest
	}
	isRest := len(met) == 0
	met = append(met, c.everywhere...)
	slices.Sort(met)
	met = slices.Compact(met)
	id := fmt.Sprint(met)
	if known, ok := c.touched[id]; ok {
		if isRest {
			c.rest = known
		}
		return known
	}
	bodies := c.bodiesOf(met, true)
	key := fmt.Sprint(bodies)
	k, ok := c.classes[key]
	if !ok {
		k = c.p.newClass(bodies)
		c.classes[key] = k
	}
	c.touched[id] = k
	if isRest {
		c.rest = k
	}
	return k
}
