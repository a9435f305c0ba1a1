package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A kindred is the universes whose resources the entries of a class tell apart in the same way.
type kindred struct {
	spaces  []*space
	from    int // the index of its first spot
	answers []*answer
}

// addClass adds a class in which resources matter. The resources of all its actions are described
// together, so that actions of different resource types are one row where that says the truth.
func (t *table) addClass(c *class, actions []actionRef) {
	byUniverse := map[*universe][]actionRef{}
	var universes []*universe
	for _, ref := range actions {
		u := t.p.universes.of(ref.group.actions[ref.at].known)
		if byUniverse[u] == nil {
			universes = append(universes, u)
		}
		byUniverse[u] = append(byUniverse[u], ref)
	}
	kin, n, complete := t.kindreds(c, universes, nil)
	var sets [][]int
	if !complete {
		if sets = t.p.alike(c); sets != nil {
			kin, n, _ = t.kindreds(c, universes, sets)
		}
	}
	kin = slices.DeleteFunc(kin, func(k *kindred) bool {
		if k.spaces[0].complete {
			return false
		}
		for _, s := range k.spaces {
			t.addUndecided(reasonResources, byUniverse[s.universe])
		}
		return true
	})
	spots, first := map[string]bitset{}, map[string]*answer{}
	var order []string
	for _, k := range kin {
		s := k.spaces[0]
		for i := range s.spots {
			at := place{s, &s.spots[i]}
			a := t.p.answer(t.p.formula(c, oldSide, at), t.p.formula(c, newSide, at), at)
			k.answers = append(k.answers, a)
			if a.kind == "" {
				continue
			}
			if spots[a.id] == nil {
				spots[a.id], first[a.id] = newBitset(n), a
				order = append(order, a.id)
			}
			spots[a.id].add(k.from + i)
		}
	}
	if len(order) == 0 {
		return
	}
	counted := newBitset(n)
	for _, k := range kin {
		for i := range k.answers {
			counted.add(k.from + i)
		}
	}
	candidates := t.candidates(c, kin, n, sets)
	for _, id := range order {
		may := newBitset(n)
		for i := range n {
			if !counted.has(i) {
				may.add(i)
			}
		}
		for _, d := range describe(n, spots[id], may, candidates) {
			cell := t.cell(first[id], Resources{Include: d.include, Within: d.within, Except: d.except})
			for _, k := range kin {
				at := -1
				for i := range k.answers {
					if spots[id].has(k.from+i) && d.atoms.has(k.from+i) && (at < 0 || k.spaces[0].spots[at].sample == "*") {
						at = i
					}
				}
				for _, s := range k.spaces {
					if at < 0 {
						cell.aside[s.universe] = true
						continue
					}
					if d.inexact {
						t.addUndecided(reasonResources, byUniverse[s.universe])
						continue
					}
					for _, ref := range byUniverse[s.universe] {
						cell.add(ref.group, ref.at, member{k.answers[at], s.spots[at].sample})
					}
				}
			}
		}
	}
}

// kindreds returns the universes of a class, grouped, and the number of their spots. sets are as for
// problem.space.
func (t *table) kindreds(c *class, universes []*universe, sets [][]int) (kin []*kindred, n int, complete bool) {
	byKey := map[string]*kindred{}
	parts := map[*format]*space{}
	hasVariables := slices.ContainsFunc(c.entries, func(e int) bool { return t.p.entries[e].variable >= 0 })
	complete = true
	for _, u := range universes {
		s := t.p.space(u, c.entries, sets, parts)
		complete = complete && s.complete
		key := s.key()
		if hasVariables {
			key += fmt.Sprint(u.index) // what variables can be depends on the resource
		}
		k := byKey[key]
		if k == nil {
			k = &kindred{from: n}
			byKey[key] = k
			kin = append(kin, k)
			n += len(s.spots)
		}
		k.spaces = append(k.spaces, s)
	}
	return kin, n, complete
}

// key is the same for spaces with the same spots, samples aside.
func (s *space) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%t ", s.complete)
	for i := range s.spots {
		b.WriteString(s.spots[i].key)
		b.WriteByte(' ')
	}
	return b.String()
}

// candidates returns the patterns that describe the spots, those of each set together. "*" comes
// last.
func (t *table) candidates(c *class, kin []*kindred, n int, sets [][]int) []candidate {
	if sets == nil {
		byText := map[string][]int{}
		for _, e := range c.entries {
			text := t.p.entries[e].text
			if byText[text] == nil {
			}
			byText[text] = append(byText[text], e)
		}
		for _, text := range slices.Sorted(maps.Keys(byText)) {
			sets = append(sets, byText[text])
		}
	}
	var out []candidate
	for _, set := range sets {
		atoms := newBitset(n)
		var texts []string
		for _, e := range set {
			i, _ := slices.BinarySearch(c.entries, e)
			for _, k := range kin {
				for j, spot := range k.spaces[0].spots {
					if spot.matches[i] {
						atoms.add(k.from + j)
					}
				}
			}
			texts = append(texts, t.p.entries[e].text)
		}
		slices.Sort(texts)
		out = append(out, newCandidate(atoms, slices.Compact(texts)...))
	}
	all := newBitset(n)
	for i := range n {
		all.add(i)
	}
	return append(out, newCandidate(all, "*"))
}
