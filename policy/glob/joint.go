package glob

// This file lays patterns out for one joint automaton; explore.go runs it.

const (
	// inField marks a wildcard that does not take a colon.
	inField token = 1 << (19 + iota)
	// patternEnd stands behind the tokens of each pattern.
	patternEnd
)

// takes reports whether t, which is not a "*", takes the unit u.
func takes(t token, u uint16) bool {
	if t == anyUnit|inField {
		return u != ':'
	}
	return t.matches(u)
}

// jointTokens returns tokens that match what p does. p must not be everything.
func (p ARNPattern) jointTokens() []token {
	if p.runsOn {
		return p.whole.tokens
	}
	tokens, _ := joinFields(p.fields) // the fields of a compiled ARN hold no colons
	return tokens
}

// joinFields returns tokens that match the strings whose fields match. It is false if there are none
// because a field before the last wants a colon.
func joinFields(fields [arnFields]Pattern) (tokens []token, ok bool) {
	for i, field := range fields {
		if i == arnFields-1 {
			return append(tokens, field.tokens...), true
		}
		for _, t := range field.tokens {
			if t == ':' {
				return nil, false
			}
			if !t.isLiteral() {
				t |= inField
			}
			tokens = append(tokens, t)
		}
		tokens = append(tokens, ':')
	}
	return tokens, true
}

// shapeResource is how many tokens the last field of shape has.
const shapeResource = 2

// shape is what people know as an ARN. Samples have it where they can.
var shape, _ = joinFields([arnFields]Pattern{
	CompileFold("arn"), CompileFold("aws*"), Compile("?*"), Compile("*"), Compile("*"), Compile("?*"),
})

// A builder lays out the patterns: those of within, those of without, the shape if there is one, and
// from first on those that are tracked, equal ones once.
type builder struct {
	joint
	// slots has an entry for each pattern of the caller: where it is tracked, or always, or never.
	slots []int
	known map[string]int
}

const (
	always = -1 - iota
	never
)

// joint is the automaton's program.
type joint struct {
	tokens []token
	// owner is the index of the pattern that the token is of.
	owner           []int32
	starts          []int32
	within, without int
	// first is the index of the first tracked pattern. One between the others and it is the shape.
	first int
	// resource is where the last field of the shape begins, 0 if there is no shape.
	resource int32
}

func (b *builder) add(tokens []token) {
	index := int32(len(b.starts))
	b.starts = append(b.starts, int32(len(b.tokens)))
	b.tokens = append(append(b.tokens, tokens...), patternEnd)
	for len(b.owner) < len(b.tokens) {
		b.owner = append(b.owner, index)
	}
}

func (b *builder) addShape() {
	b.resource = int32(len(b.tokens) + len(shape) - shapeResource)
	b.add(shape)
}

// begin says that all patterns from here on are tracked.
func (b *builder) begin() {
	b.first = len(b.starts)
	b.known = map[string]int{}
}

func (b *builder) skip(slot int) { b.slots = append(b.slots, slot) }

func (b *builder) track(tokens []token) {
	if len(tokens) == 1 && tokens[0] == anyRun {
		b.skip(always)
		return
	}
	key := make([]byte, 0, 256) // spares the heap
	for _, t := range tokens {
		key = append(key, byte(t), byte(t>>8), byte(t>>16))
	}
	slot, ok := b.known[string(key)]
	if !ok {
		slot = len(b.starts) - b.first
		b.known[string(key)] = slot
		b.add(tokens)
	}
	b.skip(slot)
}

// atoms explores the automaton and says what it found in the caller's terms.
func (b *builder) atoms(steps int) ([]Atom, bool) {
	fresh, ok := b.fresh()
	if !ok {
		return nil, false
	}
	e := newExplorer(&b.joint, fresh, steps)
	complete := e.run()
	atoms := make([]Atom, len(e.found))
	matches := make([]bool, len(e.found)*len(b.slots))
	for i, f := range e.found {
		a := &atoms[i]
		a.Sample, a.Free = e.sample(f)
		a.Matches, matches = matches[:len(b.slots):len(b.slots)], matches[len(b.slots):]
		for j, slot := range b.slots {
			a.Matches[j] = slot == always || slot >= 0 && f.signature[slot/8]>>(slot%8)&1 == 1
		}
	}
	return atoms, complete
}

// readable are the characters to try first for the fresh unit. All but the last few can be in any
// part of an ARN.
const readable = "xyzqwkjvubnmhgfdtplcroeisa0123456789XYZQWKJVUBNMHGFDTPLCROEISA_-."

// fresh returns a unit that no token names, if there is one.
func (j *joint) fresh() (uint16, bool) {
	var named [1 << 16 / 64]uint64
	name := func(u token) { named[u/64] |= 1 << (u % 64) }
	for _, t := range j.tokens {
		if !t.isLiteral() || t == patternEnd {
			continue
		}
		u := t &^ foldBit
		name(u)
		if t&foldBit != 0 {
			name(u - 'a' + 'A')
		}
	}
	isFree := func(u token) bool { return named[u/64]>>(u%64)&1 == 0 }
	for _, r := range readable {
		if isFree(token(r)) {
			return uint16(r), true
		}
	}
	for u := token(0xA1); u < 0xFFFD; u++ {
		if isFree(u) && (u < 0xD800 || u > 0xDFFF) {
			return uint16(u), true
		}
	}
	return 0, false
}
