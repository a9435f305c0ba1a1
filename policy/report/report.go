// Package report holds what whittle found as plain data, and writes it: one file a format, each a
// func(io.Writer, Report) error listed in Formats. Analysis fills the values; no writer computes. A
// report has a section for each command that makes one: Roles, Comparisons, Lint, Unused.
//
// The JSON form is described by docs/report.schema.json. SchemaVersion changes when a member
// changes its meaning or goes away; new members may come at any time.
package report

import (
	"time"

	"github.com/whittle-iam/whittle/policy"
)

// SchemaVersion is the version of the JSON form.
const SchemaVersion = 1

// A Report is one run's result.
type Report struct {
	SchemaVersion int `json:"schemaVersion"`
	// Tool is the program's version, Reference the version of the Service Authorization Reference.
	Tool      string `json:"tool"`
	Reference string `json:"reference"`
	// Input is zero where no log was read.
	Input Input `json:"input,omitzero"`
	// Roles are generate's proposals, sorted by role, then function.
	Roles []Role `json:"roles,omitempty"`
	// Comparisons are diff's result, sorted by name.
	Comparisons []Comparison `json:"comparisons,omitempty"`
	// Lint is lint's result.
	Lint *Lint `json:"lint,omitempty"`
	// Unused is the result of unused, sorted by role.
	Unused []UnusedRole `json:"unused,omitempty"`
}

// Input says what was read, and what became of it.
type Input struct {
	Sources []string `json:"sources"`
	Files   int64    `json:"files"`
	Records int64    `json:"records"`
	Used    int64    `json:"used"`
	// DataEvents counts records that were data events. Where it is 0, the trail shows no object,
	// item, message or invocation traffic, and a policy from it lacks those permissions.
	DataEvents int64 `json:"dataEvents"`
	// First and Last bound the time of the records read.
	First        time.Time `json:"first,omitzero"`
	Last         time.Time `json:"last,omitzero"`
	Skipped      []Count   `json:"skipped,omitempty"`
	SkippedFiles []Count   `json:"skippedFiles,omitempty"`
	// Gaps are what the sources could not show, or were not read to the end.
	Gaps []Gap `json:"gaps,omitempty"`
	// Problems are the malformed inputs with their place, at most MaxProblems of them; the rest is
	// only counted in Skipped and SkippedFiles.
	Problems []string `json:"problems,omitempty"`
}

// IsZero reports whether no log was read.
func (in Input) IsZero() bool {
	return len(in.Sources) == 0 && in.Files == 0 && in.Records == 0 && len(in.SkippedFiles) == 0 && len(in.Problems) == 0
}

// A Gap is something that the sources do not show although it was asked for.
type Gap struct {
	// Kind is "partial" where the reading ended early: nothing in the report is complete then.
	Kind   string `json:"kind"`
	Source string `json:"source"`
	Detail string `json:"detail"`
}

// Partial is the Kind of a reading that ended early.
const Partial = "partial"

// MaxProblems bounds Input.Problems.
const MaxProblems = 100

// A Count is how many inputs a reason holds for.
type Count struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// A Role is the proposal for one role, or for one function of it.
type Role struct {
	Role string `json:"role"`
	// Function is set where the proposal is for one function of a shared role.
	Function string `json:"function,omitempty"`
	// Functions are those that use the role, by the events and, where they were read, their settings.
	Functions []string `json:"functions,omitempty"`
	// Calls counts the role's authorised, denied and inconclusive calls.
	Calls Calls `json:"calls"`
	// Policies are the proposed documents, mostly one; several when --fit splits it.
	Policies []Policy `json:"policies"`
	// Permissions are what the documents grant, each with its evidence.
	Permissions []Permission `json:"permissions"`
	// Denied, Unmapped and Inconclusive calls gave no permission.
	Denied       []Denied   `json:"denied,omitempty"`
	Unmapped     []Unmapped `json:"unmapped,omitempty"`
	Inconclusive []CallRow  `json:"inconclusive,omitempty"`
	Notes        []string   `json:"notes,omitempty"`
	Proof        Proof      `json:"proof"`
	// Containment compares the proposal with the role's current policies, nil where those are not known.
	Containment *Containment `json:"containment,omitempty"`
}

// Calls counts calls by outcome.
type Calls struct {
	Authorised   int64 `json:"authorised"`
	Denied       int64 `json:"denied"`
	Inconclusive int64 `json:"inconclusive"`
}

// A Policy is one proposed document. Size is in characters without white space, as IAM's quotas count.
type Policy struct {
	Document policy.Document `json:"document"`
	Size     int             `json:"size"`
}

// A Permission is one action on one resource pattern, and why it is granted.
type Permission struct {
	Action      string      `json:"action"`
	AccessLevel string      `json:"accessLevel"`
	Resource    string      `json:"resource"`
	Conditions  []Condition `json:"conditions,omitempty"`
	// Sids are the statements of the proposal that grant it.
	Sids []string `json:"sids,omitempty"`
	// Rules name what mapped the calls to this permission, or AWS's page on a setting that asks for it.
	Rules []string `json:"rules"`
	// Functions are those whose calls need it; LambdaService marks use by Lambda itself.
	Functions     []string `json:"functions,omitempty"`
	LambdaService bool     `json:"lambdaService,omitempty"`
	// Events are the kinds of events behind it, such as "s3 GetObject".
	Events []string `json:"events,omitempty"`
	// Evidence is zero for a permission that no call shows: a finding says what asks for it.
	Evidence Evidence  `json:"evidence"`
	Widening *Widening `json:"widening,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	// Suggested are conditions that hold for every call behind the permission.
	Suggested []Suggestion `json:"suggested,omitempty"`
}

// A Suggestion is a condition that the events support. It narrows the permission, and could refuse a
// call that the window does not show, so it is in the policy only where it was asked for (Applied).
type Suggestion struct {
	Condition Condition `json:"condition"`
	// Why is one sentence with the evidence.
	Why     string `json:"why"`
	Applied bool   `json:"applied"`
}

// A Condition is one operator on one condition key, see policy.Condition.
type Condition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Values   []string `json:"values"`
}

// Evidence is when and how often a permission was used.
type Evidence struct {
	Count    int64     `json:"count"`
	First    time.Time `json:"first,omitzero"`
	Last     time.Time `json:"last,omitzero"`
	Days     int       `json:"days"`
	EventIDs []string  `json:"eventIDs,omitempty"`
}

// A Widening says why a resource pattern covers more than the names seen.
type Widening struct {
	Reason   string   `json:"reason"`
	Detail   string   `json:"detail"`
	Distinct int      `json:"distinct,omitempty"`
	Examples []string `json:"examples,omitempty"`
}

// A Finding is something that a reviewer should know of a permission.
type Finding struct {
	Kind   string `json:"kind"`
	Detail string `json:"detail"`
}

// A CallRow is one kind of call, with its evidence.
type CallRow struct {
	Event     string   `json:"event"`
	Region    string   `json:"region,omitempty"`
	ErrorCode string   `json:"errorCode,omitempty"`
	Functions []string `json:"functions,omitempty"`
	Evidence  Evidence `json:"evidence"`
}

// Denied is a refused call and the permission that would allow it.
type Denied struct {
	CallRow
	// Action and Resource are what the message or the mapping names; empty when neither does.
	Action   string `json:"action,omitempty"`
	Resource string `json:"resource,omitempty"`
	// By is the policy type that refused: identity, resource, boundary, session, scp, rcp, vpce,
	// or empty when the event does not tell. A permission helps only against "identity".
	By       string `json:"by,omitempty"`
	Explicit bool   `json:"explicit,omitempty"`
}

// Unmapped is a call that yields no permission, and why.
type Unmapped struct {
	CallRow
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

// Proof is what was checked of the proposal: that it is sufficient, by replaying the role's
// authorised calls, and that it is contained, by tracing each pair of an action and a resource in
// its documents to an entry of Permissions.
type Proof struct {
	// Checked counts the authorised calls that need a permission, Allowed those the proposal allows.
	Checked int64 `json:"checked"`
	Allowed int64 `json:"allowed"`
	// Unknown counts authorised calls of which it is not known what they need.
	Unknown int64 `json:"unknown"`
	// Pairs counts the (action, resource) pairs of the documents, Traced those with a permission.
	Pairs  int `json:"pairs"`
	Traced int `json:"traced"`
}
