package report

import (
	"fmt"
	"slices"
	"strings"
)

// changeCounts counts the rows of comparisons by what a reviewer does about them.
type changeCounts struct {
	granted, writing, undecided, wider, narrower, removed int
	notes                                                 bool
	differ                                                int // comparisons with a row
}

func count(cs []Comparison) changeCounts {
	var n changeCounts
	for _, c := range cs {
		n.notes = n.notes || len(c.Notes) > 0
		if len(c.Changes) > 0 {
			n.differ++
		}
		for _, ch := range c.Changes {
			switch {
			case ch.Kind == "granted":
				n.granted++
				if ch.writes() {
					n.writing++
				}
			case ch.Kind == "undecided":
				n.undecided++
			case ch.Kind == "removed":
				n.removed++
			case ch.Widens:
				n.wider++
			default:
				n.narrower++
			}
		}
	}
	return n
}

// compareSentence says what a reviewer has to know of a comparison, in one sentence.
func compareSentence(cs []Comparison) string {
	n := count(cs)
	var parts []string
	add := func(count int, format, noun string) {
		if count > 0 {
			parts = append(parts, fmt.Sprintf(format, Plural(int64(count), noun)))
		}
	}
	if n.granted > 0 {
		what := fmt.Sprintf("grants %s that OLD does not", Plural(int64(n.granted), "thing"))
		switch {
		case n.writing == 1 && n.granted == 1:
			what += ", which can write"
		case n.writing > 0:
			what += fmt.Sprintf(", %d of them can write", n.writing)
		}
		parts = append(parts, what)
	}
	add(n.undecided, "may grant %s more, which could not be decided and counts as granted", "thing")
	add(n.wider, "allows %s under wider conditions", "thing")
	if len(parts) == 0 {
		parts = append(parts, "grants nothing that OLD does not")
	}
	add(n.narrower, "narrows the conditions of %s", "thing")
	add(n.removed, "removes %s", "thing")
	sentence := "NEW " + strings.Join(parts, "; it ")
	switch {
	case n.differ == 0 && n.notes:
		sentence = "No difference in what could be compared"
	case n.differ == 0 && len(cs) > 1:
		sentence = fmt.Sprintf("No difference: OLD and NEW allow exactly the same in all %d comparisons", len(cs))
	case n.differ == 0:
		sentence = "No difference: OLD and NEW allow exactly the same"
	case len(cs) > 1:
		sentence = fmt.Sprintf("In %d of %d roles, %s", n.differ, len(cs), sentence)
	}
	if n.notes {
		sentence += "; see the notes"
	}
	return sentence + "."
}

// severities in their order, the worst first.
var severities = []string{"error", "security", "warning", "suggestion"}

// lintSentence counts the findings by severity.
func lintSentence(l Lint) string {
	counts := map[string]int{}
	for _, f := range l.Findings {
		counts[f.Severity]++
	}
	var parts []string
	for _, s := range severities {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	out := "No findings"
	if len(l.Findings) > 0 {
		out = Plural(int64(len(l.Findings)), "finding") + " (" + strings.Join(parts, ", ") + ")"
	}
	out += fmt.Sprintf(" in %s of %s", policies(l.Policies), Plural(int64(l.Files), "file"))
	if len(l.Ignored) > 0 {
		out += fmt.Sprintf("; %d ignored", len(l.Ignored))
	}
	return out + "."
}

func policies(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}

// unusedSentence says what can go, and what is not known.
func unusedSentence(roles []UnusedRole) string {
	var granted, unused, dark, kept, inactive int
	for _, r := range roles {
		granted += len(r.Granted)
		if r.Inactive {
			inactive++
		}
		for _, g := range r.Granted {
			switch g.Status {
			case Unused:
				unused++
				if g.Kept {
					kept++
				}
			case Unobservable:
				dark++
			}
		}
	}
	out := fmt.Sprintf("Nothing used %d of %s", unused, Plural(int64(granted), "granted permission"))
	if unused == 0 {
		out = fmt.Sprintf("No permission is known to be unused of %d granted", granted)
	}
	if len(roles) != 1 {
		out += fmt.Sprintf(" of %d roles", len(roles))
	}
	if kept > 0 {
		out += fmt.Sprintf(", %d of them kept for now", kept)
	}
	if dark > 0 {
		out += fmt.Sprintf("; %d cannot be observed and stay", dark)
	}
	if inactive > 0 {
		out += fmt.Sprintf("; the log has no call of %s", Plural(int64(inactive), "role"))
	}
	return out + "."
}

// proofSentences say what was checked of a proposal that takes the place of policies: that it is
// sufficient by replay, and contained by the exact comparison with them.
func proofSentences(r UnusedRole) []string {
	out := []string{fmt.Sprintf("Sufficient: on replay it allows %d of %s that the current policies allow%s.",
		r.Proof.Allowed, Plural(r.Proof.Checked, "authorised call"), unknownCalls(r.Proof))}
	n := count([]Comparison{{Changes: r.Removes}})
	switch wider := n.granted + n.undecided + n.wider; {
	case len(r.Removes) == 0:
	case wider > 0:
		out = append(out, fmt.Sprintf("Not contained: by comparison it may allow %s that the current policies do not.", Plural(int64(wider), "thing")))
	default:
		out = append(out, "Contained: by comparison it allows nothing that the current policies do not.")
	}
	return out
}

// sufficient says what the replay of a proposal showed.
func sufficient(p Proof) string {
	return fmt.Sprintf("Sufficient: on replay it allows %d of %s that need a permission%s.", p.Allowed, Plural(p.Checked, "authorised call"), unknownCalls(p))
}

func unknownCalls(p Proof) string {
	if p.Unknown == 0 {
		return ""
	}
	return fmt.Sprintf("; what %s more need is not known", Plural(p.Unknown, "call"))
}

// noProposal says why there is no proposal for a role, empty if there is one.
func noProposal(r UnusedRole) string {
	kept := !slices.ContainsFunc(r.Granted, func(g GrantedPermission) bool { return !g.Kept })
	switch {
	case kept && len(r.Removes) == 0 && len(r.Granted) > 0:
		return "Proposal: no change, as nothing is known to be unused."
	case len(r.Proposed) > 0:
		return ""
	case len(r.Policies) == 0:
		return "Proposal: none, as the input has no policy of the role."
	}
	return "Proposal: no policy, as nothing of the current ones is to be kept."
}
