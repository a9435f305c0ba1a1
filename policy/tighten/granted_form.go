package tighten

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A form is one ARN format of the reference as a pattern.
type form struct {
	kind    string
	pattern glob.ARNPattern
}

var forms sync.Map // serviceKey to []form

type serviceKey struct{ prefix, partition string }

// formsOf are the ARN formats of a service, in a partition if it is not empty.
func formsOf(prefix, partition string) []form {
	key := serviceKey{prefix, partition}
	if known, ok := forms.Load(key); ok {
		return known.([]form)
	}
	var out []form
	if service, ok := reference.Lookup(prefix); ok {
		for _, t := range service.ResourceTypes() {
			for _, format := range t.ARNs {
				if partition != "" {
					format = strings.ReplaceAll(format, "${Partition}", partition)
				}
				if p, err := glob.CompileARN(variable.ReplaceAllString(format, "*")); err == nil {
					out = append(out, form{t.Name, p})
				}
			}
		}
	}
	forms.Store(key, out)
	return out
}

// formsFor are those that an action can act on, none if it takes no resource.
func formsFor(a *reference.Action, partition string) []form {
	var out []form
	for _, f := range formsOf(a.Service, partition) {
		if slices.ContainsFunc(a.Resources, func(r reference.ActionResource) bool { return strings.EqualFold(r.Type, f.kind) }) {
			out = append(out, f)
		}
	}
	return out
}

// actsWithin reports whether some of a target's resources are ones that the action can act on. A
// resource of a kind that the service writes more narrowly is of that kind alone: s3:ListBucket does
// not act on "bucket/*", which are objects.
func actsWithin(a *reference.Action, t target, partition string) bool {
	own := formsFor(a, partition)
	if len(own) == 0 {
		return t.matchesAll()
	}
	for _, f := range own {
		if t.pattern.Covers(f.pattern) && t.not == nil || t.meets(f.pattern) && !ofNarrower(t, f, own, formsOf(a.Service, partition)) {
			return true
		}
	}
	return false
}

// ofNarrower reports whether all of t is of a form that is a part of f and not among own.
func ofNarrower(t target, f form, own, all []form) bool {
	return slices.ContainsFunc(all, func(n form) bool {
		return t.within(n.pattern) && f.pattern.Covers(n.pattern) && !n.pattern.Covers(f.pattern) &&
			!slices.ContainsFunc(own, func(o form) bool { return o.kind == n.kind })
	})
}
