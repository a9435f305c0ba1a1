package actionmap

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
)

// A plan is everything that the mapping knows of one kind of event, independent of its parameters.
type plan struct {
	unmapped *Unmapped // if set, there are no lines
	lines    []line
}

// A line is one action that the event needs under some condition.
type line struct {
	action     *reference.Action
	groups     []group // none: the action takes no resource
	conditions []policy.Condition
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

// A target is a resource type with the ways in which the event may name it.
type target struct {
	service *reference.Service
	typ     *reference.ResourceType
	formats []format
	fills   [][]arg
	open    bool
	generic bool
}

// An arg is where the value of one variable comes from: the first of paths that the event has.
type arg struct {
	paths    []string
	form     form
	formName string
	wide     bool
	constant string
	made     bool
}

// plan returns the plan of an event whose service is known. name is the eventName.
func (m *Mapper) plan(prefix, name string) *plan {
	if p, ok := m.plans[planKey{prefix, name}]; ok {
		return p
	}
	service, ok := reference.Lookup(prefix)
	if !ok {
		return &plan{unmapped: &Unmapped{UnknownService, fmt.Sprintf("no service has the prefix %q", prefix)}}
	}
	action, ok := service.Action(name)
	if !ok {
		bare := suffix.ReplaceAllString(name, "")
		if p, ok := m.plans[planKey{prefix, bare}]; ok {
			return p
		}
		if action, ok = service.Action(bare); !ok {
			return &plan{unmapped: &Unmapped{UnknownAction, fmt.Sprintf("no rule for %q and no action of %s with this name", name, prefix)}}
		}
	}
	return &plan{lines: []line{m.sameName(service, action)}}
}

// sameName is the rule for events that no override names.
func (m *Mapper) sameName(s *reference.Service, a *reference.Action) line {
	return line{action: a, groups: m.groupsOf(s, a), rule: "reference"}
}

// groupsOf returns a group for each resource type that the reference gives the action.
func (m *Mapper) groupsOf(s *reference.Service, a *reference.Action) []group {
	var groups []group
	for _, r := range a.Resources {
		if t, ok := s.ResourceType(r.Type); ok {
			groups = append(groups, group{[]target{m.target(s, t, a)}, !r.Required})
		}
	}
	return groups
}

// target returns how events of the service name a resource type: as declared, or by the names of the
// format's variables.
func (m *Mapper) target(s *reference.Service, t *reference.ResourceType, a *reference.Action) target {
	out := target{service: s, typ: t, formats: formatsOf(t)}
	if declared := m.declared(s.Prefix, t.Name); declared != nil {
		out.open = declared.Open
		for _, f := range declared.Fills {
			out.fills = append(out.fills, compileFill(f))
		}
	}
	if out.fills == nil {
		out.generic = true
		out.fills = genericFills(t, out.formats, a)
	}
	return out
}

func (m *Mapper) declared(prefix, typ string) *overrides.Type {
	if s := m.table.Services[prefix]; s != nil {
		return s.Types[typ]
	}
	return nil
}

func compileFill(f overrides.Fill) []arg {
	args := make([]arg, len(f))
	for i, a := range f {
		args[i] = arg{form: forms[a.Form], formName: a.Form, wide: a.Wide, constant: a.Constant, made: a.Made}
		if a.Path != "" {
			args[i].paths = []string{a.Path}
		}
	}
	return args
}

// compileEvent turns an event block into a plan, checked against the reference.
func (m *Mapper) compileEvent(prefix, name string, e *overrides.Event) (*plan, error) {
	if e.None != "" {
		return &plan{unmapped: &Unmapped{NoPermissionNeeded, e.None}}, nil
	}
	p := &plan{}
	for _, l := range e.Lines {
		id := l.Action
		if id == "same" {
			id = prefix + ":" + name
		}
		action, ok := reference.LookupAction(id)
		if !ok {
			return nil, fmt.Errorf("%v: the reference has no action %s", l.Pos, id)
		}
		if action.ID() != id {
			return nil, fmt.Errorf("%v: %s is spelt %s", l.Pos, id, action.ID())
		}
		compiled := line{action: action, gates: l.Gates, anyGate: l.AnyGate, rule: l.Pos.String()}
		if l.ConditionKey != "" {
			compiled.conditions = []policy.Condition{{Operator: "StringEquals", Key: l.ConditionKey, Values: []string{l.ConditionValue}}}
		}
		var err error
		if compiled.groups, err = m.compileTargets(action, l); err != nil {
			return nil, fmt.Errorf("%v: %w", l.Pos, err)
		}
		p.lines = append(p.lines, compiled)
	}
	return p, nil
}

func (m *Mapper) compileTargets(a *reference.Action, l overrides.Line) ([]group, error) {
	service, _ := reference.Lookup(a.Service)
	if l.Targets == nil {
		return m.groupsOf(service, a), nil
	}
	if !a.TakesResource() {
		return nil, fmt.Errorf("%s takes no resource", a.ID())
	}
	var g group
	for _, lt := range l.Targets {
		t, ok := service.ResourceType(lt.Type)
		if !ok {
			return nil, fmt.Errorf("%s has no resource type %q", a.Service, lt.Type)
		}
		compiled := m.target(service, t, a)
		if lt.Fill != nil {
			if err := checkFill(t, lt.Fill); err != nil {
				return nil, err
			}
			compiled.fills, compiled.generic = [][]arg{compileFill(lt.Fill)}, false
		}
		g.targets = append(g.targets, compiled)
	}
	return []group{g}, nil
}

// checkFill reports arguments that cannot fill the formats of a type.
func checkFill(t *reference.ResourceType, f overrides.Fill) error {
	if !slices.ContainsFunc(formatsOf(t), func(f2 format) bool { return len(f) <= max(1, len(f2.names)) }) {
		return fmt.Errorf("%s has fewer variables than %d", t.Name, len(f))
	}
	for _, a := range f {
		if _, ok := forms[a.Form]; !ok {
			return fmt.Errorf("unknown form %q", a.Form)
		}
	}
	return nil
}
