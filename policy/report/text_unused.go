package report

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
)

func writeUnused(b *bytes.Buffer, roles []UnusedRole, p paint) {
	fmt.Fprintln(b, p.in(bold, unusedSentence(roles)))
	var idle []string
	for _, r := range roles {
		if r.Inactive {
			idle = append(idle, Clean(r.Role))
		}
	}
	section(b, "Roles without any call", idle)
	for _, r := range roles {
		fmt.Fprintln(b)
		writeUnusedRole(b, r, p)
	}
}

func writeUnusedRole(b *bytes.Buffer, r UnusedRole, p paint) {
	fmt.Fprintln(b, p.in(bold, "Role "+Clean(r.Role)))
	if len(r.Policies) > 0 {
		fmt.Fprintf(b, "Policies: %s\n", Clean(strings.Join(r.Policies, ", ")))
	}
	fmt.Fprintf(b, "Calls in %s: %d authorised, %d denied, %d inconclusive.\n",
		Plural(int64(r.Days), "day"), r.Calls.Authorised, r.Calls.Denied, r.Calls.Inconclusive)
	for _, n := range r.Notes {
		fmt.Fprintf(b, "Note: %s\n", Clean(n))
	}
	writeTotals(b, r.Before, r.After)
	writeGranted(b, r.Granted, p)
	writeWildcards(b, r.Wildcards)
	if len(r.Removes) > 0 {
		fmt.Fprintf(b, "\nThe proposal against the current policies:\n")
		writeChanges(b, r.Removes, p)
	}
	writeUnusedVerdict(b, r)
}

func writeTotals(b *bytes.Buffer, before, after Totals) {
	t := tabwriter.NewWriter(b, 2, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\n\tactions\twrite\tpermissions management\tservices\tpermissions\t")
	for _, line := range []struct {
		name string
		Totals
	}{{"before", before}, {"after", after}} {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t\n", line.name, line.Actions, line.Write, line.PermissionsManagement, line.Services, line.Permissions)
	}
	t.Flush()
}

func writeGranted(b *bytes.Buffer, granted []GrantedPermission, p paint) {
	groups := groupGranted(granted)
	if len(groups) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n", p.in(bold, "Granted permissions"), len(granted))
	rows := []row{{cells: [][]string{cell("STATUS"), cell("ACTION"), cell("RESOURCE"), cell("CALLS"), cell("LAST"), cell("STATEMENT")}}}
	for _, g := range groups {
		rows = append(rows, grantedRow(g))
	}
	at := -1 // the heading has no colour
	writeRows(b, "  ", rows, func(column int, s string) string {
		if column == 0 {
			at++
		}
		if column > 0 || at == 0 {
			return s
		}
		return p.in(statusColor(groups[at-1][0]), s)
	})
}

func statusColor(g GrantedPermission) string {
	switch g.Status {
	case Used:
		return green
	case Unused:
		return red
	}
	return yellow
}

func grantedRow(group []GrantedPermission) row {
	g := group[0]
	status := g.Status
	if g.Status == Unused && g.Kept {
		status += ", kept"
	}
	action := Clean(g.Action)
	if len(group) > 1 {
		action = fmt.Sprintf("%s: %d actions", Clean(service(g.Action)), len(group))
	}
	calls, last := "-", "-"
	if g.Evidence.Count > 0 {
		calls, last = fmt.Sprint(g.Evidence.Count), day(g.Evidence.Last)
	}
	r := row{cells: [][]string{
		cell(status), cell(action), wrap(commas([]string{g.Resource}), resourceWidth), cell(calls), cell(last), cell(Clean(g.Policy + " " + g.Statement)),
	}}
	line := func(label, text string) {
		r.under = append(r.under, wrap(strings.Fields(Clean(label+" "+text)), detailWidth)...)
	}
	if len(group) > 1 {
		names := make([]string, len(group))
		for i, m := range group {
			_, names[i], _ = strings.Cut(m.Action, ":")
		}
		r.under = append(r.under, wrap(commas(names), detailWidth)...)
	}
	if g.As != "" {
		line("granted as", g.As)
	}
	if len(g.Conditions) > 0 {
		line("when", conditions(g.Conditions))
	}
	if g.Why != "" {
		line("because", g.Why)
	}
	if len(g.UsedOn) > 0 {
		line("only used on", strings.Join(g.UsedOn, ", "))
	}
	return r
}

func writeWildcards(b *bytes.Buffer, ws []WildcardUse) {
	if len(ws) == 0 {
		return
	}
	fmt.Fprintf(b, "\nWildcards (%d)\n", len(ws))
	rows := make([]row, len(ws))
	for i, w := range ws {
		use := fmt.Sprintf("%d of %s used", w.Used, Plural(int64(w.Actions), "action"))
		if w.Unobservable > 0 {
			use += fmt.Sprintf(", %d cannot be observed", w.Unobservable)
		}
		rows[i] = row{cells: [][]string{cell(Clean(w.Pattern)), cell(use), cell(Clean(w.Policy + " " + w.Statement))}}
	}
	writeRows(b, "  ", rows, untinted)
}

func writeUnusedVerdict(b *bytes.Buffer, r UnusedRole) {
	if none := noProposal(r); none != "" {
		fmt.Fprintf(b, "\n%s\n", none)
		return
	}
	fmt.Fprintln(b, "\nProposal:")
	for _, d := range r.Proposed {
		fmt.Fprintf(b, "  %d characters in %s in the place of %s\n", d.Size, Plural(int64(len(d.Document.Statements)), "statement"), Clean(d.Replaces))
	}
	for _, s := range proofSentences(r) {
		fmt.Fprintln(b, s)
	}
}
