package actionmap

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// A service is one of the reference with its ARN formats compiled.
type service struct {
	*reference.Service
	types []*resourceType
}

// A resourceType is a resource type with its formats compiled.
type resourceType struct {
	name    string
	formats []format
	service *service
}

// services holds what lookup has compiled, by prefix.
var services sync.Map

// lookup returns the service with a prefix.
func lookup(prefix string) (*service, bool) {
	if s, ok := services.Load(prefix); ok {
		return s.(*service), true
	}
	ref, ok := reference.Lookup(prefix)
	if !ok {
		return nil, false
	}
	s := &service{Service: ref}
	for _, t := range ref.ResourceTypes() {
		compiled := &resourceType{name: t.Name, service: s}
		for _, text := range t.ARNs {
			if f, ok := parseFormat(text); ok {
				compiled.formats = append(compiled.formats, f)
			}
		}
		s.types = append(s.types, compiled)
	}
	kept, _ := services.LoadOrStore(ref.Prefix, s)
	return kept.(*service), true
}

// typeNamed returns a resource type; case does not matter.
func (s *service) typeNamed(name string) (*resourceType, bool) {
	for _, t := range s.types {
		if strings.EqualFold(t.name, name) {
			return t, true
		}
	}
	return nil, false
}

// named reports whether t's resources have names: a collection such as API Gateway's /restapis is one
// resource only.
func (t *resourceType) named() bool {
	return slices.ContainsFunc(t.formats, func(f format) bool { return len(f.names) > 0 })
}

// has reports whether an ARN is one of type t and of no type of the service whose format says more:
// "table/x/index/y" is an index and no table.
func (t *resourceType) has(a arn) bool {
	own := t.weight(a)
	if own < 0 {
		return false
	}
	for _, other := range t.service.types {
		if other.weight(a) > own {
			return false
		}
	}
	return true
}

// weight returns the weight of t's heaviest format that a matches, -1 for none.
func (t *resourceType) weight(a arn) int {
	best := -1
	for _, f := range t.formats {
		if _, ok := f.match(a, len(f.names)); ok {
			best = max(best, f.weight())
		}
	}
	return best
}

// heaviest returns the format that says most of those that a matches, with the values of its
// variables. One must match.
func (t *resourceType) heaviest(a arn) (format, []string) {
	var best format
	var values []string
	weight := -1
	for _, f := range t.formats {
		if v, ok := f.match(a, len(f.names)); ok && f.weight() > weight {
			best, values, weight = f, v, f.weight()
		}
	}
	return best, values
}
