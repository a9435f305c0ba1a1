package report

import "fmt"

func (m *markdown) lint(l Lint) {
	m.headline(lintSentence(l))
	var main, suggestions []LintFinding
	for _, f := range l.Findings {
		if f.Severity == "suggestion" {
			suggestions = append(suggestions, f)
		} else {
			main = append(main, f)
		}
	}
	m.findings(main)
	if !m.details {
		for _, rest := range []struct {
			title string
			n     int
		}{{"Suggestions", len(suggestions)}, {"Ignored", len(l.Ignored)}} {
			if rest.n > 0 {
				fmt.Fprintf(m, "%s: %d.\n\n", rest.title, rest.n)
			}
		}
		return
	}
	if len(suggestions) > 0 {
		m.fold(fmt.Sprintf("Suggestions (%d)", len(suggestions)), func() { m.findings(suggestions) })
	}
	if len(l.Ignored) > 0 {
		m.fold(fmt.Sprintf("Ignored (%d)", len(l.Ignored)), func() {
			m.table([]string{"Where", "Rule", "Reason"}, len(l.Ignored), func(i int) []string {
				f := l.Ignored[i]
				return []string{code(f.At.String()), code(f.Rule), prose(f.Reason)}
			})
		})
	}
	if m.evidence && len(l.Rules) > 0 {
		m.fold(fmt.Sprintf("Rules (%d)", len(l.Rules)), func() {
			m.table([]string{"Rule", "What it means", "Counterpart in IAM Access Analyzer"}, len(l.Rules), func(i int) []string {
				r := l.Rules[i]
				return []string{code(r.ID), prose(r.Title), codes(r.AWS, listLimit)}
			})
		})
	}
}

func (m *markdown) findings(fs []LintFinding) {
	m.table([]string{"Severity", "Rule", "Finding", "Policy", "Where"}, len(fs), func(i int) []string {
		f := fs[i]
		where := code(f.Policy)
		if f.Role != "" {
			where += " of " + code(f.Role)
		}
		return []string{prose(f.Severity), code(f.Rule), prose(f.Message), where, code(f.At.String())}
	})
}
