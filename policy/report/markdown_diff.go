package report

import (
	"fmt"
	"slices"
	"strings"
)

// A namedChange is a change with the name of its comparison.
type namedChange struct {
	name string
	Change
}

func (m *markdown) comparisons(cs []Comparison) {
	m.headline(compareSentence(cs))
	var wider, narrower, removed []namedChange
	var notes []namedNote
	for _, c := range cs {
		notes = append(notes, named(c.Name, c.Notes)...)
		for _, ch := range c.Changes {
			n := namedChange{c.Name, ch}
			switch {
			case ch.Widens || ch.Kind == "granted" || ch.Kind == "undecided":
				wider = append(wider, n)
			case ch.Kind == "removed":
				removed = append(removed, n)
			default:
				narrower = append(narrower, n)
			}
		}
	}
	slices.SortStableFunc(wider, func(a, b namedChange) int { return kindRank(a.Kind) - kindRank(b.Kind) })
	several := len(cs) > 1
	if !several && cs[0].Name != "" {
		fmt.Fprintf(m, "Role %s\n\n", code(cs[0].Name))
	}
	m.notes(notes)
	m.changes(wider, several)
	if len(narrower) > 0 {
		m.WriteString("Narrower than before:\n\n")
		m.changes(narrower, several)
	}
	if len(removed) > 0 {
		m.removed(removed, several)
	}
}

func kindRank(kind string) int {
	for i, k := range kinds {
		if k.kind == kind {
			return i
		}
	}
	return len(kinds)
}

// removed folds what goes away, or only counts it.
func (m *markdown) removed(changes []namedChange, several bool) {
	if m.details {
		m.fold(fmt.Sprintf("Removed (%d)", len(changes)), func() { m.changes(changes, several) })
		return
	}
	fmt.Fprintf(m, "Removed: %s.\n\n", Plural(int64(len(changes)), "row"))
}

// changes writes one table. With several, each row names its role.
func (m *markdown) changes(changes []namedChange, several bool) {
	head := []string{"", "Actions", "Resources", "Access"}
	if several {
		head = slices.Insert(head, 1, "Role")
	}
	if m.evidence {
		head = append(head, "Conditions and evidence")
	}
	m.table(head, len(changes), func(i int) []string {
		c := changes[i]
		cells := []string{c.Kind, markdownPatterns(c.Actions, nil, c.ActionsExcept), markdownPatterns(c.Resources, c.ResourcesWithin, c.ResourcesExcept), markdownAccess(c.Change)}
		if several {
			cells = slices.Insert(cells, 1, code(c.name))
		}
		if m.evidence {
			cells = append(cells, strings.Join(changeEvidence(c.Change), "<br>"))
		}
		return cells
	})
}

// listLimit is how many patterns of a list a cell shows.
const listLimit = 8

func markdownPatterns(include, within, except []string) string {
	out := codes(include, listLimit)
	if len(within) > 0 {
		out += " within " + codes(within, listLimit)
	}
	if len(except) > 0 {
		out += " except " + codes(except, listLimit)
	}
	return out
}

func markdownAccess(c Change) string {
	out := c.today()
	if l := c.levels(); l != "" {
		out += " (" + prose(l) + ")"
	}
	return out
}

// changeEvidence are the lines of a change's last cell.
func changeEvidence(c Change) []string {
	var out []string
	line := func(label, text string) { out = append(out, label+" "+text) }
	if c.Reason != "" {
		line("because", prose(c.Reason))
	}
	for i, w := range c.Wide {
		if i == listLimit {
			line("⚠", fmt.Sprintf("and %d more", len(c.Wide)-i))
			break
		}
		line("⚠", prose(w))
	}
	switch {
	case c.Kind == "changed" || c.Kind == "undecided":
		line("", markdownWhen(c.OldAccess)+" → "+markdownWhen(c.NewAccess))
	case c.NewAccess != nil && c.NewAccess.String() != "always":
		line("", markdownWhen(c.NewAccess))
	case c.OldAccess != nil && c.OldAccess.String() != "always":
		line("", markdownWhen(c.OldAccess))
	}
	if c.Gained != nil {
		line("e.g.", code(c.Gained.String()))
	}
	if c.Lost != nil {
		line("no more", code(c.Lost.String()))
	}
	if c.Usage != nil {
		line("used:", prose(c.Usage.String()))
	}
	if c.At != nil {
		line("at", code(c.At.String()))
	}
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// conditionLimit is how many characters of conditions a cell shows.
const conditionLimit = 400

// markdownWhen is an Access, as a plain word where it has no conditions.
func markdownWhen(a *Access) string {
	if s := a.String(); s != "always" && s != "never" {
		return "`" + literal(s, conditionLimit) + "`"
	}
	return a.String()
}
