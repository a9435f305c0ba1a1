package actionmap

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
)

// A plan is everything that the mapping knows of one kind of event, independent of its parameters.
type plan struct {
	lines []line
	// otherwise is what holds where no line does; nil means that all lines may.
	otherwise *Unmapped
	// itemEvent is the event that stands for each item of this one, mostly empty.
	itemEvent string
	// variants are plans of other services to which some events of this kind belong.
	variants []variant
}

// A variant is a plan for the events of which one of gates holds.
type variant struct {
	gates []overrides.Gate
	plan  *plan
}

// A line is one action that the event needs under some condition.
type line struct {
	action     *reference.Action
	groups     []group // none: the action takes no resource
	conditions []policy.Condition
	tells      overrides.Tells
	gates      []overrides.Gate
	anyGate    bool
	rule       string
}

// A group stands for one resource, of the first of its targets that the event names. An optional
// group may be left out.
type group struct {
	targets  []target
	optional bool
}

// A target is a resource type with the ways in which the event may name it, or everything, with the
// reason.
type target struct {
	typ        *resourceType
	fills      [][]arg
	open       bool
	generic    bool
	everything string
}

// An arg is where the value of one variable comes from: the first of paths that the event has.
type arg struct {
	paths    []string
	form     form
	formName string
	wide     bool
	except   string
	constant string
	made     bool
	why      string // beside made or an unseen one: what reviewers are told
}

// suffix is the API version that Lambda and CloudFront append to their event names, as in
// GetFunction20150331v2 and CreateDistribution2020_05_31. It is part of no action's name.
var suffix = regexp.MustCompile(`(\d{8}(v\d+)?|\d{4}_\d{2}_\d{2})$`)

// planOf returns what is known of an event, never nil.
func (m *Mapper) planOf(eventSource, eventName string) *plan {
	p := m.mainPlan(eventSource, eventName)
	for _, v := range m.table.Variants[eventSource] {
		s, _ := lookup(v.Prefix)
		if of := m.planIn(s, eventName); of != nil {
			with := *p
			with.variants = append(slices.Clone(p.variants), variant{v.Gates, of})
			p = &with
		}
	}
	return p
}

// mainPlan is planOf for the events that no variant claims.
func (m *Mapper) mainPlan(eventSource, eventName string) *plan {
	if why, ok := m.table.Retired[eventSource]; ok {
		return &plan{otherwise: &Unmapped{NoListedAction, why}}
	}
	prefix, ok := m.table.Prefixes[eventSource]
	if !ok {
		prefix, ok = strings.CutSuffix(eventSource, ".amazonaws.com")
	}
	s, known := lookup(prefix)
	if !ok || !known {
		return &plan{otherwise: &Unmapped{UnknownService, fmt.Sprintf("no service prefix is known for %q", eventSource)}}
	}
	if p := m.planIn(s, eventName); p != nil {
		return p
	}
	return &plan{otherwise: &Unmapped{UnknownAction, fmt.Sprintf("no rule and no action of %s is named %q", s.Prefix, eventName)}}
}

// planIn returns what a service has of an event's name, nil for nothing.
func (m *Mapper) planIn(s *service, eventName string) *plan {
	for _, name := range []string{eventName, suffix.ReplaceAllString(eventName, "")} {
		if p, ok := m.override(s, name); ok {
			return p
		}
		if a, ok := s.Action(name); ok {
			return m.sameName(s, a)
		}
	}
	return nil
}

// sameName is the rule for events that no override names.
func (m *Mapper) sameName(s *service, a *reference.Action) *plan {
	if p, ok := m.same.Load(a); ok {
		return p.(*plan)
	}
	p, _ := m.same.LoadOrStore(a, &plan{lines: []line{{action: a, groups: m.groupsOf(s, a), rule: "reference"}}})
	return p.(*plan)
}

// groupsOf returns a group for each resource type that the reference gives the action.
func (m *Mapper) groupsOf(s *service, a *reference.Action) []group {
	var groups []group
	for _, r := range a.Resources {
		if t, ok := s.typeNamed(r.Type); ok {
			groups = append(groups, group{[]target{m.target(t, a)}, !r.Required})
		}
	}
	return groups
}

// target returns how events of the service name a resource type: as declared, or by the names of the
// format's variables.
func (m *Mapper) target(t *resourceType, a *reference.Action) target {
	out := target{typ: t}
	if s := m.table.Services[t.service.Prefix]; s != nil && s.Types[t.name] != nil {
		declared := s.Types[t.name]
		out.open = declared.Open
		for _, f := range declared.Fills {
			out.fills = append(out.fills, compileFill(f))
		}
	}
	out.generic = out.fills == nil
	switch {
	case t.service.Prefix == "ec2":
		out.fills = append(out.fills, ec2Fills(t, a)...)
	case out.generic:
		out.fills = genericFills(t, a)
	}
	return out
}

func compileFill(f overrides.Fill) []arg {
	args := make([]arg, len(f))
	for i, a := range f {
		form := a.Form
		if form == "" && a.Wide && i > 0 {
			// Keys, streams and the like are what callers make of them: one that begins with "arn:"
			// is still a name in the bucket or the group.
			form = "text"
		}
		args[i] = arg{form: forms[form], formName: form, wide: a.Wide, except: a.Except, constant: a.Constant, made: a.Made, why: a.Why}
		if a.Path != "" {
			args[i].paths = []string{a.Path}
		}
	}
	return args
}
