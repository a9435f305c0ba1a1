package diff

import (
	"slices"

	"github.com/whittle-iam/whittle/policy/condition"
)

// A search looks for a context in which want holds and bar does not. It is a backtracking search over
// the settings of the keys, then over the truth of what the settings leave unknown.
type search struct {
	p         *problem
	want, bar *formula
	keys      []searchKey
	truth     map[int]truth
	chosen    []int // the setting of each key so far
	steps     int
	cost      int
	// guess lets the search assume the truth of what the settings leave unknown.
	guess bool
	// open says that something unknown would have had to be assumed.
	open    bool
	found   func(*search) (stop bool)
	stopped bool
}

type searchKey struct {
	name       string
	predicates []int
	settings   []setting
}

func (p *problem) newSearch(want, bar *formula) *search {
	s := &search{p: p, want: want, bar: bar, truth: map[int]truth{}, cost: 1 + (want.size()+bar.size())/64}
	byKey := map[string][]int{}
	var names []string
	for _, at := range predicatesOf(want, bar) {
		key := p.predicates[at].key
		if key == "" {
			continue
		}
		if byKey[key] == nil {
			names = append(names, key)
		}
		byKey[key] = append(byKey[key], at)
	}
	for _, name := range names {
		s.keys = append(s.keys, searchKey{name, byKey[name], p.settings(name, byKey[name])})
	}
	// Keys that many predicates ask for decide most.
	slices.SortStableFunc(s.keys, func(a, b searchKey) int { return len(b.predicates) - len(a.predicates) })
	return s
}

// run returns false if the steps did not suffice.
func (s *search) run(guess bool, steps int, found func(*search) bool) bool {
	s.guess, s.steps, s.found, s.stopped = guess, steps, found, false
	s.chosen = s.chosen[:0]
	clear(s.truth)
	s.step()
	return s.stopped || s.steps >= 0
}

func (s *search) of(predicate int) truth { return s.truth[predicate] }

func (s *search) step() {
	if s.steps -= s.cost; s.steps < 0 || s.stopped {
		return
	}
	switch and(s.want.eval(s.of), not(s.bar.eval(s.of))) {
	case no:
		return
	case yes:
		s.stopped = s.found(s)
		return
	}
	if at := len(s.chosen); at < len(s.keys) {
		key := &s.keys[at]
		for i := range key.settings {
			for j, predicate := range key.predicates {
				s.truth[predicate] = key.settings[i].truth[j]
			}
			s.chosen = append(s.chosen, i)
			s.step()
			s.chosen = s.chosen[:at]
		}
		for _, predicate := range key.predicates {
			delete(s.truth, predicate)
		}
		return
	}
	if !s.guess {
		s.open = true
		return
	}
	for _, predicate := range predicatesOf(s.want, s.bar) {
		if s.truth[predicate] != unknown {
			continue
		}
		for _, v := range []truth{yes, no} {
			s.truth[predicate] = v
			s.step()
		}
		delete(s.truth, predicate)
		return
	}
}

// context returns the context of the settings chosen.
func (s *search) context() condition.Context {
	ctx := condition.Context{}
	for i, at := range s.chosen {
		if v := s.keys[i].settings[at].value; v != nil {
			ctx[s.p.keys[s.keys[i].name].name] = *v
		}
	}
	return ctx
}
