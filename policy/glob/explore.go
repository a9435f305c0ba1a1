package glob

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// An explorer walks the subset construction of a joint automaton, breadth first, so that samples are
// short. A state is a set of positions in the tokens, ascending. A position at a "*" stands for the
// one behind it too, and of the positions in one pattern none is kept before a "*" that was reached:
// what they accept, the "*" does. (Before a "*" that keeps to its field there are only positions in
// the same field, because all strings that lead to a state have as many colons.)
//
// Which units lead to different states? Those that a position takes as a literal, the colon where
// wildcards refuse it, and all others alike: the fresh unit stands for them.
//
// Strings are sequences of characters, not of any units: half a surrogate pair is no string. No
// pattern names half a pair, so a first half is read only where a pattern wants it, and behind it
// only the second half that some pattern wants. Everything else that a pair can do, two fresh units
// can.
type explorer struct {
	*joint
	freshUnit uint16
	steps     int

	nodes []node
	// seen says of a state how free a string has led there.
	seen map[string]freedom

	found []foundAtom
	// bySignature has the indices in found.
	bySignature map[string]int

	active, next []int32 // of the state that is expanded, and the one that follows
	units        []uint16
	folded       []uint16
	key          []byte
	signature    []byte
}

// A node is a state and the string that led there: the parent's, then run (tokens[from:to]), or, if
// that is empty, unit.
type node struct {
	set      string // the positions, four bytes each
	parent   int32
	from, to int32
	unit     uint16
	freedom  freedom
	length   int32 // of the string
}

// freedom says where a string has a fresh unit. More makes a better sample.
type freedom uint8

const (
	forced freedom = iota // nowhere
	before                // before the resource of an ARN
	free                  // in the resource, or in what need not be an ARN
)

// stepSize is how many positions, or units of a sample, make up one step beyond the one that each
// state takes.
const stepSize = 64

type foundAtom struct {
	signature string // a bit for each tracked pattern
	node      int
	rank      int
}

func newExplorer(j *joint, fresh uint16, steps int) *explorer {
	return &explorer{
		joint: j, freshUnit: fresh, steps: steps,
		seen: map[string]freedom{}, bySignature: map[string]int{},
		signature: make([]byte, (len(j.starts)-j.first+7)/8),
	}
}

// run reports whether it explored everything.
func (e *explorer) run() bool {
	e.next = append(e.next, e.starts...)
	e.push(node{parent: -1})
	for at := 0; at < len(e.nodes); at++ {
		e.load(at)
		pending := e.collectUnits()
		e.steps -= len(e.active) * (len(e.units) + 1) / stepSize
		if e.steps < 0 {
			return false
		}
		if !pending {
			e.accept(at)
			e.follow(at, e.freshUnit, max(e.nodes[at].freedom, e.freshIs()))
			if e.jump(at) {
				continue
			}
		}
		for _, u := range e.units {
			e.follow(at, u, e.nodes[at].freedom)
		}
	}
	return true
}

func (e *explorer) load(at int) {
	set := e.nodes[at].set
	e.active = e.active[:0]
	for i := 0; i < len(set); i += 4 {
		e.active = append(e.active, int32(set[i])|int32(set[i+1])<<8|int32(set[i+2])<<16|int32(set[i+3])<<24)
	}
}

// freshIs says what a fresh unit makes of the string that led to the active positions.
func (e *explorer) freshIs() freedom {
	if e.resource == 0 {
		return free
	}
	i, _ := slices.BinarySearch(e.active, e.resource)
	if i < len(e.active) && e.owner[e.active[i]] == e.owner[e.resource] {
		return free
	}
	return before
}

// accept notes the atom of the node's string, if it counts.
func (e *explorer) accept(at int) {
	counts, shaped := e.match()
	if !counts {
		return
	}
	rank := 2 * int(e.nodes[at].freedom)
	if shaped {
		rank++
	}
	i, ok := e.bySignature[string(e.signature)]
	if !ok {
		e.steps -= (len(e.signature) + int(e.nodes[at].length)) / stepSize
		signature := string(e.signature)
		e.bySignature[signature] = len(e.found)
		e.found = append(e.found, foundAtom{signature, at, rank})
	} else if rank > e.found[i].rank {
		e.found[i].node, e.found[i].rank = at, rank
	}
}

// match finds the signature of the strings that lead to the active positions, whether they count,
// and whether they have the shape of an ARN.
func (e *explorer) match() (counts, shaped bool) {
	clear(e.signature)
	counts = e.within == 0
	for _, pos := range e.active {
		if t := e.tokens[pos]; t != patternEnd && (t&anyRun == 0 || e.tokens[pos+1] != patternEnd) {
			continue
		}
		switch owner := int(e.owner[pos]); {
		case owner < e.within:
			counts = true
		case owner < e.within+e.without:
			return false, false
		case owner < e.first:
			shaped = true
		default:
			e.signature[(owner-e.first)/8] |= 1 << ((owner - e.first) % 8)
		}
	}
	return counts, shaped
}

// isFinalRun reports whether the position is at a "*" that ends a pattern: it matches whatever comes.
func (e *explorer) isFinalRun(pos int32) bool {
	return e.tokens[pos] == anyRun && e.tokens[pos+1] == patternEnd
}

// follow moves over one unit.
func (e *explorer) follow(parent int, u uint16, f freedom) {
	e.read(u)
	if isHigh(u) && !slices.ContainsFunc(e.next, func(at int32) bool { return isLow(uint16(e.tokens[at])) }) {
		return
	}
	e.push(node{parent: int32(parent), unit: u, freedom: f, length: e.nodes[parent].length + 1})
}

// read makes next of the active positions.
func (e *explorer) read(u uint16) {
	e.next = e.next[:0]
	for _, at := range e.active {
		t := e.tokens[at]
		if t&anyRun == 0 {
			if takes(t, u) {
				e.add(at + 1)
			}
			continue
		}
		if t&inField == 0 || u != ':' {
			e.add(at)
		}
		if takes(e.tokens[at+1], u) {
			e.add(at + 2)
		}
	}
}

// add puts a position into the next set. They come in ascending order, the one after a "*" may come
// twice.
func (e *explorer) add(at int32) {
	n := len(e.next)
	if n > 0 && e.next[n-1] >= at {
		return
	}
	if e.tokens[at]&anyRun != 0 {
		for n > 0 && e.owner[e.next[n-1]] == e.owner[at] {
			n--
		}
	}
	e.next = append(e.next[:n], at)
}

// jump moves over a run of literals at once, if nothing else can happen meanwhile: all other
// positions match whatever comes, or nothing that does. What happens when a string leaves the run is
// what the fresh unit makes happen at its beginning.
func (e *explorer) jump(parent int) bool {
	e.next = e.next[:0]
	from, to := int32(-1), int32(-1)
	for _, at := range e.active {
		switch t := e.tokens[at]; {
		case t == patternEnd:
		case e.isFinalRun(at):
			e.next = append(e.next, at)
		case from >= 0 || !t.isLiteral():
			return false
		default:
			from, to = at, at+1
			for e.tokens[to].isLiteral() && e.tokens[to] != patternEnd {
				to++
			}
			e.next = append(e.next, to)
		}
	}
	if from >= 0 {
		n := e.nodes[parent]
		e.push(node{parent: int32(parent), from: from, to: to, freedom: n.freedom, length: n.length + to - from})
	}
	return true
}

// push queues the next set, unless it is known or no string through it counts.
func (e *explorer) push(n node) {
	alive := e.within == 0
	e.key = e.key[:0]
	for _, at := range e.next {
		owner := int(e.owner[at])
		if owner < e.within {
			alive = true
		} else if owner < e.within+e.without && e.isFinalRun(at) {
			return
		}
		e.key = binary.LittleEndian.AppendUint32(e.key, uint32(at))
	}
	if !alive {
		return
	}
	if best, known := e.seen[string(e.key)]; known && best >= n.freedom {
		return
	}
	e.steps -= 1 + len(e.next)/stepSize
	n.set = string(e.key)
	e.seen[n.set] = n.freedom
	e.nodes = append(e.nodes, n)
}

// sample returns a string of the atom, and whether it has a fresh unit: the string that was found,
// with one fresh unit behind it if the atom allows, because "bucket/x" says more than "bucket/".
func (e *explorer) sample(f foundAtom) (s string, isFree bool) {
	at := f.node
	isFree = e.nodes[at].freedom != forced
	var backwards []uint16
	if at == 0 || e.nodes[at].unit != e.freshUnit {
		e.load(at)
		e.read(e.freshUnit)
		e.active, e.next = e.next, e.active
		if counts, _ := e.match(); counts && string(e.signature) == f.signature {
			backwards = append(backwards, e.freshUnit)
			isFree = true
		}
	}
	for ; at > 0; at = int(e.nodes[at].parent) {
		n := e.nodes[at]
		if n.from == n.to {
			backwards = append(backwards, n.unit)
			continue
		}
		for i := n.to - 1; i >= n.from; i-- {
			backwards = append(backwards, uint16(e.tokens[i]))
		}
	}
	slices.Reverse(backwards)
	return string(utf16.Decode(backwards)), isFree
}
