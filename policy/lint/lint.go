// Package lint finds what is wrong, wide or dangerous in identity policies.
//
// Every rule has an ID that stays, a severity, a paragraph of help and, where AWS's own validator makes
// the same check, the check's code
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html).
package lint

import "github.com/whittle-iam/whittle/policy"

// A Severity says how much a finding matters. The order is that of Severities.
type Severity string

// The severities, in the terms of AWS's validator.
const (
	// Error: AWS refuses the policy, or the element never does anything.
	Error Severity = "error"
	// Security: the policy allows what a reviewer has to know.
	Security Severity = "security"
	// Warning: the policy probably does not do what its author meant.
	Warning Severity = "warning"
	// Suggestion: the policy can be written better.
	Suggestion Severity = "suggestion"
)

// Severities are all of them, the gravest first.
var Severities = []Severity{Error, Security, Warning, Suggestion}

// A Rule is one check.
type Rule struct {
	// ID is lower-case words with hyphens, for example "unknown-action". It never changes its meaning.
	ID string
	// Title is one line, Help a paragraph: what is wrong with it, and what to do.
	Title, Help string
	Severity    Severity
	// AWS are the codes of the checks of IAM Access Analyzer that this rule is the counterpart of.
	AWS []string
	// check looks at one policy and reports what it finds.
	check func(*checker)
}

// An Input is one policy to check.
type Input struct {
	// Text is the policy's JSON.
	Text []byte
	// Name is for messages: the policy's or file's.
	Name string
	// Inline is the text's quota: 10,240 characters for the inline policies of a role, 6,144 for a
	// managed one.
	Inline bool
}

// A Finding is one place that a rule objects to.
type Finding struct {
	Rule     string
	Severity Severity
	// Message says what was found, and names it.
	Message string
	// Statement counts from 0; -1 is the policy as a whole. Sid is the statement's own, and may be empty.
	Statement int
	Sid       string
	// Element is where in the statement: "Action", "Resource", "Condition", with Value the text objected
	// to. Both may be empty.
	Element, Value string
	// Pos is where in Input.Text.
	Pos policy.Position
	// Actions are the actions concerned, where the rule is about some, sorted.
	Actions []string
}
