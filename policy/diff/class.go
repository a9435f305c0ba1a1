package diff

import "slices"

// A class is what the sides say of actions that the same bodies concern.
type class struct {
	bodies  [2][]int // sorted
	entries []int    // of all bodies, sorted
	// same says that both sides say the same, word for word.
	same bool
}

func (p *problem) newClass(bodies [2][]int) *class {
	for side, list := range bodies {
		if !p.mayAllow(side, list) {
			bodies[side] = nil
		}
	}
	neither := bodies[oldSide] == nil && bodies[newSide] == nil
	c := &class{bodies: bodies, same: neither || slices.Equal(bodies[oldSide], bodies[newSide]) && p.bounded[oldSide] == p.bounded[newSide]}
	if c.same {
		return c
	}
	changed, everywhere := p.changes(bodies)
	everywhere = everywhere || p.bounded[oldSide] != p.bounded[newSide]
	for _, side := range bodies {
		for _, b := range side {
			for _, e := range p.bodies[b].resources {
				if everywhere || p.meetsAny(e, changed) {
					c.entries = append(c.entries, e)
				}
			}
		}
	}
	slices.Sort(c.entries)
	c.entries = slices.Compact(c.entries)
	return c
}

// mayAllow is false if a side allows nothing whatever the resource and the conditions. Most actions
// are so that only a Deny with NotAction names.
func (p *problem) mayAllow(side int, bodies []int) bool {
	var roles [deny + 1]bool
	for _, i := range bodies {
		b := &p.bodies[i]
		if b.role == deny && b.notResources && len(b.resources) == 0 && len(b.conditions) == 0 {
			return false
		}
		roles[b.role] = true
	}
	return roles[allow] && (roles[bound] || !p.bounded[side])
}

// changes returns the entries of the bodies that only one side has. Where none of them matches there
// is no difference, unless such a body takes resources that it does not name.
func (p *problem) changes(bodies [2][]int) (entries []int, everywhere bool) {
	for side, list := range bodies {
		for _, b := range list {
			if _, both := slices.BinarySearch(bodies[1-side], b); both {
				continue
			}
			if p.bodies[b].notResources {
				return nil, true
			}
			entries = append(entries, p.bodies[b].resources...)
		}
	}
	return entries, false
}

func (p *problem) meetsAny(entry int, others []int) bool {
	return slices.ContainsFunc(others, func(other int) bool {
		return entry == other || p.entries[entry].pattern.Intersects(p.entries[other].pattern)
	})
}

// formula returns when a side allows the class's actions at a place.
func (p *problem) formula(c *class, side int, at place) formula {
	matches := func(e int) bool {
		i, ok := slices.BinarySearch(at.space.entries, e)
		return ok && at.spot.matches[i]
	}
	var terms [deny + 1][]term
	for _, i := range c.bodies[side] {
		b := &p.bodies[i]
		conditions := make(term, 0, len(b.conditions))
		for _, q := range b.conditions {
			conditions = append(conditions, positive(q))
		}
		isIn := false
		var variables []int
		for _, e := range b.resources {
			if !matches(e) {
				continue
			}
			if v := p.entries[e].variable; v >= 0 {
				variables = append(variables, v)
			} else {
				isIn = true
				break
			}
		}
		switch {
		case isIn:
			if !b.notResources {
				terms[b.role] = append(terms[b.role], conditions)
			}
		case b.notResources:
			for _, v := range variables {
				conditions = append(conditions, negative(v))
			}
			terms[b.role] = append(terms[b.role], conditions)
		default:
			for _, v := range variables {
				terms[b.role] = append(terms[b.role], append(slices.Clone(conditions), positive(v)))
			}
		}
	}
	return newFormula(terms[allow], terms[bound], terms[deny], p.bounded[side])
}
