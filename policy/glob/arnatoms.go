package glob

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
)

// ARNAtoms is Atoms for resources, of which only those count that at least one of within matches and
// none of without: the resources that an action can act on. These two are read field by field, as
// the formats of ARNs are.
//
// Patterns match as ARNPattern.Match does, and each sample has its Matches. Not all ways to match are
// explored, though: any two patterns whose fourth or fifth field ends in "*" have weird resources in
// common, "...:function:a:function:b" of "...:*:function:a*" and "...:*:function:b*", and n of them have
// 2ⁿ atoms. So patterns are read field by field as well, but for those that so match nothing that
// counts and otherwise do, without a colon in place of a wildcard of within: they are read as a
// whole, such as "arn:aws:logs:*:log-group:a". To what is found that way, resources are added in
// which one pattern runs on. Such atoms, marked RunsOn, are not complete.
func ARNAtoms(patterns, within, without []ARNPattern, steps int) (atoms []Atom, complete bool) {
	u := newUniverse(within, without)
	if len(u.within) == 0 || slices.ContainsFunc(u.without, func(p ARNPattern) bool { return p.everything }) {
		return nil, true
	}
	var b builder
	if !slices.ContainsFunc(u.within, func(p ARNPattern) bool { return p.everything }) {
		for _, p := range u.within {
			b.add(p.jointTokens())
		}
		b.within = len(u.within)
	}
	for _, p := range u.without {
		b.add(p.jointTokens())
	}
	b.without = len(u.without)
	b.addShape()
	b.begin()
	for _, p := range patterns {
		fields := p.byField()
		switch {
		case u.coveredBy(fields):
			b.skip(always)
		case u.meets(fields):
			b.track(fields.jointTokens())
		case p.runsOn && u.needsWhole(p):
			b.track(p.jointTokens())
		default:
			b.skip(never)
		}
	}
	atoms, complete = b.atoms(steps)
	return runOn(atoms, patterns, u), complete
}

// MatchFields reports whether p matches the resource if no "*" can run on past its field. Formats of
// ARNs are to be read so: the fields of a real ARN hold no colons.
func (p ARNPattern) MatchFields(resource string) bool { return p.byField().Match(resource) }

// byField returns p as if no "*" could run on.
func (p ARNPattern) byField() ARNPattern {
	p.runsOn = false
	return p
}

// A universe is the resources that count.
type universe struct{ within, without []ARNPattern }

func newUniverse(within, without []ARNPattern) universe {
	var u universe
	for _, p := range within {
		u.within = append(u.within, p.byField())
	}
	for _, p := range without {
		u.without = append(u.without, p.byField())
	}
	return u
}

func (u universe) has(resource string) bool {
	match := func(p ARNPattern) bool { return p.Match(resource) }
	return slices.ContainsFunc(u.within, match) && !slices.ContainsFunc(u.without, match)
}

// coveredBy reports whether p matches all that counts. True is a proof.
func (u universe) coveredBy(p ARNPattern) bool {
	return !slices.ContainsFunc(u.within, func(w ARNPattern) bool { return !p.Covers(w) })
}

// meets reports whether p matches something that counts. False is a proof.
func (u universe) meets(p ARNPattern) bool {
	return slices.ContainsFunc(u.within, p.Intersects) &&
		!slices.ContainsFunc(u.without, func(w ARNPattern) bool { return w.Covers(p) })
}

// needsWhole reports whether p, which matches nothing that counts field by field, does so as a whole
// if no wildcard of within takes a colon.
func (u universe) needsWhole(p ARNPattern) bool {
	if !u.meets(p) {
		return false
	}
	var b builder
	for _, w := range u.within {
		if w.everything {
			return true
		}
		tokens := w.jointTokens()
		for i, t := range tokens {
			if !t.isLiteral() {
				tokens[i] |= inField
			}
		}
		b.add(tokens)
	}
	b.within = len(u.within)
	b.begin()
	b.track(p.whole.tokens)
	atoms, complete := b.atoms(wholeSteps)
	return !complete || slices.ContainsFunc(atoms, func(a Atom) bool { return a.Matches[0] })
}

// wholeSteps bounds needsWhole, which is done for single patterns.
const wholeSteps = 5000

// runOnTries is how many resources runOn tries, if there are not more patterns than that.
const runOnTries = 256

// runOn corrects the atoms for what patterns match when they run on, and adds atoms: to each sample,
// those that few patterns match first, it appends what a pattern wants behind a field that runs on.
func runOn(atoms []Atom, patterns []ARNPattern, u universe) []Atom {
	running := slices.DeleteFunc(indices(len(patterns)), func(i int) bool { return !patterns[i].runsOn })
	if len(running) == 0 {
		return atoms
	}
	known := map[string]bool{}
	all := make([]Atom, 0, len(atoms))
	add := func(a Atom) {
		if key := string(bits(a.Matches)); !known[key] {
			known[key] = true
			all = append(all, a)
		}
	}
	var corrected []Atom
	for _, a := range atoms {
		for _, i := range running {
			// Fields and whole differ only where there are more colons than an ARN must have.
			if strings.Count(a.Sample, ":") < arnFields {
				break
			}
			if !a.Matches[i] && patterns[i].Match(a.Sample) {
				a.Matches[i], a.RunsOn = true, true
			}
		}
		if a.RunsOn {
			corrected = append(corrected, a)
		} else {
			add(a)
		}
	}
	for _, a := range corrected {
		add(a)
	}
	bases := slices.Clone(all)
	slices.SortStableFunc(bases, func(a, b Atom) int { return cmp.Compare(count(a.Matches), count(b.Matches)) })
	tries := max(runOnTries, len(running))
	for _, base := range bases {
		for _, i := range running {
			if base.Matches[i] {
				continue
			}
			if tries--; tries < 0 {
				return all
			}
			s := base.Sample + patterns[i].behindRun()
			if !patterns[i].Match(s) || !u.has(s) {
				continue
			}
			a := Atom{Sample: s, Free: base.Free, RunsOn: true, Matches: make([]bool, len(patterns))}
			for j, p := range patterns {
				a.Matches[j] = p.Match(s)
			}
			add(a)
		}
	}
	return all
}

func indices(n int) []int {
	is := make([]int, n)
	for i := range is {
		is[i] = i
	}
	return is
}

func count(matches []bool) (n int) { return bytes.Count(bits(matches), []byte{1}) }

// bits returns the matches as bytes, for a map's key.
func bits(matches []bool) []byte {
	b := make([]byte, len(matches))
	for i, m := range matches {
		if m {
			b[i] = 1
		}
	}
	return b
}

// behindRun returns a string that p can end in behind the last of its first five fields that ends in
// "*".
func (p ARNPattern) behindRun() string {
	last := 0
	for i, field := range p.fields[:arnFields-1] {
		if field.endsInRun() {
			last = i
		}
	}
	var units []uint16
	for _, field := range p.fields[last+1:] {
		units = append(units, ':')
		for _, t := range field.tokens {
			if t.isLiteral() {
				units = append(units, uint16(t))
			} else {
				units = append(units, uint16(readable[0]))
			}
		}
	}
	return string(utf16.Decode(units))
}
