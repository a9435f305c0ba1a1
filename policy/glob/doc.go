// Package glob holds the pattern language of IAM policies as values: "*" for any run of
// characters, "?" for one character, everything else for itself.
//
// A [Pattern] answers three questions: does it match a string, does it cover another pattern (match
// everything that the other matches), does it intersect another (is there a string that both
// match). An [ARNPattern] answers the same for resource ARNs, with the segment rules of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html.
//
// Strings are compared as IAM compares them, as sequences of UTF-16 code units: "?" takes one unit,
// so that a character outside the Basic Multilingual Plane needs two, and "*" takes any units, line
// breaks too. Bytes that are not valid UTF-8 read as U+FFFD, one for each byte, which is what a
// JSON decoder makes of them on their way to AWS.
//
// What a list of patterns can tell apart is the question of [Atoms], [ARNAtoms] and [ValueAtoms]: a
// string for each set of patterns that can match together without the others, which is how two
// policies are compared exactly.
//
// There are two notations. In the plain one, used for actions and for policies without a Version of
// 2012-10-17, wildcards cannot be escaped. In the escaped one, "${*}", "${?}" and "${$}" are the
// characters themselves.
//
// Time and memory are bounded whatever the pattern: with patterns of m and n units, Match takes
// O(m·n) steps, Covers and Intersects O(m·n) as well. The atoms can be exponentially many, and take
// as many steps as the caller gives them.
package glob
