package glob

// An Atom is one way in which strings relate to a list of patterns: a set of patterns such that some
// string is matched by these and by no other. The atoms of a list part the strings into classes that
// no Boolean combination of the patterns can part further.
type Atom struct {
	// Sample is a string of the atom, a short one.
	Sample string
	// Matches says for each pattern of the list whether it matches the atom's strings.
	Matches []bool
	// Free says that Sample holds a character that no pattern names, in a place where only wildcards
	// take it. Without Free, all strings of the atom are made of characters that patterns name.
	Free bool
	// RunsOn says that a pattern matches Sample only because a "*" runs on past its field of the ARN.
	RunsOn bool
}

// Atoms returns the atoms of patterns, one for each set of patterns that some string matches
// exactly, in an order that depends on the patterns alone.
//
// There can be exponentially many, and they can be exponentially hard to find: steps bounds the
// work. A step is a state of the patterns' joint automaton; large states and long samples count as
// more, so that memory is bounded as well, at about a kilobyte a step. When steps are used up,
// complete is false and atoms may be missing; those returned are right nevertheless.
func Atoms(patterns []Pattern, steps int) (atoms []Atom, complete bool) {
	return ValueAtoms(patterns, nil, steps)
}

// ValueAtoms is Atoms for values that are compared as strings by some patterns, and by others as
// ARNs are in conditions: the value is split at its first five colons, must have them, and each
// field is matched on its own. Matches holds the texts first, then the arns.
func ValueAtoms(texts []Pattern, arns [][6]Pattern, steps int) (atoms []Atom, complete bool) {
	var b builder
	if len(arns) > 0 {
		b.addShape()
	}
	b.begin()
	for _, p := range texts {
		b.track(p.tokens)
	}
	for _, fields := range arns {
		if tokens, ok := joinFields(fields); ok {
			b.track(tokens)
		} else {
			b.skip(never)
		}
	}
	return b.atoms(steps)
}
