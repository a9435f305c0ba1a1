package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/condition"
)

// A realizer tries real requests where predicates are opaque: it gives their keys likely values and
// asks for the formulas' truth, which needs no assumption then.
type realizer struct {
	p         *problem
	want, bar *formula
	at        place
	tests     []int
	resources []int // those of tests that are about the resource
	keys      []string
	context   condition.Context
	// fixed are the values of the keys that the search chose, assumed is the truth that it gave the
	// predicates.
	fixed   condition.Context
	assumed map[int]truth
	tries   int
}

// maxTries bounds the requests that are tried for one solution of the search.
const maxTries = 1500

// stepsPerTry is what a try costs in the steps of the meter.
const stepsPerTry = 20

// realize returns a request for a solution of a search, nil if it finds none.
func (p *problem) realize(s *search, at place) *proof {
	r := &realizer{p: p, want: s.want, bar: s.bar, at: at, tests: predicatesOf(s.want, s.bar), context: s.context(), tries: maxTries}
	r.fixed, r.assumed = s.context(), maps.Clone(s.truth)
	var tested []string
	for _, i := range r.tests {
		q := &p.predicates[i]
		if q.key == "" {
			r.resources = append(r.resources, i)
		}
		for _, key := range q.variables {
			if !slices.Contains(r.keys, key) {
				r.keys = append(r.keys, key)
			}
		}
		if q.key != "" && !slices.Contains(tested, q.key) {
			tested = append(tested, q.key)
		}
	}
	// Variables first: what is likely for the keys that are compared with them depends on them. The
	// keys that are settled already are left as they are.
	for _, key := range tested {
		if !slices.Contains(r.keys, key) && r.isOpaque(s, key) {
			r.keys = append(r.keys, key)
		}
	}
	return r.try(0)
}

// isOpaque reports whether a predicate on the key was assumed.
func (r *realizer) isOpaque(s *search, key string) bool {
	for i := range s.keys {
		k := &s.keys[i]
		if k.name != key {
			continue
		}
		if i >= len(s.chosen) {
			return false
		}
		return slices.Contains(k.settings[s.chosen[i]].truth, unknown)
	}
	return false
}

// try gives values to the keys from the one at an index on.
func (r *realizer) try(at int) *proof {
	if at == len(r.keys) {
		return r.check()
	}
	name := r.p.keys[r.keys[at]].name
	for _, v := range r.values(r.keys[at]) {
		if r.tries--; r.tries < 0 || !r.p.meter.spend(stepsPerTry) {
			r.tries = 0
			return nil
		}
		delete(r.context, name)
		if v != nil {
			r.context[name] = *v
		}
		if !r.fits(at) {
			continue
		}
		if found := r.try(at + 1); found != nil {
			return found
		}
	}
	return nil
}

// fits reports whether the value of the key at an index makes predicates as true as they were
// assumed to be. It looks at those for which all keys have their values now.
func (r *realizer) fits(at int) bool {
	for _, i := range r.tests {
		q := &r.p.predicates[i]
		want := r.assumed[i]
		if want == unknown || !r.isSettledBy(q, at) {
			continue
		}
		if q.key == "" {
			if _, ok := q.resource.Pattern(r.context); !ok && want == yes {
				return false
			}
		} else if truthOf(q.holds(r.context, "")) != want {
			return false
		}
	}
	return true
}

// isSettledBy reports whether the key at an index is the last one that the predicate depends on.
func (r *realizer) isSettledBy(q *predicate, at int) bool {
	last := slices.Index(r.keys, q.key)
	for _, key := range q.variables {
		last = max(last, slices.Index(r.keys, key))
	}
	return last == at
}

// check asks for the truth of the formulas for each likely resource.
func (r *realizer) check() *proof {
	for _, resource := range r.likelyResources() {
		of := func(i int) truth { return truthOf(r.p.predicates[i].holds(r.context, resource)) }
		if r.want.eval(of) == yes && r.bar.eval(of) == no {
			ctx := condition.Context{}
			for k, v := range r.context {
				ctx[k] = v
			}
			found := &proof{context: ctx}
			if len(r.resources) > 0 {
				found.resource = resource
			}
			return found
		}
	}
	return nil
}

// likelyResources are resources of the place: its sample, and what the variables' values make of the
// resources that have them.
func (r *realizer) likelyResources() []string {
	out := []string{r.at.spot.sample}
	for _, i := range r.resources {
		text, ok := r.p.predicates[i].resource.Pattern(r.context)
		if !ok {
			continue
		}
		for _, resource := range instances(text) {
			if !slices.Contains(out, resource) && r.isHere(resource) {
				out = append(out, resource)
			}
		}
	}
	return out
}

// isHere reports whether the same entries match a resource as match the place's.
func (r *realizer) isHere(resource string) bool {
	if !r.at.space.universe.has(resource) {
		return false
	}
	for i, at := range r.at.space.entries {
		if r.p.entries[at].pattern.Match(resource) != r.at.spot.matches[i] {
			return false
		}
	}
	return true
}

// values are likely values of a key: what the search chose, none, what the predicates compare with,
// what the resource has in a variable's place, and something else.
func (r *realizer) values(key string) []*condition.Value {
	info := r.p.keys[key]
	var texts []string
	add := func(list ...string) {
		for _, t := range list {
			if !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
		}
	}
	if v, ok := r.fixed[info.name]; ok {
		add(v.Values...)
	}
	add("example")
	isVariable := false
	for _, i := range r.tests {
		q := &r.p.predicates[i]
		isVariable = isVariable || slices.Contains(q.variables, key)
		if q.key != key {
			continue
		}
		for _, operand := range q.operands {
			if text, ok := operand.Text(r.context); ok {
				add(text, strings.NewReplacer("*", "", "?", "x").Replace(text), strings.NewReplacer("*", "x", "?", "x").Replace(text))
			}
		}
		add(condition.Samples([]condition.Matcher{q.matcher})...)
	}
	if isVariable {
		for _, i := range r.resources {
			add(r.places(&r.p.predicates[i])...)
		}
	}
	return valuesOf(info, texts)
}

// valuesOf returns the ways in which a request can carry texts for a key.
func valuesOf(info *keyInfo, texts []string) []*condition.Value {
	const few = 8
	values := []*condition.Value{nil}
	add := func(v condition.Value) { values = append(values, &v) }
	if info.single {
		for _, t := range texts {
			add(condition.One(t))
		}
	}
	if info.multi {
		for _, t := range texts {
			add(condition.Many(t))
		}
		for i, t := range texts[:min(len(texts), few)] {
			for _, u := range texts[:i] {
				add(condition.Many(u, t))
			}
		}
	}
	return values
}

// places are what the place's sample has where the resource of a predicate has its first variable.
func (r *realizer) places(q *predicate) []string {
	rest, ok := strings.CutPrefix(r.at.spot.sample, q.resource.Prefix())
	if !ok {
		fields := strings.SplitN(r.at.spot.sample, ":", 6)
		rest = fields[len(fields)-1]
	}
	out := []string{rest}
	for i, c := range rest {
		if c == ':' || c == '/' {
			out = append(out, rest[:i])
		}
	}
	return append(out, strings.FieldsFunc(rest, func(c rune) bool { return c == ':' || c == '/' })...)
}
