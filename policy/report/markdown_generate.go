package report

import (
	"fmt"
	"strings"
)

// proposalSentence says what generate proposes, and how far its replay carries.
func proposalSentence(roles []Role) string {
	var permissions, wider, denied int
	var p Proof
	for _, r := range roles {
		permissions += len(r.Permissions)
		denied += len(r.Denied)
		p.Checked += r.Proof.Checked
		p.Allowed += r.Proof.Allowed
		for _, q := range r.Permissions {
			if q.Widening != nil {
				wider++
			}
		}
	}
	out := fmt.Sprintf("%s for %s allow %d of %s on replay", Plural(int64(permissions), "permission"),
		Plural(int64(len(roles)), "proposal"), p.Allowed, Plural(p.Checked, "authorised call"))
	if wider > 0 {
		out += fmt.Sprintf("; %d wider than the names seen", wider)
	}
	if denied > 0 {
		out += fmt.Sprintf("; %s of call denied and not granted", Plural(int64(denied), "kind"))
	}
	return out + containedSentence(roles) + "."
}

func (m *markdown) proposals(roles []Role) {
	m.headline(proposalSentence(roles))
	m.table([]string{"Role", "Permissions", "Characters", "Calls", "Denied", "To check", "Allowed on replay"}, len(roles), func(i int) []string {
		r := roles[i]
		size, check := 0, 0
		for _, p := range r.Policies {
			size += p.Size
		}
		for _, p := range r.Permissions {
			check += len(p.Findings)
		}
		return []string{
			roleName(r), fmt.Sprint(len(r.Permissions)), fmt.Sprint(size), fmt.Sprint(r.Calls.Authorised), fmt.Sprint(r.Calls.Denied),
			fmt.Sprint(check), fmt.Sprintf("%d of %d", r.Proof.Allowed, r.Proof.Checked),
		}
	})
	var notes []namedNote
	for _, r := range roles {
		notes = append(notes, named(r.Role, r.Notes)...)
	}
	m.notes(notes)
	if !m.details {
		return
	}
	for _, r := range roles {
		title := htmlName(r.Role)
		if r.Function != "" {
			title += " for " + htmlName(r.Function)
		}
		m.fold(title, func() { m.proposal(r) })
	}
}

func roleName(r Role) string {
	if r.Function != "" {
		return code(r.Role) + " for " + code(r.Function)
	}
	return code(r.Role)
}

func (m *markdown) proposal(r Role) {
	head := []string{"Action", "Resource", "Conditions"}
	if m.evidence {
		head = append(head, "Evidence")
	}
	m.table(head, len(r.Permissions), func(i int) []string {
		p := r.Permissions[i]
		when := "none"
		if len(p.Conditions) > 0 {
			when = code(conditions(p.Conditions))
		}
		cells := []string{code(p.Action), code(p.Resource), when}
		if m.evidence {
			cells = append(cells, strings.Join(permissionEvidence(p), "<br>"))
		}
		return cells
	})
	m.refused(r)
	fmt.Fprintf(m, "%s %d of its %s of action and resource are listed.\n\n", sufficient(r.Proof), r.Proof.Traced, Plural(int64(r.Proof.Pairs), "pair"))
	if c := r.Containment; c != nil {
		fmt.Fprintf(m, "%s\n\n", prose(c.sentence()))
		beyond := make([]namedChange, len(c.Beyond))
		for i, change := range c.Beyond {
			beyond[i] = namedChange{Change: change}
		}
		m.changes(beyond, false)
	}
}

func permissionEvidence(p Permission) []string {
	out := []string{"not seen"}
	if p.Evidence.Count > 0 {
		out[0] = fmt.Sprintf("%s, last %s", Plural(p.Evidence.Count, "call"), day(p.Evidence.Last))
	}
	if p.Widening != nil {
		out = append(out, "wider: "+prose(p.Widening.Detail))
	}
	for i, f := range p.Findings {
		if i == listLimit {
			return append(out, fmt.Sprintf("and %d more findings", len(p.Findings)-i))
		}
		out = append(out, "check "+code(f.Kind)+": "+prose(f.Detail))
	}
	return out
}

// refused lists the calls that gave no permission.
func (m *markdown) refused(r Role) {
	m.table([]string{"Denied, not granted", "Needs", "Calls"}, len(r.Denied), func(i int) []string {
		d := r.Denied[i]
		needs := "not known"
		if d.Action != "" {
			needs = code(d.Action)
			if d.Resource != "" {
				needs += " on " + code(d.Resource)
			}
		}
		return []string{code(d.Event), needs, fmt.Sprint(d.Evidence.Count)}
	})
	m.table([]string{"No permission derived", "Why", "Calls"}, len(r.Unmapped), func(i int) []string {
		u := r.Unmapped[i]
		return []string{code(u.Event), prose(u.Reason), fmt.Sprint(u.Evidence.Count)}
	})
	m.table([]string{"Inconclusive, not granted", "Calls"}, len(r.Inconclusive), func(i int) []string {
		c := r.Inconclusive[i]
		return []string{code(c.Event), fmt.Sprint(c.Evidence.Count)}
	})
}
