package glob

// Covers reports whether p matches every string that q matches.
//
// It is exact, and takes one pass over q with a set of positions in p: O(len(p)·len(q)) steps,
// whatever the patterns. (Two limits, both on the safe side: a p that has every UTF-16 unit as a
// literal, and patterns that fold case in one part only, may be told not to cover what they do.)
//
// Why one pass is enough. Some unit occurs in neither pattern; call it #. Only wildcards of p take
// it, so p covers q if and only if p matches each string that q becomes when each "?" is # and each
// "*" is # repeated, any number of times. Reading such a string, p is in a set of positions, and of
// two sets the one that accepts less is the one to follow. For a "*" of q there is always a count
// of # that leaves the least:
//
//   - If p is in a run of "?" that ends in "*", a count of 0 does: each # read is progress there.
//     That position accepts all that others before that "*" do, so it alone is kept.
//   - Otherwise a large count does: # read again and again leaves only the latest "*" of p, in which
//     p stays, and no position at all before the first "*".
func (p Pattern) Covers(q Pattern) bool {
	// Most pairs differ at once: compare literals before the first "*" or "?" without ado.
	i := 0
	for ; i < len(p.tokens) && p.tokens[i].isLiteral(); i++ {
		if i == len(q.tokens) || !covers(p.tokens[i], q.tokens[i]) {
			return false
		}
	}
	if i == len(p.tokens) {
		return i == len(q.tokens)
	}
	return newCoverer(p.tokens[i:]).covers(q.tokens[i:])
}

// A coverer is the set of positions in which p may be.
type coverer struct {
	tokens []token
	// toStar[i] says that from i on there are only "?" up to a "*", or that i is a "*".
	toStar []bool
	// active are the positions before tokens[i], ascending, none before the latest "*" reached.
	active, next []int
}

func newCoverer(tokens []token) *coverer {
	c := &coverer{tokens: tokens, toStar: make([]bool, len(tokens)+1), active: []int{0}}
	for i := len(tokens) - 1; i >= 0; i-- {
		c.toStar[i] = tokens[i] == anyRun || tokens[i] == anyUnit && c.toStar[i+1]
	}
	return c
}

func (c *coverer) covers(q []token) bool {
	for _, t := range q {
		if t == anyRun {
			c.readRun()
		} else {
			c.read(t)
		}
		if len(c.active) == 0 {
			return false
		}
	}
	last := c.active[len(c.active)-1]
	return last == len(c.tokens) || last == len(c.tokens)-1 && c.tokens[last] == anyRun
}

// read moves every position over one unit of q, a literal or "?".
func (c *coverer) read(t token) {
	c.next = c.next[:0]
	for _, at := range c.active {
		if at == len(c.tokens) {
			continue
		}
		if c.tokens[at] == anyRun {
			c.add(at)
			if at+1 < len(c.tokens) && covers(c.tokens[at+1], t) {
				c.add(at + 2)
			}
		} else if covers(c.tokens[at], t) {
			c.add(at + 1)
		}
	}
	c.active, c.next = c.next, c.active
	c.prune()
}

// add puts a position into the next set, which stays ascending: positions come in ascending order,
// and the one after a "*" may come twice.
func (c *coverer) add(at int) {
	if n := len(c.next); n > 0 && c.next[n-1] >= at {
		return
	}
	c.next = append(c.next, at)
}

// prune forgets the positions before the latest "*": from there p accepts all that they do.
func (c *coverer) prune() {
	for i := len(c.active) - 1; i > 0; i-- {
		if at := c.active[i]; at < len(c.tokens) && c.tokens[at] == anyRun {
			c.active = c.active[i:]
			return
		}
	}
}

// readRun moves the positions over the "*" of q that leaves the least.
func (c *coverer) readRun() {
	first, last := c.active[0], c.active[len(c.active)-1]
	switch {
	case c.toStar[last]:
		c.active = append(c.active[:0], last)
	case first < len(c.tokens) && c.tokens[first] == anyRun:
		c.active = c.active[:1]
	default:
		c.active = c.active[:0]
	}
}

// covers reports whether p, a literal or "?", takes every unit that q does.
func covers(p, q token) bool {
	return p == anyUnit || p == q || p&foldBit != 0 && p == fold(q)
}
