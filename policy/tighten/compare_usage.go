package tighten

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// UsageOf returns a function that says of a change how a role used what it takes or gives. The usages
// are the role's, as for Unused, and of the role its ARN and LastUsed count. A change of which nothing was
// used is unobservable as soon as one of its actions is.
func UsageOf(role current.Role, usages []trail.Usage, opt UnusedOptions) func(report.Change) report.ChangeUsage {
	opt = opt.withDefaults()
	obs := observe(usages, opt.Mapper)
	s := newSilence(nameOf(role, usages), role, usages, obs, opt)
	all := uses(obs, opt)
	return func(c report.Change) report.ChangeUsage {
		on := targetsOfChange(c)
		var used []use
		out := report.ChangeUsage{Status: report.Unused}
		for _, id := range slices.Concat(c.Known, c.Unknown) {
			of := usesOn(all[id], on, c)
			if len(of) > 0 {
				out.Used = append(out.Used, report.ActionCount{Action: id, Count: evidenceOf(of).Count})
				used = append(used, of...)
			}
		}
		if len(used) > 0 {
			out.Status, out.Evidence = report.Used, evidenceOf(used)
			return out
		}
		var blind int
		for _, id := range slices.Concat(c.Known, c.Unknown) {
			if why := s.whyAny(id, on); why != "" {
				if blind++; blind == 1 {
					out.Why = fmt.Sprintf("%s: %s", id, why)
				}
			}
		}
		switch {
		case blind > 0:
			out.Status = report.Unobservable
			if blind > 1 {
				out.Why += fmt.Sprintf(" (and %d more)", blind-1)
			}
		case len(c.Known) == 0:
			out.Status, out.Why = report.Unobservable, "it is about actions that the reference does not know"
		}
		return out
	}
}

// targetsOfChange are the resources of a change. What is no ARN pattern may be any resource.
func targetsOfChange(c report.Change) []target {
	var out []target
	for _, text := range c.Resources {
		p, err := glob.CompileARN(text)
		if err != nil {
			p = everything
		}
		out = append(out, target{text: text, pattern: p, exact: err == nil})
	}
	return out
}

// usesOn are the uses on one of the targets, within all that limits them.
func usesOn(all []use, on []target, c report.Change) []use {
	var out []use
	for _, u := range all {
		meets := slices.ContainsFunc(on, func(t target) bool { return t.meets(u.pattern) })
		for _, text := range c.ResourcesWithin {
			if p, err := glob.CompileARN(text); err == nil && !p.Intersects(u.pattern) {
				meets = false
			}
		}
		for _, text := range c.ResourcesExcept {
			if p, err := glob.CompileARN(text); err == nil && p.Covers(u.pattern) {
				meets = false
			}
		}
		if meets {
			out = append(out, u)
		}
	}
	return out
}

// whyAny says why silence proves nothing of an action on one of the targets, "" if it does on all.
func (s *silence) whyAny(id string, on []target) string {
	a, _ := reference.LookupAction(id)
	for _, t := range on {
		if a != nil && !actsWithin(a, t, s.partition) {
			continue
		}
		g := &granted{id: id, action: a, on: &t}
		if why := firstOf(s.askedBy(g), s.why(g)); why != "" {
			return why
		}
		if hints := s.hints(g); len(hints) > 0 {
			return hints[0].why
		}
	}
	return ""
}
