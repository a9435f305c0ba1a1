package actionmap

import (
	"cmp"
	"slices"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/trail"
)

// A Mapper maps calls to grants. It may be used concurrently.
type Mapper struct {
	table *overrides.Table
	// plans holds the *plan of each event that overrides name, by planKey, once it was asked for.
	plans sync.Map
	// same holds the plans of other events, by *reference.Action: no more than there are actions.
	same sync.Map
}

type planKey struct{ prefix, event string }

// New returns a Mapper with the embedded overrides. An error is a mistake in their language, with file
// and line. What the rules name is looked up when an event asks for it; that all of it exists is what
// the tests of this package check.
func New() (*Mapper, error) {
	table, err := overrides.Load()
	if err != nil {
		return nil, err
	}
	return &Mapper{table: table}, nil
}

// Fields says what of an event the mapping looks at; it is the projection for trail.Query.
func (m *Mapper) Fields(eventSource, eventName string) trail.Fields {
	p := m.planOf(eventSource, eventName)
	f := trail.Fields{Paths: p.paths()}
	if wide := p.wide(); len(wide) > 0 {
		f.Wide = wide[0]
	}
	return f
}

// everyday are the services that functions call most, and whose calls mostly need no override.
var everyday = []string{"dynamodb", "events", "kinesis", "kms", "lambda", "logs", "s3", "secretsmanager", "sns", "sqs", "ssm", "states", "sts"}

// Kinds returns the eventSource and eventName of each kind of event that an override names, and of every
// action of the services that functions call most, sorted. A source may have to know what to keep before it
// sees the events.
func (m *Mapper) Kinds() [][2]string {
	sources := map[string][]string{}
	for source, prefix := range m.table.Prefixes {
		sources[prefix] = append(sources[prefix], source)
	}
	for source, variants := range m.table.Variants {
		for _, v := range variants {
			sources[v.Prefix] = append(sources[v.Prefix], source)
		}
	}
	var kinds [][2]string
	for prefix, s := range m.table.Services {
		for event := range s.Events {
			for _, source := range append(sources[prefix], prefix+".amazonaws.com") {
				kinds = append(kinds, [2]string{source, event})
			}
		}
	}
	for _, prefix := range everyday {
		s, _ := reference.Lookup(prefix)
		for _, a := range s.Actions() {
			for _, source := range append(sources[prefix], prefix+".amazonaws.com") {
				kinds = append(kinds, [2]string{source, a.Name})
			}
		}
	}
	slices.SortFunc(kinds, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(kinds)
}

// Map returns what a call needs, whatever its outcome.
func (m *Mapper) Map(u *trail.Usage) Result {
	c := newCall(u)
	p := m.planOf(u.EventSource, u.EventName).of(c)
	grants := p.grants(c)
	switch {
	case grants != nil:
		p.markItems(grants)
		return Result{Grants: normalize(grants)}
	case p.otherwise != nil:
		return Result{Unmapped: p.otherwise}
	}
	return Result{Unmapped: &Unmapped{NotAnAction, "what the event holds fits no rule for it"}}
}

// of returns the plan for a call: p, or the one of its variants to which the call shows to belong.
func (p *plan) of(c *call) *plan {
	for _, v := range p.variants {
		if slices.ContainsFunc(v.gates, func(g overrides.Gate) bool { return c.passes(g) == yes }) {
			return v.plan
		}
	}
	return p
}

// grants returns what the plan's lines give for a call: those that hold, or all where none does.
func (p *plan) grants(c *call) []Grant {
	var grants []Grant
	for _, l := range p.lines {
		switch c.holds(l) {
		case yes:
			grants = append(grants, c.grants(l)...)
		case perhaps:
			grants = append(grants, unsure(c.grants(l))...)
		}
	}
	if grants != nil || p.otherwise != nil {
		return grants
	}
	for _, l := range p.lines {
		if !l.onlyOnError() {
			grants = append(grants, unsure(c.grants(l))...)
		}
	}
	return grants
}

// markItems names the event that shows better than this one what its hidden resources are.
func (p *plan) markItems(grants []Grant) {
	for i := range grants {
		hidden := func(f Finding) bool { return f.Kind == HiddenResource }
		if slices.ContainsFunc(grants[i].Findings, hidden) {
			grants[i].ItemEvent = p.itemEvent
		}
	}
}

// normalize sorts grants and joins those that differ in their findings alone.
func normalize(grants []Grant) []Grant {
	slices.SortStableFunc(grants, compareGrants)
	out := grants[:0]
	for _, g := range grants {
		if len(out) > 0 && compareGrants(out[len(out)-1], g) == 0 {
			last := &out[len(out)-1]
			for _, f := range g.Findings {
				if !slices.Contains(last.Findings, f) {
					last.Findings = append(last.Findings, f)
				}
			}
			continue
		}
		out = append(out, g)
	}
	return out
}

func compareGrants(a, b Grant) int {
	return cmp.Or(
		cmp.Compare(a.Action, b.Action),
		cmp.Compare(a.Resource.Pattern, b.Resource.Pattern),
		cmp.Compare(a.Resource.Name, b.Resource.Name),
		compareBool(a.Resource.Open, b.Resource.Open),
		slices.CompareFunc(a.Conditions, b.Conditions, func(x, y policy.Condition) int {
			return cmp.Or(cmp.Compare(x.Operator, y.Operator), cmp.Compare(x.Key, y.Key), slices.Compare(x.Values, y.Values))
		}),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
