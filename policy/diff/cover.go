package diff

import (
	"cmp"
	"slices"
)

// A candidate is a pattern that a description may use, or some that are used together, and the atoms
// that it matches.
type candidate struct {
	texts []string
	atoms bitset
	size  int // of atoms
}

func newCandidate(atoms bitset, texts ...string) candidate {
	return candidate{texts, atoms, atoms.count()}
}

// A description is a set of atoms: those that match one of include, all of within and none of except.
type description struct {
	include, within, except []string
	atoms                   bitset
	// inexact says that candidates of several patterns would have to be intersected, which within
	// cannot say.
	inexact bool
}

// describe returns descriptions that together match all of must, and of the n atoms no others but
// those of may. Candidates are given the best first. Unless two atoms match the same candidates, that
// is always possible; it is one description, without within, nearly always.
func describe(n int, must, may bitset, candidates []candidate) []description {
	c := &coverer{n: n, must: must, exclude: newBitset(n), candidates: slices.Clone(candidates)}
	for i := range n {
		if !must.has(i) && !may.has(i) {
			c.exclude.add(i)
		}
	}
	// What matches much comes first, so that one pass makes a good cover.
	slices.SortStableFunc(c.candidates, func(a, b candidate) int { return b.size - a.size })
	best := c.plain()
	if d := c.single(); d != nil && (best == nil || d.length() < best.length()) {
		best = d
	}
	if best == nil {
		best = c.greedy()
	}
	if best == nil {
		return c.apart()
	}
	return []description{*best}
}

func (d *description) length() int { return len(d.include) + len(d.except) }

type coverer struct {
	n             int
	must, exclude bitset
	candidates    []candidate
}

// cover picks candidates that match all of target and are fit, nil if there are none.
func (c *coverer) cover(target bitset, fit func(candidate) bool) []candidate {
	left := target.clone()
	var picked []candidate
	for _, k := range c.candidates {
		if k.atoms.meets(left) && fit(k) {
			picked = append(picked, k)
			left.subtract(k.atoms)
		}
	}
	if !left.isEmpty() {
		return nil
	}
	return prune(target, picked)
}

// prune leaves out what the others match, the smallest first.
func prune(target bitset, picked []candidate) []candidate {
	const few = 300
	if len(picked) > few {
		return picked
	}
	for i := len(picked) - 1; i >= 0; i-- {
		left := target.clone()
		for j, k := range picked {
			if j != i {
				left.subtract(k.atoms)
			}
		}
		if left.isEmpty() {
			picked = slices.Delete(picked, i, i+1)
		}
	}
	return picked
}

// plain describes without exceptions.
func (c *coverer) plain() *description {
	picked := c.cover(c.must, func(k candidate) bool { return !k.atoms.meets(c.exclude) })
	if picked == nil {
		return nil
	}
	return newDescription(picked, nil)
}

// single describes by one pattern and exceptions. The narrowest patterns are the likeliest.
func (c *coverer) single() *description {
	var best *description
	tries := max(4, 20_000/(1+len(c.candidates)))
	for _, k := range slices.Backward(c.candidates) {
		if tries == 0 || !c.must.isIn(k.atoms) {
			continue
		}
		tries--
		excess := k.atoms.clone().intersect(c.exclude)
		excepts := c.cover(excess, c.isException)
		if excepts == nil && !excess.isEmpty() {
			continue
		}
		if d := newDescription([]candidate{k}, excepts); best == nil || d.length() < best.length() {
			best = d
		}
	}
	return best
}

func (c *coverer) isException(k candidate) bool { return !k.atoms.meets(c.must) }

// greedy describes by several patterns and exceptions.
func (c *coverer) greedy() *description {
	excepted := newBitset(c.n)
	for _, k := range c.candidates {
		if c.isException(k) {
			excepted.unite(k.atoms)
		}
	}
	hard := c.exclude.clone().subtract(excepted)
	includes := c.cover(c.must, func(k candidate) bool { return !k.atoms.meets(hard) })
	if includes == nil {
		return nil
	}
	excess := newBitset(c.n)
	for _, k := range includes {
		excess.unite(k.atoms)
	}
	excess.intersect(c.exclude)
	return newDescription(includes, c.cover(excess, c.isException))
}

// apart describes each set of atoms that match the same candidates on its own.
func (c *coverer) apart() []description {
	var out []description
	left := c.must.clone()
	for i := range c.n {
		if !left.has(i) {
			continue
		}
		d := c.exactly(i)
		left.subtract(d.atoms)
		out = append(out, d)
	}
	return out
}

// exactly describes the atoms that match the candidates that one atom does, or more of must.
func (c *coverer) exactly(atom int) description {
	var within, excepts []candidate
	for _, k := range c.candidates {
		if k.atoms.has(atom) {
			within = append(within, k)
		} else {
			excepts = append(excepts, k)
		}
	}
	// What is left out first is wide within, and narrow exceptions.
	slices.Reverse(excepts)
	excess := func(within, excepts []candidate) bitset {
		atoms := newBitset(c.n)
		for i := range atoms {
			atoms[i] = ^uint64(0)
		}
		for _, k := range within {
			atoms.intersect(k.atoms)
		}
		for _, k := range excepts {
			atoms.subtract(k.atoms)
		}
		return atoms
	}
	const few = 100
	if len(c.candidates) <= few {
		for i := 0; i < len(within) && len(within) > 1; {
			if shorter := slices.Delete(slices.Clone(within), i, i+1); !excess(shorter, excepts).meets(c.exclude) {
				within = shorter
			} else {
				i++
			}
		}
		for i := 0; i < len(excepts); {
			if shorter := slices.Delete(slices.Clone(excepts), i, i+1); !excess(within, shorter).meets(c.exclude) {
				excepts = shorter
			} else {
				i++
			}
		}
	}
	// What is used together can only be included together.
	slices.SortStableFunc(within, func(a, b candidate) int { return cmp.Compare(len(a.texts), len(b.texts)) })
	last := len(within) - 1
	d := newDescription(within[last:], excepts)
	d.within = textsOf(within[:last])
	d.inexact = last > 0 && len(within[last-1].texts) > 1
	d.atoms = excess(within, excepts)
	return *d
}

func newDescription(includes, excepts []candidate) *description {
	d := &description{include: textsOf(includes), except: textsOf(excepts)}
	if len(includes) > 0 {
		d.atoms = newBitset(len(includes[0].atoms) * 64)
	}
	for _, k := range includes {
		d.atoms.unite(k.atoms)
	}
	for _, k := range excepts {
		d.atoms.subtract(k.atoms)
	}
	return d
}

func textsOf(candidates []candidate) []string {
	var out []string
	for _, k := range candidates {
		out = append(out, k.texts...)
	}
	slices.Sort(out)
	return out
}
