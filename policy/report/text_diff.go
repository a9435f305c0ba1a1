package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// The order in which a reviewer reads a comparison: what may widen first.
var kinds = []struct{ kind, title, mark, color string }{
	{"granted", "Granted", "+", red},
	{"undecided", "Undecided, counts as granted", "?", red},
	{"changed", "Changed conditions", "~", yellow},
	{"removed", "Removed", "-", green},
}

// Widths at which patterns go on to a next line, so that a row fits a wide terminal.
const (
	actionWidth   = 40
	resourceWidth = 60
	detailWidth   = 110
)

func writeComparisons(b *bytes.Buffer, cs []Comparison, p paint) {
	fmt.Fprintln(b, p.in(bold, compareSentence(cs)))
	same := 0
	for _, c := range cs {
		if len(c.Changes)+len(c.Notes) == 0 && c.Old != "" && c.New != "" {
			same++
			continue
		}
		fmt.Fprintln(b)
		writeSides(b, c, p)
		writeChanges(b, c.Changes, p)
	}
	if same > 0 && same < len(cs) {
		fmt.Fprintf(b, "\nThe other %s no difference.\n", have(same, "comparison"))
	}
}

// writeSides says what was compared.
func writeSides(b *bytes.Buffer, c Comparison, p paint) {
	if c.Name != "" {
		fmt.Fprintln(b, p.in(bold, "Role "+Clean(c.Name)))
	}
	switch {
	case c.Old == "" && c.New != "":
		fmt.Fprintf(b, "Only in NEW: %s\n", Clean(c.New))
	case c.New == "" && c.Old != "":
		fmt.Fprintf(b, "Only in OLD: %s\n", Clean(c.Old))
	case c.Old != "":
		fmt.Fprintf(b, "OLD %s, NEW %s\n", Clean(c.Old), Clean(c.New))
	}
	for _, n := range c.Notes {
		fmt.Fprintf(b, "Note: %s\n", Clean(n))
	}
	if len(c.Changes) == 0 {
		fmt.Fprintln(b, "No difference.")
	}
}

// writeChanges writes the rows by kind, and within a kind by service.
func writeChanges(b *bytes.Buffer, changes []Change, p paint) {
	for _, k := range kinds {
		of := ofKind(changes, k.kind)
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s (%d)\n", p.in(bold, k.title), len(of))
		for _, group := range byService(of) {
			fmt.Fprintf(b, "  %s\n", serviceTitle(group))
			rows := make([]row, len(group))
			for i, c := range group {
				rows[i] = changeRow(c, k.mark, p)
			}
			writeRows(b, "    ", rows, p.first(k.color))
		}
	}
}

func ofKind(changes []Change, kind string) []Change {
	var out []Change
	for _, c := range changes {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// byService groups rows, in the order of the services' first rows.
func byService(changes []Change) [][]Change {
	var out [][]Change
	index := map[string]int{}
	for _, c := range changes {
		i, ok := index[c.Service]
		if !ok {
			i = len(out)
			index[c.Service] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}

// serviceTitle names a group's service and the access levels in it.
func serviceTitle(group []Change) string {
	var levels []string
	for _, c := range group {
		for _, l := range c.AccessLevels {
			if !slices.Contains(levels, l.Level) {
				levels = append(levels, l.Level)
			}
		}
	}
	title := Clean(group[0].Service)
	if title == "*" {
		title = "several services"
	}
	if len(levels) > 0 {
		title += ": " + Clean(strings.Join(levels, ", "))
	}
	return title
}

func changeRow(c Change, mark string, p paint) row {
	if c.isUnknown() {
		return row{cells: [][]string{cell(mark), cell("anything")}, under: wrap(strings.Fields(Clean(c.Reason)), detailWidth)}
	}
	r := row{cells: [][]string{
		cell(mark),
		wrap(c.actionWords(), actionWidth),
		wrap(c.resourceWords(), resourceWidth),
		cell(Clean(c.today())),
		cell(Clean(c.levels())),
	}}
	colored := func(color, label, text string) {
		for i, l := range wrap(strings.Fields(Clean(text)), detailWidth) {
			if i > 0 {
				label = ""
			}
			r.under = append(r.under, p.in(color, fmt.Sprintf("%-8s %s", label, l)))
		}
	}
	line := func(label, text string) { colored("", label, text) }
	if c.Reason != "" {
		line("because", c.Reason)
	}
	for _, w := range c.Wide {
		colored(yellow, "wide", w)
	}
	switch {
	case c.OldAccess == nil && c.NewAccess == nil: // not known
	case c.Kind == "changed" || c.Kind == "undecided":
		line("old", c.OldAccess.String())
		line("new", c.NewAccess.String())
	case c.NewAccess != nil && c.NewAccess.String() != "always":
		line("allowed", c.NewAccess.String())
	case c.OldAccess != nil && c.OldAccess.String() != "always":
		line("allowed", c.OldAccess.String())
	}
	if c.Gained != nil && c.Kind == "granted" {
		line("e.g.", c.Gained.String())
	} else if c.Gained != nil {
		line("now", c.Gained.String())
	}
	if c.Lost != nil {
		line("no more", c.Lost.String())
	}
	if c.Usage != nil {
		line("used", c.Usage.String())
	}
	if c.At != nil {
		line("at", c.At.String())
	}
	return r
}

func have(n int, noun string) string {
	if n == 1 {
		return noun + " has"
	}
	return fmt.Sprintf("%d %ss have", n, noun)
}
