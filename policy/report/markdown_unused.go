package report

import (
	"fmt"
	"strings"
)

func (m *markdown) unused(roles []UnusedRole) {
	m.headline(unusedSentence(roles))
	m.table([]string{"Role", "Permissions", "Write actions", "Permissions management", "Services", "Calls", ""}, len(roles), func(i int) []string {
		r := roles[i]
		remark := ""
		if r.Inactive {
			remark = fmt.Sprintf("no call in %s", Plural(int64(r.Days), "day"))
		}
		change := func(before, after int) string { return fmt.Sprintf("%d → %d", before, after) }
		return []string{
			code(r.Role), change(r.Before.Permissions, r.After.Permissions), change(r.Before.Write, r.After.Write),
			change(r.Before.PermissionsManagement, r.After.PermissionsManagement), change(r.Before.Services, r.After.Services),
			fmt.Sprint(r.Calls.Authorised), remark,
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
		m.fold(htmlName(r.Role), func() { m.unusedRole(r) })
	}
}

func (m *markdown) unusedRole(r UnusedRole) {
	groups := groupGranted(r.Granted)
	head := []string{"Status", "Action", "Resource", "Statement"}
	if m.evidence {
		head = append(head, "Evidence")
	}
	m.table(head, len(groups), func(i int) []string {
		g := groups[i][0]
		status := g.Status
		if g.Status == Unused && g.Kept {
			status += ", kept"
		}
		cells := []string{prose(status), grantedActions(groups[i]), code(g.Resource), code(g.Policy + " " + g.Statement)}
		if m.evidence {
			cells = append(cells, strings.Join(grantedEvidence(g), "<br>"))
		}
		return cells
	})
	m.table([]string{"Wildcard", "Actions", "Used", "Unused", "Not observable"}, len(r.Wildcards), func(i int) []string {
		w := r.Wildcards[i]
		return []string{code(w.Pattern), fmt.Sprint(w.Actions), fmt.Sprint(w.Used), fmt.Sprint(w.Unused), fmt.Sprint(w.Unobservable)}
	})
	if len(r.Removes) > 0 {
		m.WriteString("The proposal against the current policies:\n\n")
		changes := make([]namedChange, len(r.Removes))
		for i, c := range r.Removes {
			changes[i].Change = c
		}
		m.changes(changes, false)
	}
	if none := noProposal(r); none != "" {
		m.WriteString(none + "\n\n")
		return
	}
	m.WriteString(strings.Join(proofSentences(r), " ") + "\n\n")
}

func grantedActions(group []GrantedPermission) string {
	names := make([]string, len(group))
	for i, g := range group {
		names[i] = g.Action
	}
	if len(names) == 1 {
		return code(names[0])
	}
	return fmt.Sprintf("%d actions: %s", len(names), codes(names, listLimit))
}

func grantedEvidence(g GrantedPermission) []string {
	var out []string
	if g.Evidence.Count > 0 {
		out = append(out, fmt.Sprintf("%s, last %s", Plural(g.Evidence.Count, "call"), day(g.Evidence.Last)))
	}
	if g.As != "" {
		out = append(out, "granted as "+code(g.As))
	}
	if len(g.Conditions) > 0 {
		out = append(out, "when "+code(conditions(g.Conditions)))
	}
	if g.Why != "" {
		out = append(out, prose(g.Why))
	}
	if len(g.UsedOn) > 0 {
		out = append(out, "only used on "+codes(g.UsedOn, listLimit))
	}
	return out
}
