package eval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// errVariablePlace says that a variable stands where IAM does not substitute one.
var errVariablePlace = errors.New("a variable stands before the fifth colon")

// A target is a request in the form that statements are matched with.
type target struct {
	action   string // in lower case
	resource string
	open     bool
	some     bool
	pattern  glob.ARNPattern // of resource, if open
	context  condition.Context
}

func newTarget(r Request) (target, error) {
	t := target{action: lowerASCII(r.Action), resource: r.Resource, open: r.Open, some: r.Open && r.Some, context: r.Context}
	if r.Open {
		var err error
		if t.pattern, err = glob.CompileARN(r.Resource); err != nil {
			return target{}, fmt.Errorf("request: %w", err)
		}
	}
	return t, nil
}

// coveredBy reports whether p takes in all resources of the request.
func (t target) coveredBy(p glob.ARNPattern) bool {
	if t.open {
		return p.Covers(t.pattern)
	}
	return p.Match(t.resource)
}

// touchedBy reports whether p takes in any resource of the request.
func (t target) touchedBy(p glob.ARNPattern) bool {
	if t.open {
		return p.Intersects(t.pattern)
	}
	return p.Match(t.resource)
}

// A resource is one compiled entry of Resource or NotResource.
type resource struct {
	// pattern is what the entry matches at most; with neither variables nor err it is exact.
	pattern   glob.ARNPattern
	variables bool
	template  condition.Template
	err       error
	unknown   bool // nothing is known of what the entry matches
}

func compileResource(text string, variables bool) resource {
	var r resource
	r.template, r.err = condition.ParseTemplate(text, variables)
	if r.err == nil {
		r.pattern, r.err = glob.CompileARN(r.template.Widest())
	}
	if r.err != nil {
		r.unknown = true
		return r
	}
	r.variables = r.template.HasVariables()
	if r.variables && strings.Count(r.template.Prefix(), ":") < 5 {
		r.err = fmt.Errorf("resource %q: %w", text, errVariablePlace)
	}
	return r
}

// match reports whether the entry matches the request's resource: all that it can mean, with whole,
// or any of it. A variable without a value makes the entry match nothing.
func (r *resource) match(t target, whole bool) (bool, error) {
	if r.unknown {
		return false, r.err
	}
	if (r.variables || r.err != nil) && !t.touchedBy(r.pattern) {
		return false, nil
	}
	if r.err != nil {
		return false, r.err
	}
	pattern := r.pattern
	if r.variables {
		text, ok := r.template.Pattern(t.context)
		if !ok {
			return false, nil
		}
		var err error
		if pattern, err = glob.CompileARN(text); err != nil {
			return false, err
		}
	}
	if whole {
		return t.coveredBy(pattern), nil
	}
	return t.touchedBy(pattern), nil
}
