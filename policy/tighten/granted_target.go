package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A target is one entry of a statement's Resource element, or its whole NotResource element.
type target struct {
	// text is the entry, or says what NotResource leaves.
	text string
	// pattern is what it can stand for at most; exact says that it has no variables.
	pattern glob.ARNPattern
	exact   bool
	// not are the entries of NotResource, nil for Resource.
	not []target
}

var everything = func() glob.ARNPattern {
	p, err := glob.CompileARN("*")
	if err != nil {
		panic("tighten: " + err.Error())
	}
	return p
}()

// compileTarget reads an entry of Resource, false if it can never match.
func compileTarget(text, version string) (target, bool) {
	t, err := condition.ParseTemplate(text, version == policy.Version2012)
	if err != nil {
		return target{}, false
	}
	p, err := glob.CompileARN(t.Widest())
	return target{text: text, pattern: p, exact: !t.HasVariables()}, err == nil
}

// targetsOf are the resources of a statement, without those that can never match. With an entry of
// NotResource that is malformed it is not known what is left, and nothing is.
func targetsOf(s policy.Statement, version string) []target {
	var out []target
	for _, text := range s.Resources {
		if t, ok := compileTarget(text, version); ok {
			out = append(out, t)
		}
	}
	if s.NotResources == nil {
		return out
	}
	all := target{text: "* except " + strings.Join(s.NotResources, ", "), pattern: everything, exact: true}
	for _, text := range s.NotResources {
		t, ok := compileTarget(text, version)
		if !ok {
			return nil
		}
		all.not = append(all.not, t)
	}
	return append(out, all)
}

// meets reports whether t may match a resource that p does. False is a proof.
func (t target) meets(p glob.ARNPattern) bool {
	return t.pattern.Intersects(p) && !slices.ContainsFunc(t.not, func(n target) bool { return n.exact && n.pattern.Covers(p) })
}

// holds reports whether t matches whatever p does. True is a proof.
func (t target) holds(p glob.ARNPattern) bool {
	return t.exact && t.pattern.Covers(p) && !slices.ContainsFunc(t.not, func(n target) bool { return n.pattern.Intersects(p) })
}

// within reports whether p matches whatever t does. True is a proof.
func (t target) within(p glob.ARNPattern) bool { return p.Covers(t.pattern) }

// matchesAll reports whether t matches "*", the resource of actions that take none.
func (t target) matchesAll() bool {
	return t.pattern.Match("*") && !slices.ContainsFunc(t.not, func(n target) bool { return n.pattern.Match("*") })
}
