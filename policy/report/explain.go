package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Explain writes everything that stands behind one permission of a role.
func Explain(w io.Writer, role string, p Permission) error {
	var b bytes.Buffer
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-12s %s\n", label, Clean(fmt.Sprintf(format, args...)))
	}
	fmt.Fprintf(&b, "%s on %s\n", Clean(p.Action), Clean(p.Resource))
	line("role", "%s", role)
	if p.AccessLevel != "" {
		line("access", "%s", p.AccessLevel)
	}
	for _, c := range p.Conditions {
		line("condition", "%s %s %s", c.Operator, c.Key, strings.Join(c.Values, ", "))
	}
	if len(p.Functions) > 0 {
		line("functions", "%s", strings.Join(p.Functions, ", "))
	}
	if p.LambdaService {
		line("used by", "Lambda itself, outside the function's code")
	}
	if e := p.Evidence; e.Count > 0 {
		line("calls", "%d on %s, first %s, last %s", e.Count, Plural(int64(e.Days), "day"), e.First.UTC().Format(time.RFC3339), e.Last.UTC().Format(time.RFC3339))
		line("events", "%s", strings.Join(p.Events, ", "))
		line("event IDs", "%s", strings.Join(e.EventIDs, ", "))
	} else {
		line("calls", "none recorded")
	}
	line("rule", "%s", strings.Join(p.Rules, ", "))
	if p.Widening != nil {
		line("widened", "%s: %s", p.Widening.Reason, p.Widening.Detail)
		line("names seen", "%d, for example %s", p.Widening.Distinct, strings.Join(p.Widening.Examples, ", "))
	}
	for _, s := range p.Suggested {
		state := "possible"
		if s.Applied {
			state = "applied"
		}
		line(state, "%s %s %s: %s", s.Condition.Operator, s.Condition.Key, strings.Join(s.Condition.Values, ", "), s.Why)
	}
	for _, f := range p.Findings {
		line("finding", "%s: %s", f.Kind, f.Detail)
	}
	if len(p.Sids) > 0 {
		line("statement", "%s", strings.Join(p.Sids, ", "))
	}
	fmt.Fprintln(&b)
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write explanation: %w", err)
	}
	return nil
}
