package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/lint"
)

// writeRules lists lint's rules, or explains those that the arguments name or match.
func writeRules(w io.Writer, patterns []string) error {
	rules := lint.Rules()
	if len(patterns) == 0 {
		t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
		fmt.Fprintln(t, "RULE\tSEVERITY\tTITLE")
		for _, r := range rules {
			fmt.Fprintf(t, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
		}
		return t.Flush()
	}
	var chosen []lint.Rule
	for _, p := range patterns {
		before := len(chosen)
		for _, r := range rules {
			if r.ID == p || glob.Compile("*"+p+"*").Match(r.ID) {
				chosen = append(chosen, r)
			}
		}
		if len(chosen) == before {
			return usagef("--rules %q: no rule has this in its ID; see lint --rules", p)
		}
	}
	slices.SortFunc(chosen, func(a, b lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	chosen = slices.CompactFunc(chosen, func(a, b lint.Rule) bool { return a.ID == b.ID })
	for i, r := range chosen {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s (%s)\n  %s\n\n%s\n", r.ID, r.Severity, r.Title, wrap(r.Help, 100, "  "))
		if len(r.AWS) > 0 {
			fmt.Fprintf(w, "\n  IAM Access Analyzer: %s\n", strings.Join(r.AWS, ", "))
		}
	}
	return nil
}

// wrap breaks text between words into lines of at most width characters, each after indent.
func wrap(text string, width int, indent string) string {
	var lines []string
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width && line != indent {
			lines = append(lines, line)
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
