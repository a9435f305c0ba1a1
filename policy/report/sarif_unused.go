package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

var unusedRules = []sarifRule{
	newSarifRule("unused/permission", "Nothing used a granted permission",
		"The log covers the role and would show the permission's use, and there was none. The proposed policy is without it.", "note", "3.0"),
	newSarifRule("unused/role", "A role made no call",
		"The log shows no call of the role at all. If nothing needs it, delete it.", "warning", "4.0"),
}

// sarifUnused has a result for each inactive role, and one for each group of permissions that the proposal
// of an active one leaves out.
func sarifUnused(roles []UnusedRole) sarifSection {
	out := sarifSection{name: "unused", rules: unusedRules}
	for _, r := range roles {
		if r.Inactive && showsUnused(r) {
			out.results = append(out.results, sarifResult{
				RuleID: "unused/role", Level: "warning",
				Message:      message(fmt.Sprintf("The role %s made no call in %s.", r.Role, Plural(int64(r.Days), "day"))),
				Locations:    place(r.At, r.Role, r.Role),
				Fingerprints: fingerprint(r.Role),
			})
			continue
		}
		for _, g := range groupGranted(r.Granted) {
			if g[0].Status == Unused && !g[0].Kept {
				out.results = append(out.results, sarifPermission(r, g))
			}
		}
	}
	return out
}

// showsUnused says that the log is good enough to call something unused. An inactive role with nothing
// but unobservable permissions is one that the log does not cover.
func showsUnused(r UnusedRole) bool {
	return slices.ContainsFunc(r.Granted, func(g GrantedPermission) bool { return g.Status == Unused })
}

func sarifPermission(r UnusedRole, group []GrantedPermission) sarifResult {
	g, level := group[0], "note"
	names := make([]string, len(group))
	for i, m := range group {
		names[i] = m.Action
		if writing[m.AccessLevel] {
			level = "warning"
		}
	}
	what := names[0]
	if len(names) > 1 {
		what = fmt.Sprintf("%d actions of %s", len(names), service(g.Action))
	}
	text := fmt.Sprintf("Nothing used %s on %s in %s", what, g.Resource, Plural(int64(r.Days), "day"))
	if g.As != "" {
		text += ", granted as " + g.As
	}
	if len(names) > 1 {
		text += ": " + few(commas(names))
	}
	// A wildcard's unused actions stay one result while some of them come into use.
	value := g.As
	if value == "" {
		value = strings.Join(names, " ")
	}
	return sarifResult{
		RuleID: "unused/permission", Level: level, Message: message(text + "."),
		Locations:    place(cmp.Or(g.At, r.At), r.Role, r.Role, g.Policy, g.Statement),
		Fingerprints: fingerprint(r.Role, g.Policy, g.Statement, service(g.Action), g.Resource, value),
	}
}
