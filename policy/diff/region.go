package diff

import (
	"slices"

	"github.com/whittle-iam/whittle/policy/glob"
)

// Patterns with several "*" can have exponentially many atoms, "*/a/*" and "*/b/*" and so on. Most of
// them differ in nothing but which patterns of one statement match. Where there are too many, those
// that do the same on both sides are taken as one set of patterns, and only the regions count: whether
// some pattern of each set matches.

// A region is the texts that some pattern of each set in has matches, and none of the other sets.
type region struct {
	sample string
	has    []bool
}

const (
	// maxSets is how many sets are told apart, maxRuns how many searches that may take.
	maxSets = 5
	maxRuns = 3000
)

// regions returns the regions of the texts that base matches and without does not.
func (p *problem) regions(base glob.ARNPattern, without []glob.ARNPattern, sets [][]glob.ARNPattern) ([]region, bool) {
	if len(sets) > maxSets {
		return nil, false
	}
	s := regionSearch{p: p, base: base, sets: sets, runs: maxRuns}
	var out []region
	for mask := range 1 << len(sets) {
		s.has = make([]bool, len(sets))
		s.without = slices.Clone(without)
		var chosen [][]glob.ARNPattern
		for i, set := range sets {
			if s.has[i] = mask>>i&1 == 1; s.has[i] {
				chosen = append(chosen, set)
			} else {
				s.without = append(s.without, set...)
			}
		}
		sample, found, ok := s.find(chosen, nil)
		if !ok {
			return nil, false
		}
		if found {
			out = append(out, region{sample, s.has})
		}
	}
	return out, true
}

type regionSearch struct {
	p       *problem
	base    glob.ARNPattern
	without []glob.ARNPattern
	sets    [][]glob.ARNPattern
	has     []bool
	runs    int
}

// find takes one pattern of each chosen set.
func (s *regionSearch) find(chosen [][]glob.ARNPattern, picked []glob.ARNPattern) (sample string, found, ok bool) {
	if len(chosen) == 0 {
		return s.run(picked)
	}
	for _, p := range chosen[0] {
		sample, found, ok = s.find(chosen[1:], append(picked[:len(picked):len(picked)], p))
		if found || !ok {
			return sample, found, ok
		}
	}
	return "", false, true
}

func (s *regionSearch) run(picked []glob.ARNPattern) (sample string, found, ok bool) {
	if s.runs--; s.runs < 0 {
		return "", false, false
	}
	within, tracked := s.base, picked
	if len(picked) > 0 {
		within, tracked = picked[0], append([]glob.ARNPattern{s.base}, picked[1:]...)
	}
	var atoms []glob.Atom
	ok = s.p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.ARNAtoms(tracked, []glob.ARNPattern{within}, s.without, steps)
		return enough
	})
	if !ok {
		return "", false, false
	}
	wrong := false
	for _, a := range atoms {
		if slices.Contains(a.Matches, false) {
			continue
		}
		if s.isRight(a.Sample) {
			return a.Sample, true, true
		}
		wrong = true // a pattern runs on past its field, or should and does not
	}
	return "", false, !wrong
}

// isRight reports whether a text is in the region.
func (s *regionSearch) isRight(text string) bool {
	for i, set := range s.sets {
		if s.has[i] != slices.ContainsFunc(set, func(p glob.ARNPattern) bool { return p.Match(text) }) {
			return false
		}
	}
	return true
}
