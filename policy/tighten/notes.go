package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// notes says what a reviewer has to know of a proposal as a whole.
func notes(r report.Role, usages []trail.Usage) []string {
	var out []string
	if strangers, calls := sessions(usages); calls > 0 {
		out = append(out, fmt.Sprintf("%d calls came from sessions that are not known to be functions (%s): make sure that they were, before you grant what they did", calls, strings.Join(strangers, ", ")))
	}
	if r.Function != "" && slices.ContainsFunc(usages, func(u trail.Usage) bool { return u.Kind == trail.Call && u.Function == "" }) {
		out = append(out, "calls that name no function (Lambda's own use of the role, other sessions) are in the policy of each function of the role")
	}
	if !slices.ContainsFunc(r.Permissions, func(p report.Permission) bool {
		return p.Evidence.Count > 0 && recorded.Of(p.Action).Kind == recorded.Data
	}) {
		out = append(out, "no data event of this role is in the log; if the trail does not record them, the policy lacks what the function does with objects, items and messages")
	}
	for _, p := range r.Policies {
		if p.Size > minimize.Managed.Characters && len(r.Policies) == 1 {
			out = append(out, fmt.Sprintf("the policy has %d characters; IAM allows %d for a role's inline policies and %d for a managed one (--fit splits it, --widen shortens it)",
				p.Size, minimize.Inline.Characters, minimize.Managed.Characters))
		}
	}
	return out
}

// sessions lists the sessions of calls that neither name a function nor are Lambda's own, at most ten,
// and counts their calls.
func sessions(usages []trail.Usage) (names []string, calls int64) {
	functions, seen := set{}, set{}
	for _, u := range usages {
		if assumed(u) {
			functions.add(u.Session)
		}
	}
	for _, u := range usages {
		if u.Kind == trail.Call && u.Function == "" && !u.ByLambda && u.Session != "" && !functions[u.Session] && u.Outcome == trail.Authorised {
			seen.add(u.Session)
			calls += u.Count
		}
	}
	const most = 10
	names = seen.with(nil)
	if len(names) > most {
		names = append(names[:most:most], fmt.Sprintf("and %d more", len(names)-most))
	}
	return names, calls
}
