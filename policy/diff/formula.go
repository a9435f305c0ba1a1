package diff

import (
	"encoding/binary"
	"slices"
)

// A literal is a predicate, or its negation.
type literal int32

func positive(predicate int) literal { return literal(predicate << 1) }
func negative(predicate int) literal { return literal(predicate<<1 | 1) }

func (l literal) predicate() int  { return int(l >> 1) }
func (l literal) isNegated() bool { return l&1 == 1 }

// A term holds if all its literals do. It is sorted.
type term []literal

// A formula is when a side allows an action on a resource: when a term of allow and one of bound
// hold, and none of deny. Each list is sorted and has no term that another one makes superfluous.
type formula struct {
	allow, bound, deny []term
	bounded            bool // that the side has a boundary; without, bound is one empty term
	never              bool // no request is allowed, whatever its context; all lists are nil
	key                string
}

func newFormula(allow, bound, deny []term, bounded bool) formula {
	if !bounded {
		bound = []term{{}}
	}
	f := formula{allow: canonical(allow), bound: canonical(bound), deny: canonical(deny), bounded: bounded}
	if len(f.allow) == 0 || len(f.bound) == 0 || len(f.deny) > 0 && len(f.deny[0]) == 0 {
		return formula{never: true}
	}
	var key []byte
	for _, terms := range [][]term{f.allow, f.bound, f.deny} {
		for _, t := range terms {
			for _, l := range t {
				key = binary.AppendVarint(key, int64(l)+1)
			}
			key = append(key, 0)
		}
		key = append(key, 0)
	}
	f.key = string(key)
	if !bounded {
		f.key += "-"
	}
	return f
}

// maxAbsorbed is how many terms are compared with each other.
const maxAbsorbed = 300

// canonical sorts terms, and leaves out what is never true and what another term implies.
func canonical(terms []term) []term {
	var out []term
	for _, t := range terms {
		t = slices.Clone(t)
		slices.Sort(t)
		t = slices.Compact(t)
		if !isContradiction(t) {
			out = append(out, t)
		}
		if len(t) == 0 {
			return []term{{}}
		}
	}
	slices.SortFunc(out, func(a, b term) int {
		if d := len(a) - len(b); d != 0 {
			return d
		}
		return slices.Compare(a, b)
	})
	out = slices.CompactFunc(out, func(a, b term) bool { return slices.Equal(a, b) })
	if len(out) > maxAbsorbed {
		return out
	}
	kept := out[:0]
	for _, t := range out {
		if !slices.ContainsFunc(kept, func(k term) bool { return contains(t, k) }) {
			kept = append(kept, t)
		}
	}
	return kept
}

// isContradiction reports whether the sorted term has a predicate and its negation.
func isContradiction(t term) bool {
	for i := 1; i < len(t); i++ {
		if t[i].predicate() == t[i-1].predicate() {
			return true
		}
	}
	return false
}

// contains reports whether t has all literals of part. Both are sorted.
func contains(t, part term) bool {
	for _, l := range part {
		if _, ok := slices.BinarySearch(t, l); !ok {
			return false
		}
	}
	return true
}

// eval returns the formula's truth where that of each predicate may be unknown.
func (f *formula) eval(of func(predicate int) truth) truth {
	if f.never {
		return no
	}
	return and(some(f.allow, of), and(some(f.bound, of), not(some(f.deny, of))))
}

func some(terms []term, of func(int) truth) truth {
	result := no
	for _, t := range terms {
		switch all(t, of) {
		case yes:
			return yes
		case unknown:
			result = unknown
		}
	}
	return result
}

func all(t term, of func(int) truth) truth {
	result := yes
	for _, l := range t {
		v := of(l.predicate())
		if l.isNegated() {
			v = not(v)
		}
		switch v {
		case no:
			return no
		case unknown:
			result = unknown
		}
	}
	return result
}

func and(a, b truth) truth {
	switch {
	case a == no || b == no:
		return no
	case a == yes && b == yes:
		return yes
	}
	return unknown
}

func not(a truth) truth {
	switch a {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

// predicatesOf returns the predicates of the formulas, sorted.
func predicatesOf(formulas ...*formula) []int {
	seen := map[int]bool{}
	for _, f := range formulas {
		for _, terms := range [][]term{f.allow, f.bound, f.deny} {
			for _, t := range terms {
				for _, l := range t {
					seen[l.predicate()] = true
				}
			}
		}
	}
	out := make([]int, 0, len(seen))
	for at := range seen {
		out = append(out, at)
	}
	slices.Sort(out)
	return out
}

// size is how many literals the formula has, and at least 1.
func (f *formula) size() int {
	n := 1
	for _, terms := range [][]term{f.allow, f.bound, f.deny} {
		for _, t := range terms {
			n += 1 + len(t)
		}
	}
	return n
}
