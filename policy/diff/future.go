package diff

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// elsewhere returns the actions of services that neither the reference nor the policies name.
func (c *catalogue) elsewhere(prefixes []string) *group {
	g := &group{}
	g.addFuture(c, c.relevant(c.across), "", func(id string) string {
		prefix, _, _ := strings.Cut(id, ":")
		if _, taken := slices.BinarySearch(prefixes, prefix); taken {
			return prefix + ":*"
		}
		return ""
	})
	return g
}

// addFuture adds an action for each way in which the wildcards can meet an action that does not
// exist yet. taken returns a pattern of names that exist, if id is one.
func (g *group) addFuture(c *catalogue, wildcards []int, prefix string, taken func(id string) string) {
	var excluded []string
	for _, name := range []string{"NewAction", "AnotherNewAction"} {
		id := prefix + name
		if prefix == "" {
			id = "newservice:" + name
		}
		if len(wildcards) == 0 && taken(lowerASCII(id)) == "" {
			g.actions = append(g.actions, action{id: id, future: true, class: c.classFor(nil)})
			return
		}
	}
	for {
		atoms, complete := c.futureAtoms(wildcards, prefix, excluded)
		found := len(excluded)
		for _, a := range atoms {
			if pattern := taken(a.Sample); pattern != "" && !slices.Contains(excluded, pattern) {
				excluded = append(excluded, pattern)
			}
		}
		if len(excluded) > found {
			continue
		}
		if !complete && g.addGrouped(c, wildcards, prefix) {
			return
		}
		if !complete {
			g.actions = append(g.actions, action{id: prefix + "NewAction", future: true, undecided: true})
			return
		}
		for _, a := range atoms {
			id := c.readableAction(a, wildcards, prefix, taken)
			g.actions = append(g.actions, action{id: id, future: true, class: c.classOf(a.Sample, wildcards)})
		}
		return
	}
}

// relevant returns the wildcards that a changed one meets: where no changed one matches, there is no
// difference.
func (c *catalogue) relevant(wildcards []int) []int {
	if c.anywhere {
		return wildcards
	}
	return slices.DeleteFunc(slices.Clone(wildcards), func(at int) bool {
		return !slices.ContainsFunc(wildcards, func(other int) bool {
			return c.patterns[other].changed && c.patterns[at].pattern.Intersects(c.patterns[other].pattern)
		})
	})
}

// futureAtoms returns the atoms of the wildcards that begin with prefix and are actions, but for
// those that excluded patterns match.
func (c *catalogue) futureAtoms(wildcards []int, prefix string, excluded []string) (atoms []glob.Atom, complete bool) {
	own := prefix + "?*"
	if prefix == "" {
		own = "?*:?*"
	}
	patterns := []glob.Pattern{glob.CompileFold(own), glob.Compile("*:*:*")}
	for _, text := range excluded {
		patterns = append(patterns, glob.CompileFold(text))
	}
	rest := len(patterns)
	for _, at := range wildcards {
		patterns = append(patterns, c.patterns[at].pattern)
	}
	complete = c.p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.Atoms(patterns, steps)
		return enough
	})
	atoms = slices.DeleteFunc(atoms, func(a glob.Atom) bool { return !a.Matches[0] || slices.Contains(a.Matches[1:rest], true) })
	for i := range atoms {
		atoms[i].Sample, atoms[i].Matches = lowerASCII(atoms[i].Sample), atoms[i].Matches[rest:]
	}
	return atoms, complete
}

// readableAction returns a name that means more than an atom's sample, if there is one.
func (c *catalogue) readableAction(a glob.Atom, wildcards []int, prefix string, taken func(string) string) string {
	names := []string{prefix + "NewAction"}
	if prefix == "" {
		names = []string{"newservice:NewAction"}
	}
	for i, at := range wildcards {
		if a.Matches[i] {
			text := c.p.spelling[c.patterns[at].text]
			if before, name, ok := strings.Cut(text, ":"); ok && strings.ContainsAny(before, "*?") {
				text = prefix + name
			}
			names = append(names, strings.NewReplacer("*", "NewAction", "?", "X").Replace(text))
		}
	}
	for _, name := range names {
		lower := lowerASCII(name)
		if !strings.HasPrefix(lower, prefix) || strings.Count(lower, ":") != 1 || taken(lower) != "" {
			continue
		}
		fits := true
		for i, at := range wildcards {
			fits = fits && c.patterns[at].pattern.Match(lower) == a.Matches[i]
		}
		if fits {
			return name
		}
	}
	return a.Sample
}
