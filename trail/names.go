package trail

import (
	"maps"
	"slices"
	"strings"
)

// The names of a Fields.Wide path fold where a level holds more than MaxNames different continuations
// directly below it, or more than MaxLevels times that many names altogether. In the second count a level
// below counts for MaxNames+1 at most, as a folded one does. So it takes more than MaxLevels large levels
// side by side: the days of a month, say, under each of which a function reads a thousand files.
const (
	MaxNames  = 1000
	MaxLevels = 20
)

// limits are MaxNames and MaxLevels, less in tests.
type limits struct{ names, levels int }

// large is the weight of a folded level.
func (l limits) large() int { return l.names + 1 }

// names holds the evidence for hierarchical names as a trie of levels, each ending with "/" but the
// last.
//
// What is folded depends on the set of names alone and not on their order: with more names, no count gets
// smaller, as folding gives a level the highest weight that it can have. What is under a folded
// level can be forgotten because it stays folded whatever comes. So two tries that saw parts of the
// names join to the one that saw them all.
type names struct {
	below  map[string]*names
	sum    int       // of the weights of below
	here   *Evidence // of the name that ends here, or of all if folded
	folded bool
}

// weight is what n counts for in the level above.
func (n *names) weight(limit limits) int {
	if n.folded {
		return limit.large()
	}
	return min(max(n.sum, 1), limit.large())
}

// at returns the node for name, or that of the folded level that holds it. It makes the nodes on
// the way and folds levels that become too full. With open, name itself is folded.
func (n *names) at(name string, open bool, limit limits) *names {
	var buf [16]*names
	path, weights := append(buf[:0], n), []int(nil)
	known := 1 // nodes of path that were there before
	for name != "" && !n.folded {
		part := name
		if i := strings.IndexByte(name, '/'); i >= 0 {
			part = name[:i+1]
		}
		next := n.below[part]
		if next == nil {
			if n.below == nil {
				n.below = map[string]*names{}
			}
			next = &names{}
			n.below[strings.Clone(part)] = next
		} else {
			known++
		}
		n, name = next, name[len(part):]
		path = append(path, n)
	}
	if known == len(path) && (n.folded || !open) {
		return n // nothing new
	}
	for i, node := range path {
		weight := 0
		if i < known {
			weight = node.weight(limit)
		}
		weights = append(weights, weight)
	}
	if open && !n.folded {
		n.fold()
	}
	for i := len(path) - 2; i >= 0; i-- {
		above, below := path[i], path[i+1]
		above.sum += below.weight(limit) - weights[i+1]
		if len(above.below) > limit.names || above.sum > limit.levels*limit.large() {
			above.fold()
			n = above
		}
	}
	return n
}

// fold makes all names in n one.
func (n *names) fold() {
	var all Evidence
	n.each("", func(_ string, _ bool, e *Evidence) {
		if all.Count == 0 {
			all = e.clone()
		} else {
			all.merge(e)
		}
	})
	n.below, n.here, n.folded = nil, nil, true
	if all.Count > 0 {
		n.here = &all
	}
}

// each calls yield for each name in order, open for folded levels.
func (n *names) each(prefix string, yield func(name string, open bool, e *Evidence)) {
	if n.here != nil {
		yield(prefix, n.folded, n.here)
	}
	for _, part := range slices.Sorted(maps.Keys(n.below)) {
		n.below[part].each(prefix+part, yield)
	}
}
