package trail

import (
	"maps"
	"slices"
	"strings"
)

// MaxNames is how many distinct names one level of a Fields.Wide path may hold. A level with more
// folds into one open name.
const MaxNames = 1000

// names holds the evidence for hierarchical names as a trie of levels, each ending with "/" but the
// last. A level that has more than limit different continuations (levels or last parts) directly
// below it is folded: all names in it become one.
//
// What is folded depends on the set of names alone and not on their order: the number below a level
// only grows, a folded level still counts as one for the level above, and what is under a folded
// level can be forgotten because it stays folded whatever comes. So two tries that saw parts of the
// names join to the one that saw them all.
type names struct {
	below  map[string]*names
	here   *Evidence // of the name that ends here, or of all if folded
	folded bool
}

// at returns the node for name, or that of the folded level that holds it. It makes the nodes on
// the way and folds levels that become too full. With open, name itself is folded.
func (n *names) at(name string, open bool, limit int) *names {
	for name != "" && !n.folded {
		part := name
		if i := strings.IndexByte(name, '/'); i >= 0 {
			part = name[:i+1]
		}
		next := n.below[part]
		if next == nil {
			if len(n.below) == limit {
				n.fold()
				break
			}
			if n.below == nil {
				n.below = map[string]*names{}
			}
			next = &names{}
			n.below[strings.Clone(part)] = next
		}
		n, name = next, name[len(part):]
	}
	if open && !n.folded {
		n.fold()
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
