package report

import (
	"bytes"
	"fmt"
	"strings"
)

func section(b *bytes.Buffer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n", title, len(lines))
	for _, l := range lines {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

func widened(ps []Permission) []string {
	var out []string
	for _, p := range ps {
		if p.Widening == nil {
			continue
		}
		line := fmt.Sprintf("%s on %s\n    %s", Clean(p.Action), Clean(p.Resource), Clean(p.Widening.Detail))
		for _, e := range p.Widening.Examples {
			line += "\n    e.g. " + Clean(e)
		}
		out = append(out, line)
	}
	return out
}

// findings gives each distinct finding a line, with the permissions that it is about.
func findings(ps []Permission) []string {
	about := map[Finding][]string{}
	var order []Finding
	for _, p := range ps {
		for _, f := range p.Findings {
			if about[f] == nil {
				order = append(order, f)
			}
			about[f] = append(about[f], fmt.Sprintf("%s on %s", Clean(p.Action), Clean(p.Resource)))
		}
	}
	var out []string
	for _, f := range order {
		out = append(out, fmt.Sprintf("%s: %s\n    %s", Clean(f.Kind), Clean(f.Detail), strings.Join(about[f], "\n    ")))
	}
	return out
}

func onStar(ps []Permission) []string {
	var actions []string
	for _, p := range ps {
		if p.Resource == "*" {
			actions = append(actions, Clean(p.Action))
		}
	}
	if len(actions) == 0 {
		return nil
	}
	return []string{strings.Join(actions, ", ")}
}

// suggestions groups permissions by the condition that they could have, or have.
func suggestions(ps []Permission) []string {
	about := map[string][]string{}
	var order []string
	for _, p := range ps {
		for _, s := range p.Suggested {
			line := fmt.Sprintf("%s %s %s", s.Condition.Operator, s.Condition.Key, strings.Join(s.Condition.Values, ", "))
			if !s.Applied {
				line += " (not in the policy; --conditions adds it)"
			}
			if about[line] == nil {
				order = append(order, line)
			}
			about[line] = append(about[line], fmt.Sprintf("%s on %s: %s", Clean(p.Action), Clean(p.Resource), Clean(s.Why)))
		}
	}
	var out []string
	for _, line := range order {
		out = append(out, Clean(line)+"\n    "+strings.Join(about[line], "\n    "))
	}
	return out
}

func denied(ds []Denied) []string {
	var out []string
	for _, d := range ds {
		line := callRow(d.CallRow)
		if d.Action != "" {
			line += ": needs " + Clean(d.Action)
			if d.Resource != "" {
				line += " on " + Clean(d.Resource)
			}
		}
		if d.By != "" {
			line += "; " + refusal(d)
		}
		out = append(out, line)
	}
	return out
}

// refusal says which policy refused, in the words of AWS's message.
func refusal(d Denied) string {
	kind := map[string]string{
		"identity": "identity-based policy", "resource": "resource-based policy", "boundary": "permissions boundary",
		"session": "session policy", "scp": "service control policy", "rcp": "resource control policy", "vpce": "VPC endpoint policy",
	}[d.By]
	if d.Explicit {
		return "explicit deny in a " + kind
	}
	return "no " + kind + " allows it"
}

func unmapped(us []Unmapped) []string {
	var out []string
	for _, u := range us {
		line := callRow(u.CallRow) + ": " + Clean(u.Reason)
		if u.Detail != "" {
			line += ", " + Clean(u.Detail)
		}
		out = append(out, line)
	}
	return out
}

func inconclusive(cs []CallRow) []string {
	var out []string
	for _, c := range cs {
		out = append(out, callRow(c))
	}
	return out
}

func callRow(c CallRow) string {
	line := Clean(c.Event)
	if c.ErrorCode != "" {
		line += " " + Clean(c.ErrorCode)
	}
	return fmt.Sprintf("%s, %s, last %s", line, Plural(c.Evidence.Count, "call"), day(c.Evidence.Last))
}
