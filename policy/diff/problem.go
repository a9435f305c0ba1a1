package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A role is what a statement that applies does.
type role uint8

const (
	allow role = iota // of the identity policies
	bound             // an Allow of the boundary
	deny              // of either
)

// A clause is a statement that can have an effect, without anything malformed: what AWS could not
// decide is decided as AWS does, by letting no Allow apply and every Deny.
type clause struct {
	side int
	// bodies are what applies to the actions: one for each resource, or one for NotResource.
	bodies []int
	// actions are in lower case.
	actions    []string
	notActions bool
}

// A body is one thing that a clause says of its actions. Equal bodies are one.
type body struct {
	role role
	// resources are indices of entries, just one unless notResources is set. A clause that takes any
	// resource is one that excludes none.
	resources    []int
	notResources bool
	conditions   []int // indices of predicates, sorted
}

// An entry is one text of Resource or NotResource.
type entry struct {
	text    string // in escaped notation, each variable as "*"
	pattern glob.ARNPattern
	// service is the third field of all ARNs that the pattern matches, if it has just one.
	service string
	tokens  []token
	// variable is the predicate that says whether the resource is what the entry's variables make
	// of it, or what a spanning pattern matches, -1 for an entry without. It is asked only where the
	// pattern matches.
	variable int
}

// The sides of a comparison, as indices.
const (
	oldSide = iota
	newSide
)

// A problem is what Compare works on.
type problem struct {
	options    Options
	meter      meter
	clauses    []clause
	bodies     []body
	entries    []entry
	predicates []predicate
	bounded    [2]bool

	bodyIndex, entryIndex, predicateIndex map[string]int

	// spelling has actions as a policy writes them, by their lower case.
	spelling  map[string]string
	keys      map[string]*keyInfo
	universes *universes
	domains   map[string][]setting
	answers   map[string]*answer
	spaces    map[string]*space
}

func newProblem(old, new Side, opt Options) *problem {
	p := &problem{
		options: opt, meter: newMeter(opt.Steps),
		bodyIndex: map[string]int{}, entryIndex: map[string]int{}, predicateIndex: map[string]int{},
		spelling: map[string]string{}, keys: map[string]*keyInfo{}, domains: map[string][]setting{}, answers: map[string]*answer{}, spaces: map[string]*space{},
	}
	p.universes = universesOf(opt.Partition)
	for side, s := range []Side{old, new} {
		p.bounded[side] = s.Boundary != nil
		for boundary, docs := range [][]policy.Document{s.Identity, s.Boundary} {
			for _, doc := range docs {
				for _, statement := range doc.Statements {
					p.addStatement(side, boundary == 1, statement, doc.Version)
				}
			}
		}
	}
	return p
}

func (p *problem) addStatement(side int, boundary bool, s policy.Statement, version string) {
	b := body{role: deny}
	if s.Effect == policy.Allow {
		b.role = allow
		if boundary {
			b.role = bound
		}
	}
	c := clause{side: side, actions: s.Actions}
	if s.NotActions != nil {
		c.actions, c.notActions = s.NotActions, true
	}
	if isBroken(s) {
		if b.role != deny {
			return
		}
		c.actions, c.notActions = nil, true
		b.notResources = true
		p.addClause(c, b)
		return
	}
	if !p.addResources(&b, s, version == policy.Version2012) {
		return
	}
	for _, cond := range s.Conditions {
		m, err := condition.Compile(cond, version)
		switch {
		case err == nil:
			b.conditions = append(b.conditions, p.predicate(m, cond, version, b.role == deny))
		case b.role != deny:
			return
		}
	}
	slices.Sort(b.conditions)
	b.conditions = slices.Compact(b.conditions)
	lower := make([]string, len(c.actions))
	for i, a := range c.actions {
		lower[i] = lowerASCII(a)
		if known, ok := p.spelling[lower[i]]; !ok || a < known {
			p.spelling[lower[i]] = a
		}
	}
	c.actions = lower
	p.addClause(c, b)
}

// isBroken reports whether nothing of the statement counts but its effect.
func isBroken(s policy.Statement) bool {
	return s.Effect != policy.Allow && s.Effect != policy.Deny ||
		(s.Actions == nil) == (s.NotActions == nil) || (s.Resources == nil) == (s.NotResources == nil)
}

// addResources returns false if the statement applies to no resource.
//
// An entry that is malformed is undecided where it might match, everywhere if nothing is known of it.
// An Allow does not apply where that matters, and a Deny does.
func (p *problem) addResources(b *body, s policy.Statement, variables bool) bool {
	texts := s.Resources
	if s.NotResources != nil {
		texts, b.notResources = s.NotResources, true
	}
	for _, text := range texts {
		e, everything, ok := p.entry(text, variables)
		// Where an entry is undecided, what it might match is left out of what the statement takes,
		// or not, as the effect wants.
		if !ok && (b.role == deny) == b.notResources {
			continue
		}
		if everything {
			if b.notResources {
				return false
			}
			b.resources, b.notResources = nil, true
			return true
		}
		b.resources = append(b.resources, e)
	}
	slices.Sort(b.resources)
	b.resources = slices.Compact(b.resources)
	return b.notResources || len(b.resources) > 0
}

// entry returns the index of an entry, unless it matches everything. It is not ok if it is malformed:
// then what it might match at most counts.
func (p *problem) entry(text string, variables bool) (index int, everything, ok bool) {
	template, err := condition.ParseTemplate(text, variables)
	if err != nil {
		return 0, true, false
	}
	widest := template.Widest()
	pattern, err := glob.CompileARN(widest)
	if err != nil {
		return 0, true, false
	}
	ok = !template.HasVariables() || strings.Count(template.Prefix(), ":") >= 5
	if pattern.Match("*") {
		return 0, true, ok
	}
	uncertain := false
	if upper, spans := spanning(text); spans && !template.HasVariables() {
		uncertain, widest = true, upper
		if pattern, err = glob.CompileARN(upper); err != nil {
			return 0, true, false
		}
	}
	e := entry{text: widest, pattern: pattern, service: serviceOf(widest), tokens: tokensOf(pattern.String(), false), variable: -1}
	key := widest
	if ok && (uncertain || template.HasVariables()) {
		key = "$" + text
		e.variable = p.resourcePredicate(text, template)
	}
	if i, known := p.entryIndex[key]; known {
		return i, false, ok
	}
	p.entries = append(p.entries, e)
	p.entryIndex[key] = len(p.entries) - 1
	return len(p.entries) - 1, false, ok
}

func (p *problem) addClause(c clause, b body) {
	if b.notResources {
		c.bodies = []int{p.addBody(b)}
	} else {
		for _, e := range b.resources {
			one := b
			one.resources = []int{e}
			c.bodies = append(c.bodies, p.addBody(one))
		}
	}
	p.clauses = append(p.clauses, c)
}

func (p *problem) addBody(b body) int {
	key := fmt.Sprint(b.role, b.notResources, b.resources, b.conditions)
	i, known := p.bodyIndex[key]
	if !known {
		i = len(p.bodies)
		p.bodies = append(p.bodies, b)
		p.bodyIndex[key] = i
	}
	return i
}

// lowerASCII lowers the letters that IAM compares actions without the case of, and no others.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}
