package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A place is the resource that a question is about. The formulas of a place hold for every resource
// that the same entries match, but for what predicates on resources say.
type place struct {
	space *space
	spot  *spot
}

// A proof is a context, and where predicates on resources matter the resource, in which one formula
// holds and another one does not.
type proof struct {
	context  condition.Context
	resource string // empty: any resource of the place
}

// An answer says how two formulas differ.
type answer struct {
	kind         Kind // empty: not at all
	reason       string
	old, new     *formula
	gained, lost *proof
	// id is the same for answers that rows need not tell apart.
	id string
}

// answer compares when the two sides allow something.
func (p *problem) answer(old, new formula, at place) *answer {
	if old.key == new.key && old.never == new.never {
		return &answer{}
	}
	id := fmt.Sprintf("%q %q", old.key, new.key)
	if p.asksResource(&old, &new) {
		id += fmt.Sprint(at.space.universe.index, at.space.entries, at.spot.sample)
	}
	a, known := p.answers[id]
	if !known {
		a = p.makeAnswer(old, new, at)
		p.answers[id] = a
	}
	return a
}

func (p *problem) asksResource(formulas ...*formula) bool {
	return slices.ContainsFunc(predicatesOf(formulas...), func(i int) bool { return p.predicates[i].key == "" })
}

func (p *problem) makeAnswer(old, new formula, at place) *answer {
	never := formula{never: true}
	var whyOld, whyNew string
	// What cannot be true is never; what may be, and it is not known whether, counts as true.
	for _, f := range []struct {
		formula *formula
		why     *string
	}{{&old, &whyOld}, {&new, &whyNew}} {
		if f.formula.never {
			continue
		}
		found, why := p.prove(f.formula, &never, at)
		if found == nil && why == "" {
			*f.formula = never
		}
		*f.why = why
	}
	a := &answer{old: &old, new: &new}
	if old.key == new.key && old.never == new.never {
		return a
	}
	var whyGained, whyLost string
	a.gained, whyGained = p.prove(&new, &old, at)
	a.lost, whyLost = p.prove(&old, &new, at)
	switch {
	case whyGained != "":
		a.kind, a.reason = Undecided, whyGained
	case a.gained == nil && a.lost == nil && whyLost == "":
		return &answer{}
	case a.gained == nil && a.lost == nil:
		a.kind, a.reason = Undecided, whyLost
	case old.never:
		a.kind = Granted
	case new.never:
		a.kind = Removed
	default:
		a.kind = Changed
	}
	if a.kind == Undecided {
		a.gained, a.lost = nil, nil
	}
	a.id = fmt.Sprintf("%s %q %q %t %t %t %t %s", a.kind, old.key, new.key, old.never, new.never, a.gained != nil, a.lost != nil, a.reason)
	return a
}

// maxAttempts is how many solutions of formulas with unknown predicates are tried on real requests.
const maxAttempts = 24

// prove looks for a request in which want holds and bar does not. If there is no proof, why says why
// there might be one nevertheless; it is empty if there is none for certain.
func (p *problem) prove(want, bar *formula, at place) (found *proof, why string) {
	if want.never {
		return nil, ""
	}
	s := p.newSearch(want, bar)
	done := p.meter.ask(func(steps int) bool {
		return s.run(false, steps, func(s *search) bool {
			found = &proof{context: s.context()}
			return true
		})
	})
	if found != nil {
		return found, ""
	}
	if done && !s.open {
		return nil, ""
	}
	attempts := 0
	done = p.meter.ask(func(steps int) bool {
		attempts = 0
		return s.run(true, steps, func(s *search) bool {
			attempts++
			found = p.realize(s, at)
			return found != nil || attempts == maxAttempts
		})
	})
	switch {
	case found != nil:
		return found, ""
	case attempts > 0:
		return nil, p.why(want, bar)
	case !done:
		return nil, "there are more combinations of conditions than can be looked at"
	}
	return nil, ""
}

// why names the conditions that cannot be decided exactly.
func (p *problem) why(want, bar *formula) string {
	var names []string
	for _, i := range predicatesOf(want, bar) {
		q := &p.predicates[i]
		what := ""
		switch {
		case q.key == "":
			what = "has a policy variable"
		case len(q.variables) > 0:
			what = "has a policy variable"
		case q.matcher.Operator().Qualifier != condition.Single:
			what = "has a set qualifier"
		default:
			continue
		}
		names = append(names, q.describe()+" "+what)
	}
	if len(names) == 0 {
		for _, i := range predicatesOf(want, bar) {
			names = append(names, p.predicates[i].describe())
		}
	}
	const few = 3
	if n := len(names); n > few {
		names = append(names[:few], fmt.Sprintf("%d more", n-few))
	}
	return "it depends on what cannot be decided exactly: " + strings.Join(names, "; ")
}

func (q *predicate) describe() string {
	values := strings.Join(q.shown.Values, ", ")
	const long = 80
	if len(values) > long {
		values = strings.ToValidUTF8(values[:long], "") + "…"
	}
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %q", q.shown.Operator, q.shown.Key, values)), " ")
}

// access shows a formula.
func (p *problem) access(f *formula) *Access {
	if f.never {
		return nil
	}
	a := &Access{When: p.show(f.allow), Unless: p.show(f.deny)}
	if f.bounded {
		a.Boundary = p.show(f.bound)
	}
	return a
}

func (p *problem) show(terms []term) [][]policy.Condition {
	var out [][]policy.Condition
	for _, t := range terms {
		conditions := []policy.Condition{}
		for _, l := range t {
			c := p.predicates[l.predicate()].shown
			if l.isNegated() {
				c.Operator = "Not" + c.Operator // a resource's, no other is negated
			}
			conditions = append(conditions, c)
		}
		slices.SortFunc(conditions, compareConditions)
		out = append(out, conditions)
	}
	slices.SortFunc(out, func(a, b []policy.Condition) int { return slices.CompareFunc(a, b, compareConditions) })
	return out
}

func compareConditions(a, b policy.Condition) int {
	if d := strings.Compare(a.Operator, b.Operator); d != 0 {
		return d
	}
	if d := strings.Compare(a.Key, b.Key); d != 0 {
		return d
	}
	return slices.Compare(a.Values, b.Values)
}
