package report

import (
	"bytes"
	"fmt"
)

var severityColors = map[string]string{"error": red, "security": red, "warning": yellow, "suggestion": cyan}

// writeLint writes the findings in the form that editors and other tools know how to follow.
func writeLint(b *bytes.Buffer, l Lint, p paint) {
	writeFindings(b, l.Findings, p)
	if len(l.Ignored) > 0 {
		fmt.Fprintf(b, "%s (%d)\n", p.in(bold, "Ignored"), len(l.Ignored))
		for _, f := range l.Ignored {
			fmt.Fprintf(b, "  %s %s: %s\n", Clean(f.At.String()), Clean(f.Rule), Clean(f.Reason))
		}
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, p.in(bold, lintSentence(l)))
}

// writeFindings writes the findings of one policy after the other, each under the policy's name.
func writeFindings(b *bytes.Buffer, findings []LintFinding, p paint) {
	for len(findings) > 0 {
		first, n := findings[0], 0
		for n < len(findings) && samePolicy(first, findings[n]) {
			n++
		}
		title := "Policy " + first.Policy
		if first.Role != "" {
			title += " of role " + first.Role
		}
		fmt.Fprintln(b, p.in(bold, Clean(title)))
		rows := make([]row, n)
		for i, f := range findings[:n] {
			rows[i] = row{cells: [][]string{
				cell(Clean(f.At.String())), cell(Clean(f.Severity)), cell(Clean(f.Rule)), cell(Clean(f.Message)),
			}}
		}
		at := 0 // rows are tinted in order, one severity each
		writeRows(b, "", rows, func(column int, s string) string {
			if column != 1 {
				return s
			}
			at++
			return p.in(severityColors[findings[at-1].Severity], s)
		})
		fmt.Fprintln(b)
		findings = findings[n:]
	}
}

func samePolicy(a, b LintFinding) bool {
	return a.At.File == b.At.File && a.Policy == b.Policy && a.Role == b.Role
}
