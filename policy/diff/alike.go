package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// alike parts the entries of a class into sets that do the same on both sides, nil if that cannot be
// done or does not help.
func (p *problem) alike(c *class) [][]int {
	effects := map[int]string{}
	for side, list := range c.bodies {
		for _, i := range list {
			b := &p.bodies[i]
			for _, e := range b.resources {
				if p.entries[e].variable >= 0 {
					return nil
				}
				if b.notResources {
					effects[e] += fmt.Sprint(side, "not", i, ";")
				} else {
					effects[e] += fmt.Sprint(side, b.role, b.conditions, ";")
				}
			}
		}
	}
	bySet := map[string][]int{}
	for _, e := range c.entries {
		bySet[effects[e]] = append(bySet[effects[e]], e)
	}
	if len(bySet) > maxSets {
		return nil
	}
	var sets [][]int
	for _, set := range bySet {
		slices.SortFunc(set, func(a, b int) int { return cmp.Compare(p.entries[a].text, p.entries[b].text) })
		sets = append(sets, set)
	}
	slices.SortFunc(sets, func(a, b []int) int { return cmp.Compare(p.entries[a[0]].text, p.entries[b[0]].text) })
	return sets
}

// setSpace is formatSpace for sets of entries.
func (p *problem) setSpace(f *format, entries []int, sets [][]int) *space {
	s := &space{entries: entries}
	patterns := make([][]glob.ARNPattern, len(sets))
	relevant := p.relevant(f, entries)
	for i, set := range sets {
		for _, e := range set {
			if slices.Contains(relevant, e) {
				patterns[i] = append(patterns[i], p.entries[e].pattern)
			}
		}
	}
	var regions []region
	if regions, s.complete = p.regions(f.arn.whole, arnPatterns(f.without), patterns); !s.complete {
		return s
	}
	for _, r := range regions {
		matches := make([]bool, len(entries))
		for i, set := range sets {
			for _, e := range set {
				at, _ := slices.BinarySearch(entries, e)
				matches[at] = r.has[i]
			}
		}
		s.spots = append(s.spots, spot{r.sample, matches, keyOf(matches)})
	}
	return s
}

// addGrouped adds the actions that do not exist yet, as sets of wildcards tell them apart that do the
// same on both sides. Actions are written as ARNs for that, which are searched with exclusions.
func (g *group) addGrouped(c *catalogue, wildcards []int, prefix string) bool {
	if slices.ContainsFunc(wildcards, func(at int) bool { return !strings.HasPrefix(c.patterns[at].text, prefix) }) || prefix == "" {
		return false // patterns across services cannot describe one
	}
	bySet := map[string][]int{}
	for _, at := range wildcards {
		clauses := c.patterns[at].clauses
		var not []int
		for _, i := range clauses {
			if c.p.clauses[i].notActions {
				not = append(not, i)
			}
		}
		effect := fmt.Sprint(c.bodiesOf(clauses, false), not)
		bySet[effect] = append(bySet[effect], at)
	}
	var sets [][]int
	for _, set := range bySet {
		sets = append(sets, set)
	}
	first := func(set []int) string { return c.patterns[set[0]].text }
	slices.SortFunc(sets, func(a, b []int) int { return cmp.Compare(first(a), first(b)) })
	patterns := make([][]glob.ARNPattern, len(sets))
	for i, set := range sets {
		for _, at := range set {
			patterns[i] = append(patterns[i], actionARN(c.patterns[at].text))
		}
	}
	without := []glob.ARNPattern{actionARN("*:*:*")}
	for i := range g.actions {
		without = append(without, actionARN(lowerASCII(g.actions[i].id)))
	}
	regions, ok := c.p.regions(actionARN(prefix+"?*"), without, patterns)
	if !ok {
		return false
	}
	from := len(g.actions)
	for _, r := range regions {
		var met []int
		for i, has := range r.has {
			if has {
				met = append(met, c.patterns[sets[i][0]].clauses...)
			}
		}
		g.actions = append(g.actions, action{id: strings.TrimPrefix(r.sample, arnOfActions), future: true, class: c.classFor(met)})
	}
	for i, set := range sets {
		atoms := newBitset(len(g.actions))
		var texts []string
		for _, at := range set {
			k := &c.patterns[at]
			texts = append(texts, c.p.spelling[k.text])
			for j := range g.actions[:from] {
				if k.pattern.Match(lowerASCII(g.actions[j].id)) {
					atoms.add(j)
				}
			}
		}
		for j, r := range regions {
			if r.has[i] {
				atoms.add(from + j)
			}
		}
		g.grouped = append(g.grouped, newCandidate(atoms, texts...))
	}
	return true
}

// arnOfActions is what an action is written behind to make an ARN.
const arnOfActions = "arn:aws:iam:::"

// actionARN returns the pattern of the ARNs of a pattern's actions, both in lower case.
func actionARN(text string) glob.ARNPattern {
	p, _ := glob.CompileARN(arnOfActions + strings.ReplaceAll(text, "$", "${$}"))
	return p
}
