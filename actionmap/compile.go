package actionmap

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
)

// override returns the plan of an event that overrides name. A mistake in its rules is one in the
// program, which the tests of this package find.
func (m *Mapper) override(s *service, event string) (*plan, bool) {
	declared := m.table.Services[s.Prefix]
	if declared == nil || declared.Events[event] == nil {
		return nil, false
	}
	key := planKey{s.Prefix, event}
	if p, ok := m.plans.Load(key); ok {
		return p.(*plan), true
	}
	compiled, err := m.compileEvent(s, event, declared.Events[event])
	if err != nil {
		panic(err)
	}
	p, _ := m.plans.LoadOrStore(key, compiled)
	return p.(*plan), true
}

// checkFill reports arguments that cannot fill any format of a type.
func checkFill(t *resourceType, f overrides.Fill) error {
	variables := 0
	for _, a := range f {
		if !placing[a.Form] {
			variables++
		}
	}
	fits := func(format format) bool { return len(f) == 1 || variables <= len(format.names) }
	if !slices.ContainsFunc(t.formats, fits) {
		return fmt.Errorf("%s has fewer variables than the %d arguments", t.name, len(f))
	}
	for _, a := range f {
		if _, ok := forms[a.Form]; !ok {
			return fmt.Errorf("unknown form %q", a.Form)
		}
	}
	return nil
}

func (m *Mapper) compileEvent(s *service, name string, e *overrides.Event) (*plan, error) {
	p := &plan{itemEvent: e.Itemised}
	if e.None != "" {
		p.otherwise = &Unmapped{NoPermissionNeeded, e.None}
	}
	if e.Unlisted != "" {
		p.otherwise = &Unmapped{NoListedAction, e.Unlisted}
	}
	for _, l := range e.Lines {
		compiled, err := m.compileLine(s, name, l)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", l.Pos, err)
		}
		p.lines = append(p.lines, compiled)
	}
	if wide := p.wide(); len(wide) > 1 {
		return nil, fmt.Errorf("%v: more than one path of names without number: %q", e.Pos, wide)
	}
	return p, nil
}

func (m *Mapper) compileLine(s *service, event string, l overrides.Line) (line, error) {
	id := l.Action
	if id == "same" {
		id = s.Prefix + ":" + event
	}
	action, ok := reference.LookupAction(id)
	switch {
	case !ok:
		return line{}, fmt.Errorf("the reference has no action %s", id)
	case action.ID() != id:
		return line{}, fmt.Errorf("%s is spelt %s", id, action.ID())
	}
	out := line{action: action, tells: l.Tells, gates: l.Gates, anyGate: l.AnyGate, rule: l.Pos.String()}
	of, _ := lookup(action.Service)
	if l.ConditionKey != "" {
		if _, ok := of.ConditionKey(l.ConditionKey); !ok {
			return line{}, fmt.Errorf("%s has no condition key %s", action.Service, l.ConditionKey)
		}
		out.conditions = []policy.Condition{{
			Operator: "StringEquals", Key: l.ConditionKey, Values: []string{l.ConditionValue},
		}}
	}
	if l.Tells.Key != "" {
		if _, ok := of.ConditionKey(l.Tells.Key); !ok {
			return line{}, fmt.Errorf("%s has no condition key %s", action.Service, l.Tells.Key)
		}
	}
	if l.Targets == nil {
		out.groups = m.groupsOf(of, action)
		return out, nil
	}
	if !action.TakesResource() {
		return line{}, fmt.Errorf("%s takes no resource", id)
	}
	var g group
	for _, t := range l.Targets {
		compiled, err := m.compileTarget(of, action, t)
		if err != nil {
			return line{}, err
		}
		g.targets = append(g.targets, compiled)
	}
	out.groups = []group{g}
	return out, nil
}

func (m *Mapper) compileTarget(s *service, a *reference.Action, t overrides.Target) (target, error) {
	if t.Everything != "" {
		return target{everything: t.Everything}, nil
	}
	typ, ok := s.typeNamed(t.Type)
	if !ok || typ.name != t.Type {
		return target{}, fmt.Errorf("%s has no resource type %q", s.Prefix, t.Type)
	}
	out := m.target(typ, a)
	if t.Fill != nil {
		if err := checkFill(typ, t.Fill); err != nil {
			return target{}, err
		}
		out.fills, out.generic = [][]arg{compileFill(t.Fill)}, false
	}
	if out.generic && typ.named() {
		return target{}, fmt.Errorf("type %q is not declared and has no arguments", t.Type)
	}
	return out, nil
}
