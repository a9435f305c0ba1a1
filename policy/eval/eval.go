// Package eval decides whether IAM policies allow a request, and says which statements decided.
//
// It follows
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
// for one principal's identity policies and permissions boundary: a request is allowed if no Deny
// statement of either applies, an Allow of the identity policies does, and, where there is a
// boundary, an Allow of the boundary does too. Resource policies, service control policies and
// session policies are not looked at.
//
// A statement that holds something AWS would refuse, or cannot decide, fails closed: an Allow does
// not apply, and a Deny does. Decision.Err tells of it.
package eval

import (
	"errors"
	"fmt"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A Request is one call to be authorised.
type Request struct {
	// Action is a service prefix and an action name, for example "s3:GetObject", compared without
	// case. It has no wildcards.
	Action string
	// Resource is an ARN, or "*" for an action that takes no resource; only statements on "*"
	// apply to that. An ARN is literal text: "*" and "?" in it are characters.
	Resource string
	// Open makes Resource a pattern in the notation of the Resource element, and the request a
	// question about every ARN that it matches. Allowed then means each of them is allowed: an
	// Allow applies if one of its patterns covers the whole of Resource, a Deny as soon as it
	// intersects it. So Allowed is a proof, and the other outcomes are not: ExplicitDeny says that
	// some of the ARNs may be denied, and two Allow statements that cover Resource only together
	// do not count.
	Open bool
	// Some turns the question about an Open request round: is there an ARN that may be allowed? An
	// Allow then applies as soon as it intersects Resource, a Deny only if it covers the whole of
	// it. An outcome other than Allowed is a proof: none of the ARNs is allowed.
	Some bool
	// Context holds the request's condition keys. With Open it is the same for all resources.
	Context condition.Context
}

// Policies are what a principal's permissions come from.
type Policies struct {
	// Identity are its inline and attached managed policies.
	Identity []policy.Document
	// Boundary is its permissions boundary, nil if it has none. A boundary that is not nil and has
	// no statements allows nothing.
	Boundary []policy.Document
}

// An Outcome is what a decision comes to.
type Outcome uint8

// The outcomes. The zero value is the default: no statement allows the request.
const (
	ImplicitDeny Outcome = iota
	ExplicitDeny
	Allowed
)

// String returns the outcome's name.
func (o Outcome) String() string {
	switch o {
	case Allowed:
		return "allowed"
	case ExplicitDeny:
		return "explicit deny"
	}
	return "implicit deny"
}

// A StatementRef names one statement of Policies.
type StatementRef struct {
	// Boundary tells whether Document counts in Policies.Boundary or in Policies.Identity.
	Boundary bool
	// Document and Statement count from 0.
	Document  int
	Statement int
	// Sid is the statement's own, and may be empty.
	Sid string
}

// String returns the reference as an error message shows it.
func (r StatementRef) String() string {
	kind := "identity policy"
	if r.Boundary {
		kind = "boundary policy"
	}
	s := fmt.Sprintf("%s %d, statement %d", kind, r.Document, r.Statement)
	if r.Sid != "" {
		s += fmt.Sprintf(" (%q)", r.Sid)
	}
	return s
}

// A Decision is the answer to a Request.
type Decision struct {
	Outcome Outcome
	// Statements are those that made the outcome, in the order identity, boundary, and of the
	// source. For Allowed they are all the Allow statements that apply, for ExplicitDeny all the
	// Deny statements. For ImplicitDeny they are the Allow statements of the identity policies or
	// of the boundary, when one of the two would have allowed the request and the other did not.
	Statements []StatementRef
	// Err is nil unless a statement that concerns the request could not be decided, or the request
	// itself is malformed (which denies it). It joins one *StatementError for each such statement.
	Err error
}

// A StatementError tells why a statement could not be decided.
type StatementError struct {
	Ref StatementRef
	Err error
}

func (e *StatementError) Error() string { return e.Ref.String() + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *StatementError) Unwrap() error { return e.Err }

// Evaluate decides a request. It is a pure function. To decide many requests on the same policies,
// compile them once.
func Evaluate(r Request, p Policies) Decision { return Compile(p).Evaluate(r) }

// An Evaluator is a compiled Policies. It is immutable and safe for concurrent use.
type Evaluator struct {
	statements []statement
	bounded    bool
}

// Compile prepares policies for many evaluations. It accepts every document: what is malformed is
// reported by the decisions it concerns, and by Err.
func Compile(p Policies) *Evaluator {
	e := &Evaluator{bounded: p.Boundary != nil}
	add := func(docs []policy.Document, boundary bool) {
		for i, doc := range docs {
			for j, s := range doc.Statements {
				ref := StatementRef{Boundary: boundary, Document: i, Statement: j, Sid: s.Sid}
				e.statements = append(e.statements, compileStatement(s, doc.Version, ref))
			}
		}
	}
	add(p.Identity, false)
	add(p.Boundary, true)
	return e
}

// Err joins one *StatementError for each statement that holds something malformed; nil means none.
func (e *Evaluator) Err() error {
	var errs []error
	for _, s := range e.statements {
		if s.err != nil {
			errs = append(errs, &StatementError{s.ref, s.err})
		}
	}
	return errors.Join(errs...)
}

// Evaluate decides a request. All statements are looked at, not only as many as the outcome needs,
// because the decision names every statement that bears on it.
func (e *Evaluator) Evaluate(r Request) Decision {
	t, err := newTarget(r)
	if err != nil {
		return Decision{Err: err}
	}
	var denies, identity, boundary []StatementRef
	var errs []error
	for i := range e.statements {
		s := &e.statements[i]
		applies, err := s.applies(t)
		if err != nil {
			errs = append(errs, &StatementError{s.ref, err})
			applies = !s.allow
		}
		switch {
		case !applies:
		case !s.allow:
			denies = append(denies, s.ref)
		case s.ref.Boundary:
			boundary = append(boundary, s.ref)
		default:
			identity = append(identity, s.ref)
		}
	}
	d := Decision{Err: errors.Join(errs...)}
	switch {
	case len(denies) > 0:
		d.Outcome, d.Statements = ExplicitDeny, denies
	case len(identity) > 0 && (len(boundary) > 0 || !e.bounded):
		d.Outcome, d.Statements = Allowed, append(identity, boundary...)
	default:
		d.Statements = append(identity, boundary...)
	}
	return d
}
