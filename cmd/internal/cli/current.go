package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
)

const policyHelp = `Policies are read from AWS: "aws" is IAM of the account of the credentials, "config" the records of AWS
Config in it, "config:NAME" an aggregator of AWS Config; --assume-role leads to other accounts. Or they
are read from files, or from folders with all below them: a policy document (JSON or YAML), a
list of documents, or the output of "aws iam get-role", "get-role-policy", "get-policy-version",
"list-attached-role-policies" or "get-account-authorization-details". In a folder, a file that holds a bare
document belongs to the role that the file is named after, and one in a sub-folder to the role that the
sub-folder is named after. Managed policies that a role attaches and the input lacks are reported, not
ignored.`

// A currentQuery says which policies to read.
type currentQuery struct {
	// what names the argument or flag in errors.
	what  string
	paths []string
	// patterns name the roles that matter, none for all; accounts where they are.
	patterns, accounts []string
	live               liveOptions
	// history asks since when roles have their policies, where that is to be had.
	history bool
}

// readCurrent reads policies, all of which must be identity policies.
func readCurrent(ctx context.Context, env Env, q currentQuery) (current.Set, error) {
	what := q.what
	set, err := q.read(ctx, env)
	if err != nil {
		return set, prefixed(what, err)
	}
	for _, n := range set.Notes {
		fmt.Fprintf(env.Stderr, "%s: %s\n", what, report.Clean(n))
	}
	var errs []error
	for _, p := range set.All() {
		err := p.Err
		if err == nil {
			err = refused(p)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return set, prefixed(what, errors.Join(errs...))
}

// refused says why AWS does not take a policy, although its grammar is right: an unknown operator, a value
// that is none of the operator's. Of what such a policy allows nothing can be said.
func refused(p current.Policy) error {
	err := eval.Compile(eval.Policies{Identity: []policy.Document{p.Document}}).Err()
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s:%d:%d: policy %s: %w; lint says more", p.Origin.File, p.Origin.Line, p.Origin.Column, p.Name, err)
}

// locate gives each change the place of the statement that makes it.
func (p pair) locate(changes []report.Change) {
	for i := range changes {
		c := &changes[i]
		switch {
		case c.Gained != nil:
			c.At = statementAt(p.new, p.old, c.Gained)
		case c.Lost != nil:
			c.At = statementAt(p.old, p.new, c.Lost)
		}
	}
}

// statementAt finds the statement by which allows lets a request through; where that is the same on
// both sides, the request is refused elsewhere, by a Deny or boundary of refuses.
func statementAt(allows, refuses *current.Role, w *report.Witness) *report.Location {
	request := requestOf(w)
	if refuses != nil {
		d := eval.Evaluate(request, evalPolicies(refuses))
		if d.Outcome == eval.ExplicitDeny && len(d.Statements) > 0 {
			return statementPlace(refuses, d.Statements[0])
		}
	}
	if allows == nil {
		return nil
	}
	d := eval.Evaluate(request, evalPolicies(allows))
	if len(d.Statements) == 0 {
		return nil
	}
	return statementPlace(allows, d.Statements[0])
}

func requestOf(w *report.Witness) eval.Request {
	ctx := condition.Context{}
	for _, v := range w.Context {
		ctx[v.Key] = condition.Value{Values: v.Values, Multi: v.Multi}
	}
	return eval.Request{Action: w.Action, Resource: w.Resource, Context: ctx}
}

func evalPolicies(r *current.Role) eval.Policies {
	s := side(r)
	return eval.Policies{Identity: s.Identity, Boundary: s.Boundary}
}

// statementPlace is where a statement stands in the input.
func statementPlace(r *current.Role, ref eval.StatementRef) *report.Location {
	p := r.Boundary
	if !ref.Boundary {
		p = &r.Policies[ref.Document]
	}
	src := policy.ParseSource(p.Text)
	if ref.Statement >= len(src.Statements) {
		return originPlace(p.Origin, policy.Position{Line: 1, Column: 1})
	}
	return originPlace(p.Origin, src.Statements[ref.Statement].Pos)
}

// statementPlaces are where the statements of a role's policies stand, by the policy's name and the
// statement's Sid or "#" and its number.
func statementPlaces(r current.Role) map[[2]string]*report.Location {
	places := map[[2]string]*report.Location{}
	for _, p := range r.Policies {
		for i, s := range policy.ParseSource(p.Text).Statements {
			places[[2]string{p.Name, cmp.Or(s.Sid.Value, fmt.Sprintf("#%d", i+1))}] = originPlace(p.Origin, s.Pos)
		}
	}
	return places
}

// originPlace is a position in a policy's text as a place in its file.
func originPlace(o current.Origin, at policy.Position) *report.Location {
	l := report.Location{File: o.File, Line: o.Line, Column: o.Column}
	if o.Exact && at.Line > 0 {
		if at.Line == 1 {
			l.Column += at.Column - 1
		} else {
			l.Line, l.Column = o.Line+at.Line-1, at.Column
		}
	}
	return &l
}
