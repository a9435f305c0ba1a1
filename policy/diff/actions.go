package diff

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
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
	texts := make([]string, 0, len(index))
	for text := range index {
		texts = append(texts, text)
	}
	sort.Strings(texts)
	for _, text := range texts {
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

// elsewhere returns the actions of services that neither the reference nor the policies name.
func (c *catalogue) elsewhere(prefixes []string) *group {
	g := &group{}
	g.addFuture(c, c.relevant(c.across), "", func(id string) string {
		prefix, _, _ := strings.Cut(id, ":")
		if _, taken := slices.BinarySearch(prefixes, prefix); taken {
			return prefix + ":*"
		}
		return ""
	})
	return g
}

// addFuture adds an action for each way in which the wildcards can meet an action that does not
// exist yet. taken returns a pattern of names that exist, if id is one.
func (g *group) addFuture(c *catalogue, wildcards []int, prefix string, taken func(id string) string) {
	var excluded []string
	for _, name := range []string{"NewAction", "AnotherNewAction"} {
		id := prefix + name
		if prefix == "" {
			id = "newservice:" + name
		}
		if len(wildcards) == 0 && taken(lowerASCII(id)) == "" {
			g.actions = append(g.actions, action{id: id, future: true, class: c.classFor(nil)})
			return
		}
	}
	for {
		atoms, complete := c.futureAtoms(wildcards, prefix, excluded)
		found := len(excluded)
		for _, a := range atoms {
			if pattern := taken(a.Sample); pattern != "" && !slices.Contains(excluded, pattern) {
				excluded = append(excluded, pattern)
			}
		}
		if len(excluded) > found {
			continue
		}
		if !complete && g.addGrouped(c, wildcards, prefix) {
			return
		}
		if !complete {
			g.actions = append(g.actions, action{id: prefix + "NewAction", future: true, undecided: true})
			return
		}
		for _, a := range atoms {
			id := c.readableAction(a, wildcards, prefix, taken)
			g.actions = append(g.actions, action{id: id, future: true, class: c.classOf(a.Sample, wildcards)})
		}
		return
	}
}

// relevant returns the wildcards that a changed one meets: where no changed one matches, there is no
// difference.
func (c *catalogue) relevant(wildcards []int) []int {
	if c.anywhere {
		return wildcards
	}
	return slices.DeleteFunc(slices.Clone(wildcards), func(at int) bool {
		return !slices.ContainsFunc(wildcards, func(other int) bool {
			return c.patterns[other].changed && c.patterns[at].pattern.Intersects(c.patterns[other].pattern)
		})
	})
}

// futureAtoms returns the atoms of the wildcards that begin with prefix and are actions, but for
// those that excluded patterns match.
func (c *catalogue) futureAtoms(wildcards []int, prefix string, excluded []string) (atoms []glob.Atom, complete bool) {
	own := prefix + "?*"
	if prefix == "" {
		own = "?*:?*"
	}
	patterns := []glob.Pattern{glob.CompileFold(own), glob.Compile("*:*:*")}
	for _, text := range excluded {
		patterns = append(patterns, glob.CompileFold(text))
	}
	rest := len(patterns)
	for _, at := range wildcards {
		patterns = append(patterns, c.patterns[at].pattern)
	}
	complete = c.p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.Atoms(patterns, steps)
		return enough
	})
	atoms = slices.DeleteFunc(atoms, func(a glob.Atom) bool { return !a.Matches[0] || slices.Contains(a.Matches[1:rest], true) })
	for i := range atoms {
		atoms[i].Sample, atoms[i].Matches = lowerASCII(atoms[i].Sample), atoms[i].Matches[rest:]
	}
	return atoms, complete
}

// readableAction returns a name that means more than an atom's sample, if there is one.
func (c *catalogue) readableAction(a glob.Atom, wildcards []int, prefix string, taken func(string) string) string {
	names := []string{prefix + "NewAction"}
	if prefix == "" {
		names = []string{"newservice:NewAction"}
	}
	for i, at := range wildcards {
		if a.Matches[i] {
			text := c.p.spelling[c.patterns[at].text]
			if before, name, ok := strings.Cut(text, ":"); ok && strings.ContainsAny(before, "*?") {
				text = prefix + name
			}
			names = append(names, strings.NewReplacer("*", "NewAction", "?", "X").Replace(text))
		}
	}
	for _, name := range names {
		lower := lowerASCII(name)
		if !strings.HasPrefix(lower, prefix) || strings.Count(lower, ":") != 1 || taken(lower) != "" {
			continue
		}
		fits := true
		for i, at := range wildcards {
			fits = fits && c.patterns[at].pattern.Match(lower) == a.Matches[i]
		}
		if fits {
			return name
		}
	}
	return a.Sample
}
