package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A space is the resources of a universe, as some entries tell them apart.
type space struct {
	universe *universe
	entries  []int
	spots    []spot
	// complete says that no spot is missing.
	complete bool
}

// A spot stands for all resources that the same entries match.
type spot struct {
	sample  string
	matches []bool // in the order of the entries
	key     string // of matches
}

// space returns the resources of a universe as the entries, which are sorted, tell them apart. Each
// format is looked at on its own: together they would have many more combinations, which do not
// matter. parts has what is known of the formats for the same entries.
//
// With sets, which part the entries, the space tells apart only whether some entry of each set
// matches: then all of the set count as matching.
func (p *problem) space(u *universe, entries []int, sets [][]int, parts map[*format]*space) *space {
	s := &space{universe: u, entries: entries, complete: true}
	known := map[string]bool{}
	add := func(spot spot) {
		if !known[spot.key] {
			known[spot.key] = true
			s.spots = append(s.spots, spot)
		}
	}
	for _, f := range u.formats {
		part, ok := parts[f]
		if !ok {
			part = p.formatSpace(f, entries, sets)
			parts[f] = part
		}
		s.complete = s.complete && part.complete
		for _, at := range part.spots {
			add(at)
		}
	}
	if u.star {
		none := make([]bool, len(entries))
		add(spot{"*", none, keyOf(none)})
	}
	slices.SortFunc(s.spots, func(a, b spot) int { return cmp.Compare(a.key, b.key) })
	return s
}

func keyOf(matches []bool) string {
	key := make([]byte, len(matches))
	for i, m := range matches {
		if m {
			key[i] = 1
		}
	}
	return string(key)
}

// formatSpace is space for the resources of one format.
func (p *problem) formatSpace(f *format, entries []int, sets [][]int) *space {
	if sets != nil {
		return p.setSpace(f, entries, sets)
	}
	relevant := p.relevant(f, entries)
	id := fmt.Sprint(f.index, relevant)
	part, known := p.spaces[id]
	if !known {
		part = p.makeSpace(f, relevant)
		p.spaces[id] = part
	}
	s := &space{entries: entries, complete: part.complete}
	for _, at := range part.spots {
		matches := make([]bool, len(entries))
		for i, e := range part.entries {
			to, _ := slices.BinarySearch(entries, e)
			matches[to] = at.matches[i]
		}
		s.spots = append(s.spots, spot{at.sample, matches, keyOf(matches)})
	}
	return s
}

// relevant leaves out the entries that match no resource of the format.
func (p *problem) relevant(f *format, entries []int) []int {
	var out []int
	for _, at := range entries {
		e := &p.entries[at]
		if f.service != "" && e.service != "" {
			if e.service == f.service {
				out = append(out, at)
			}
		} else if mayMeet(e.tokens, f.tokens) {
			out = append(out, at)
		}
	}
	return out
}

// serviceOf returns the third field of a pattern, if all that it matches has it.
func serviceOf(text string) string {
	parts := strings.SplitN(text, ":", 4)
	// A wildcard before or in it might take a colon, if another one runs on.
	if len(parts) < 4 || strings.ContainsAny(parts[0]+parts[1]+parts[2], "*?$") {
		return ""
	}
	return lowerASCII(parts[2])
}

func (p *problem) makeSpace(f *format, entries []int) *space {
	// The order of the entries is that of the texts, so that it does not matter which side is which.
	slices.SortFunc(entries, func(a, b int) int { return cmp.Compare(p.entries[a].text, p.entries[b].text) })
	s := &space{entries: entries, complete: true}
	if len(entries) == 0 {
		s.spots = []spot{{sample: f.example}}
		return s
	}
	patterns := make([]glob.ARNPattern, len(entries))
	for i, at := range entries {
		patterns[i] = p.entries[at].pattern
	}
	var atoms []glob.Atom
	s.complete = p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.ARNAtoms(patterns, arnPatterns([]fieldPattern{f.arn}), arnPatterns(f.without), steps)
		return enough
	})
	readable := p.readable(f, entries)
	for _, a := range atoms {
		sample := a.Sample
		if better, ok := readable[keyOf(a.Matches)]; ok {
			sample = better
		}
		s.spots = append(s.spots, spot{sample, a.Matches, ""})
	}
	return s
}

// readable returns readable resources by what matches them.
func (p *problem) readable(f *format, entries []int) map[string]string {
	const few = 200
	out := map[string]string{}
	if len(entries) > few {
		return out
	}
	examples := []string{f.example}
	for _, at := range entries {
		examples = append(examples, instances(p.entries[at].text)...)
	}
	for _, e := range examples {
		if !f.has(e) {
			continue
		}
		matches := make([]bool, len(entries))
		for i, at := range entries {
			matches[i] = p.entries[at].pattern.Match(e)
		}
		if key := keyOf(matches); out[key] == "" {
			out[key] = e
		}
	}
	return out
}

// instances returns readable resources that a pattern might match.
func instances(text string) []string {
	fields := strings.SplitN(text, ":", 6)
	for i, value := range []string{"", "aws", "", "us-east-1", "111122223333"} {
		if i < len(fields)-1 {
			fields[i] = lowerASCII(fields[i])
			if value != "" {
				fields[i] = strings.ReplaceAll(fields[i], "*", value)
			}
		}
	}
	text = strings.Join(fields, ":")
	var out []string
	for _, star := range []string{"example", "", "/example"} {
		out = append(out, plainText(strings.NewReplacer("${*}", "*", "${?}", "?", "${$}", "$", "*", star, "?", "x").Replace(text)))
	}
	return out
}

func plainText(s string) string { return strings.ToValidUTF8(s, "x") }
