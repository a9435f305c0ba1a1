// Package diff compares what two sets of IAM policies allow, exactly.
//
// A side is a principal's identity policies and permissions boundary. It denotes a set of requests:
// an action, a resource and the condition keys that the request carries. Compare decides whether the
// two sets are the same, and otherwise describes the difference in rows, each with a witness: a
// request that one side allows and the other does not. What is not decided is a row too, says why,
// and counts as new access: that no row widens is a proof.
//
// # What is compared
//
// Semantics are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
// for identity policies and a boundary. Something malformed in a statement makes an Allow not apply
// and a Deny apply.
//
//   - Actions are those of the reference, those that only the policies name, and, for each way in
//     which wildcards can meet an action, one that stands for those that do not exist yet. So to
//     replace "s3:Get*" by today's names takes something away.
//   - Resources are the ARNs of the formats that the reference has for an action, and "*" for an action
//     that can be called without one. A bucket's name has no slash. So "s3:GetObject" on a bucket
//     allows nothing. Actions that the reference does not know act on any ARN, and on "*".
//   - Condition keys have as many values as the reference says. One that it does not know has one
//     value, or, where a set qualifier tests it, any number.
//
// # How
//
// Patterns part actions, resources and values into finitely many classes that no combination of them
// can part further (glob.Atoms); numbers, dates and networks part a line. One sample of each class
// stands for all, so that each question is one of finitely many cases, and condition.Matcher gives
// the truth of each. For one class of actions and of resources, a side allows what a formula over
// conditions says, and a search over the cases of each key finds where two formulas differ.
//
// Policy variables tie the value of one key to another, or to the resource. They are taken as tests
// of unknown truth, the same text having the same truth on both sides. If that leaves no difference,
// there is none; otherwise likely values are tried for a witness.
//
// All searches have a budget of steps, and what exceeds it is undecided. Package eval shares no code
// with this one, so that each checks the other.
package diff
