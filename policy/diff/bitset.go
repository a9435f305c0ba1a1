package diff

import "math/bits"

// A bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int) bool { return b[i/64]>>(i%64)&1 == 1 }

func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) isEmpty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// meets reports whether the sets have a number in common.
func (b bitset) meets(c bitset) bool {
	for i, w := range b {
		if w&c[i] != 0 {
			return true
		}
	}
	return false
}

// isIn reports whether c has all of b.
func (b bitset) isIn(c bitset) bool {
	for i, w := range b {
		if w&^c[i] != 0 {
			return false
		}
	}
	return true
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

// unite, intersect and subtract change b.
func (b bitset) unite(c bitset) bitset {
	for i, w := range c {
		b[i] |= w
	}
	return b
}

func (b bitset) intersect(c bitset) bitset {
	for i, w := range c {
		b[i] &= w
	}
	return b
}

func (b bitset) subtract(c bitset) bitset {
	for i, w := range c {
		b[i] &^= w
	}
	return b
}
