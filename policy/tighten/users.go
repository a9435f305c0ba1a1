package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// users are the functions that use a role, from their settings.
type users struct {
	role      string
	functions []current.Function
	// known says that these are all of them.
	known bool
}

// has reports whether a function, as events name it, is among them.
func (us users) has(function string) bool {
	return slices.ContainsFunc(us.functions, func(f current.Function) bool { return named(f.ARN, function) })
}

// named reports whether events may call a function so: by its ARN, or by its name.
func named(arn, function string) bool {
	return arn == function || !strings.HasPrefix(function, "arn:") && trail.FunctionName(arn) == function
}

// is reports whether the function of an event is the one that a proposal is for. One that is known by its
// ARN may be called by its name.
func (us users) is(of, function string) bool {
	return of == function || us.has(function) && named(function, of)
}

// only are the users that are one function, all if it is empty.
func (us users) only(function string) users {
	if function != "" {
		us.functions = slices.DeleteFunc(slices.Clone(us.functions), func(f current.Function) bool { return !named(f.ARN, function) })
	}
	return us
}

// strangers are the functions that events name and the settings do not, and those of Lambda@Edge, which
// write their log in each Region where they ran, under a name that no setting has: see homesOf.
func (us users) strangers(usages []trail.Usage) (gone, edge []string) {
	at := set{}
	for _, u := range usages {
		if assumed(u) && u.InvokedBy == edgeService {
			at.add(u.Session)
		}
	}
	gone = slices.DeleteFunc(Functions(usages), func(f string) bool { return at[f] || us.has(f) })
	return gone, at.with(nil)
}

// unseen are the permissions that no call shows, for those that the calls show. Where the functions are known
// their settings ask for them; the rest is guessed from the events: of functions that are not among those, and
// what goes with calls of a function's own code, of which its settings say nothing: who makes a log stream writes
// to it, and who sends segments to X-Ray does so by a library that needs more.
func (us users) unseen(seen []permission, usages []trail.Usage) (perms []permission, notes []string) {
	perms = us.asked(false)
	have := slices.Concat(seen, perms)
	if !us.known {
		guessed, notes := overlay(us.role, Functions(usages), usages)
		return slices.Concat(companionsOf(seen, have, companions), guessed, perms), notes
	}
	byCode := slices.DeleteFunc(slices.Clone(companions), func(c companion) bool { return c.byLambda })
	perms = append(perms, companionsOf(seen, have, byCode)...)
	gone, edge := us.strangers(usages)
	if len(gone)+len(edge) == 0 {
		return perms, nil
	}
	guessed, notes := overlay(us.role, slices.Concat(gone, edge), usages)
	if len(gone) > 0 {
		notes = append(notes, fmt.Sprintf("the log has calls of functions that do not use the role now: %s; what they need beside their calls is guessed", someOf(gone)))
	}
	return slices.Concat(perms, companionsOf(us.ofStrangers(seen), have, companions), guessed), notes
}

// ofStrangers are the permissions as far as functions need them that are not known.
func (us users) ofStrangers(perms []permission) []permission {
	var out []permission
	for _, p := range perms {
		p.needs = slices.DeleteFunc(slices.Clone(p.needs), func(n need) bool { return n.usage.Function == "" || us.has(n.usage.Function) })
		if len(p.needs) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// asked are the permissions that settings ask for, with their finding; those that settings do without in most
// cases if optional.
func (us users) asked(optional bool) []permission {
	var out []permission
	for _, f := range us.functions {
		for _, n := range f.Needs {
			if n.Optional != optional {
				continue
			}
			verb := "asks"
			if optional {
				verb = "may ask"
			}
			out = append(out, permission{
				action: n.Action, resource: n.Resource, conditions: n.Conditions, rules: []string{n.Page}, functions: []string{f.ARN},
				findings: []report.Finding{{Kind: "setting", Detail: fmt.Sprintf("%s of function %s %s for it", n.Setting, trail.FunctionName(f.ARN), verb)}},
			})
		}
	}
	return out
}

// withheld says what settings may ask for and perms do not hold, for whoever knows better.
func (us users) withheld(perms []permission) []string {
	var order []string
	actions := map[string][]string{} // by setting
	for _, f := range us.functions {
		for _, n := range f.Needs {
			holds := func(p permission) bool {
				return p.action == n.Action && len(p.conditions) == 0 && covers(p.resource, n.Resource)
			}
			if !n.Optional || slices.ContainsFunc(perms, holds) {
				continue
			}
			by := fmt.Sprintf("%s of function %s", n.Setting, trail.FunctionName(f.ARN))
			if actions[by] == nil {
				order = append(order, by)
			}
			if !slices.Contains(actions[by], n.Action) {
				actions[by] = append(actions[by], n.Action)
			}
		}
	}
	var out []string
	for _, by := range order {
		out = append(out, fmt.Sprintf("%s may ask for %s, works without in most cases, and the policy does not have it", by, strings.Join(actions[by], ", ")))
	}
	return out
}

// notes say what a reviewer has to know of the functions: who else has what the role gets, and what of their
// settings was not understood.
func (us users) notes(all users) []string {
	var out []string
	if all.known && len(all.functions) == 0 {
		out = append(out, "no function uses the role now, in the accounts and Regions that were read")
	}
	if names := Functions(nil, all.functions...); len(names) > 1 {
		out = append(out, fmt.Sprintf("the role is shared: %d functions use it (%s), and each has what the others need", len(names), someOf(names)))
	}
	for _, f := range us.functions {
		for _, setting := range f.Unknown {
			out = append(out, fmt.Sprintf("it is not known what %s of function %s asks for", setting, trail.FunctionName(f.ARN)))
		}
	}
	return out
}

// someOf names the first few functions of a list.
func someOf(functions []string) string {
	const most = 10
	names := make([]string, min(len(functions), most))
	for i := range names {
		names[i] = trail.FunctionName(functions[i])
	}
	out := strings.Join(names, ", ")
	if n := len(functions) - most; n > 0 {
		out += fmt.Sprintf(" and %d more", n)
	}
	return out
}
