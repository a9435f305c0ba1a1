package reference

import (
	"cmp"
	"slices"
)

// lower returns the lower case of an ASCII letter and every other byte as it is. Unicode folding
// would equate the Kelvin sign with k, which IAM does not.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// compareFold compares like [cmp.Compare], without regard to ASCII case.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if d := cmp.Compare(lower(a[i]), lower(b[i])); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(a), len(b))
}

// find returns the position in sorted of the element with a name.
func find[E any](sorted []E, name string, nameOf func(E) string) (int, bool) {
	return slices.BinarySearchFunc(sorted, name, func(e E, name string) int {
		return compareFold(nameOf(e), name)
	})
}

// lookup returns the element of sorted with a name.
func lookup[E any](sorted []*E, name string, nameOf func(*E) string) (*E, bool) {
	i, ok := find(sorted, name, nameOf)
	if !ok {
		return nil, false
	}
	return sorted[i], true
}
