// Package tighten turns what one role was seen to do into a proposal: the smallest policy that
// allows it, each permission with its evidence, and a replay that proves it.
//
// The steps are mapping (package actionmap), generalisation of names (package generalize), the
// overlay of what CloudTrail cannot show, minimisation (package minimize) and replay (package eval).
// Nothing here reads files or the clock.
package tighten

import (
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// Options are what a user chooses about a proposal.
type Options struct {
	// Mapper maps calls to permissions.
	Mapper *actionmap.Mapper
	// Function, if set, limits the proposal to one function of the role, as its ARN or name
	// stands in trail.Principal.Function. Calls that belong to no function are kept.
	Function string
	// NoOverlay leaves out the permissions that functions need and CloudTrail never shows.
	NoOverlay bool
	// Functions are functions with what their settings ask for; those of other roles do not count.
	// FunctionsKnown says that the role's are all among them: then nothing is guessed for them.
	Functions      []current.Function
	FunctionsKnown bool
	// Conditions makes the conditions that the events support part of the policy.
	Conditions bool
	// Widen are IAM resource patterns: a resource that one of them covers is replaced by it.
	Widen []string
	// Fit, if not nil, bounds the proposal's size.
	Fit *minimize.Limit
	// Last is the end of the observed window; it tells names that keep growing from those that
	// do not.
	Last time.Time
}

// Propose returns the proposal for the role whose usage it is given. All rows must be of one role,
// after trail.Attribute. It fails if no authorised call yields a permission, if a proposal cannot be
// made to fit, and if the replay of the role's own calls finds one that the proposal would deny.
func Propose(role string, usages []trail.Usage, opt Options) (report.Role, error) {
	all := users{role, current.OfRole(opt.Functions, role), opt.FunctionsKnown}
	users := all.only(opt.Function)
	usages = all.ofFunction(usages, opt.Function)
	out := report.Role{Role: role, Function: opt.Function, Functions: Functions(usages, users.functions...)}

	obs := observe(usages, opt.Mapper)
	out.Calls = obs.calls
	out.Denied, out.Unmapped, out.Inconclusive = obs.denied, obs.unmapped, obs.inconclusive

	if len(obs.needs) == 0 {
		return out, &NothingObservedError{Role: role, Calls: obs.calls}
	}
	perms := generalizeNames(obs.needs, opt)
	if err := widen(perms, opt.Widen); err != nil {
		return out, err
	}
	if !opt.NoOverlay {
		extra, notes := users.unseen(join(perms), usages)
		perms = append(perms, extra...)
		out.Notes = append(out.Notes, notes...)
		out.Notes = append(out.Notes, users.withheld(perms)...)
	}
	out.Notes = append(out.Notes, users.notes(all)...)
	perms = join(perms)
	suggest(perms, opt.Conditions)
	docs, perms, err := minimise(join(perms), opt.Fit)
	if err != nil {
		return out, fmt.Errorf("role %s: %w", role, err)
	}
	for _, d := range docs {
		out.Policies = append(out.Policies, report.Policy{Document: d, Size: d.Size()})
	}
	out.Permissions = describe(perms, docs)
	out.Notes = append(out.Notes, notes(out, usages)...)

	proof := Replay(docs, usages, opt.Mapper)
	pairs, untraced := trace(docs, perms)
	out.Proof = report.Proof{Checked: proof.Checked, Allowed: proof.Allowed, Pairs: pairs, Traced: pairs - len(untraced)}
	for _, u := range proof.Unmapped {
		out.Proof.Unknown += u.Evidence.Count
	}
	if proof.Allowed != proof.Checked {
		return out, &UnsoundError{Role: role, Rows: append(proof.Denied, proof.Undecided...)}
	}
	if len(untraced) > 0 {
		return out, fmt.Errorf("role %s: the proposal grants %s, which no call or listed widening asks for; this is a defect of whittle, do not use the policy", role, untraced[0])
	}
	return out, nil
}

// NothingObservedError reports a role without a call that shows a permission in use. An empty
// policy would say that the role needs nothing, which the log does not show.
type NothingObservedError struct {
	Role  string
	Calls report.Calls
}

func (e *NothingObservedError) Error() string {
	return fmt.Sprintf("role %s: no authorised call that needs a permission (%d authorised, %d denied, %d inconclusive)",
		e.Role, e.Calls.Authorised, e.Calls.Denied, e.Calls.Inconclusive)
}

// UnsoundError reports calls that the proposal would deny although they were authorised. It can only
// come from a defect of whittle, and no policy may be used then.
type UnsoundError struct {
	Role string
	Rows []ReplayRow
}

func (e *UnsoundError) Error() string {
	r := e.Rows[0]
	return fmt.Sprintf("role %s: the proposal would deny %d kinds of observed calls, the first is %s on %s (%s); this is a defect of whittle, do not use the policy",
		e.Role, len(e.Rows), r.Action, r.Resource, r.Event)
}

// ofFunction keeps the rows of one function, and those that belong to no function.
func (us users) ofFunction(usages []trail.Usage, function string) []trail.Usage {
	if function == "" {
		return usages
	}
	var out []trail.Usage
	for _, u := range usages {
		if u.Kind == trail.Assumption && u.Session != trail.FunctionName(function) {
			continue
		}
		if us.is(u.Function, function) || u.Function == "" {
			out = append(out, u)
		}
	}
	return out
}
