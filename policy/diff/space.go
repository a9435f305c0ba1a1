package diff

import (
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
}

// space returns the resources of a universe as the entries, which are sorted, tell them apart.
func (p *problem) space(u *universe, entries []int) *space {
	entries = p.relevant(u, entries)
	id := fmt.Sprint(u.index, entries)
	s, known := p.spaces[id]
	if !known {
		s = p.makeSpace(u, entries)
		p.spaces[id] = s
	}
	return s
}

// relevant leaves out the entries that another service's name keeps from matching.
func (p *problem) relevant(u *universe, entries []int) []int {
	if u.service == "" {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), func(at int) bool {
		service := p.entries[at].service
		return service != "" && service != u.service
	})
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

func (p *problem) makeSpace(u *universe, entries []int) *space {
	s := &space{universe: u, entries: entries, complete: true}
	if u.star {
		s.spots = append(s.spots, spot{"*", make([]bool, len(entries))})
	}
	if len(u.within) == 0 {
		return s
	}
	if len(entries) == 0 {
		s.spots = append(s.spots, spot{p.readableSample(u), nil})
		return s
	}
	patterns := make([]glob.ARNPattern, len(entries))
	for i, at := range entries {
		patterns[i] = p.entries[at].pattern
	}
	var atoms []glob.Atom
	s.complete = p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.ARNAtoms(patterns, arnPatterns(u.within), arnPatterns(u.without), steps)
		return enough
	})
	readable := p.readable(u, entries)
	for _, a := range atoms {
		sample := a.Sample
		if better, ok := readable[fmt.Sprint(a.Matches)]; ok {
			sample = better
		}
		s.spots = append(s.spots, spot{sample, a.Matches})
	}
	return s
}

// readableSample returns a resource of a universe in which no entry matters.
func (p *problem) readableSample(u *universe) string {
	for _, e := range u.examples {
		if u.has(e) && e != "*" {
			return e
		}
	}
	partition := p.options.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":service:us-east-1:111122223333:example"
}

// readable returns readable resources by what matches them.
func (p *problem) readable(u *universe, entries []int) map[string]string {
	const few = 200
	out := map[string]string{}
	if len(entries) > few {
		return out
	}
	examples := append([]string{p.readableSample(u)}, u.examples...)
	for _, at := range entries {
		examples = append(examples, instances(p.entries[at].text)...)
	}
	for _, e := range examples {
		if e == "*" || !u.has(e) {
			continue
		}
		matches := make([]bool, len(entries))
		for i, at := range entries {
			matches[i] = p.entries[at].pattern.Match(e)
		}
		if key := fmt.Sprint(matches); out[key] == "" {
			out[key] = e
		}
	}
	return out
}

// instances returns readable resources that a pattern might match.
func instances(text string) []string {
	fields := strings.SplitN(text, ":", 6)
	for i, value := range []string{"", "aws", "", "us-east-1", "111122223333"} {
		if i < len(fields)-1 && value != "" {
			fields[i] = strings.ReplaceAll(fields[i], "*", value)
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
