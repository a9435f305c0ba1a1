// Package policy holds IAM identity policies as values: documents, statements and ARNs, a strict
// parser and a canonical writer.
//
// The grammar is the one of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, limited to
// identity policies: Principal, NotPrincipal and Id belong to resource and trust policies and are
// refused by the parser with an error that says so.
package policy

// Policy language versions. Under Version2008, and when the element is absent, "${…}" in a
// resource or condition value is literal text.
const (
	Version2012 = "2012-10-17"
	Version2008 = "2008-10-17"
)

// Effect is what a statement does with a request that it matches. AWS compares it with case.
type Effect string

// The two effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// A Document is one identity policy.
type Document struct {
	// Version is Version2012, Version2008, or empty where the source had none.
	Version string
	// Statements are in the order of the source. An empty document grants nothing.
	Statements []Statement
}

// A Statement is one entry of a document's Statement element.
//
// Exactly one of Actions and NotActions, and exactly one of Resources and NotResources, is not nil
// in a statement that the parser returned. It may be empty: IAM accepts that, and it matches nothing.
type Statement struct {
	// Sid is empty where the source had none.
	Sid    string
	Effect Effect
	// Actions and NotActions are patterns such as "s3:Get*", compared without case.
	Actions    []string
	NotActions []string
	// Resources and NotResources are ARN patterns in IAM's own notation: "*" and "?" are
	// wildcards, "${*}", "${?}" and "${$}" the characters themselves, other "${…}" variables.
	Resources    []string
	NotResources []string
	// Conditions must all hold. They are sorted by operator, then key, as the parser and the
	// minimiser leave them; no two have the same of both.
	Conditions []Condition
}

// A Condition is one operator applied to one condition key. It holds when any of Values matches
// (or, for a negated operator, when none does).
type Condition struct {
	// Operator is written as in the source, for example "StringEquals",
	// "ForAnyValue:StringLikeIfExists".
	Operator string
	// Key is compared without case, for example "kms:ViaService".
	Key    string
	Values []string
}
