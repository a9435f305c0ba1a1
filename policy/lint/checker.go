package lint

import (
	"fmt"
	"strconv"

	"github.com/whittle-iam/whittle/policy"
)

// A checker is what a rule sees of a policy, and where it reports.
type checker struct {
	input Input
	src   *policy.Source
	// all are the statements in the order of the text, and statements those to check: all, as long as
	// there are not far too many.
	all, statements []*statement

	rule     *Rule // that runs
	reported int   // findings of that rule
	findings []Finding

	expanded map[string]expansion // of action patterns in lower case
	fits     map[string][]*format // by service and resource of an ARN, see arn.formats
	lookups  int                  // comparisons with patterns, of all rules so far
	steps    int                  // of the rule that runs, see spend
	limits   []string             // what was left out, as sentences
	allowed  *powers              // after Deny statements; nil until a rule asks
}

// A statement is one entry of the policy. It may lack elements, and have wrong ones.
type statement struct {
	*policy.StatementSource
	index int
	// effect is empty where the source has none that is valid.
	effect policy.Effect

	// problems are the parser's with this statement.
	problems []policy.Problem

	c           *checker
	granted     *expansion
	comparisons []comparison
}

func (s *statement) allows() bool { return s.effect == policy.Allow }
func (s *statement) denies() bool { return s.effect == policy.Deny }

// A place is what a finding objects to.
type place struct {
	statement      *statement // nil is the policy as a whole
	element, value string
	pos            policy.Position
}

// document is the policy as a whole.
func (c *checker) document() place { return place{pos: c.src.Pos} }

// whole is the statement as a whole.
func (s *statement) whole() place { return place{statement: s, pos: s.Pos} }

// at is one text of an element: s.at("Action", text).
func (s *statement) at(element string, text policy.Text) place {
	return place{s, element, text.Value, text.Pos}
}

// element is an element of the statement as a whole.
func (s *statement) element(name string, pos policy.Position) place { return place{s, name, "", pos} }

// maxFindings bounds the findings of one rule on one policy.
const maxFindings = 1000

// report adds a finding of the rule that runs. Texts of the policy belong into the message as
// quote(text).
func (c *checker) report(at place, format string, args ...any) {
	c.reportActions(at, nil, format, args...)
}

// reportActions is report, for a rule about some actions: their IDs, sorted.
func (c *checker) reportActions(at place, actions []string, format string, args ...any) {
	c.reported++
	if c.reported > maxFindings {
		return
	}
	f := Finding{
		Rule: c.rule.ID, Severity: c.rule.Severity, Message: fmt.Sprintf(format, args...),
		Statement: -1, Element: at.element, Value: at.value, Pos: at.pos, Actions: actions,
	}
	if at.statement != nil {
		f.Statement, f.Sid = at.statement.index, at.statement.Sid.Value
	}
	c.findings = append(c.findings, f)
}

// note keeps what the rule that ran had to leave out.
func (c *checker) note() {
	if more := c.reported - maxFindings; more > 0 {
		c.limit(fmt.Sprintf("%d more findings of %s are left out", more, c.rule.ID))
	}
}

// maxQuoted is how many bytes of a text a message repeats.
const maxQuoted = 150

// quote makes a text of the policy fit for a message: quoted, without control characters, and not
// too long.
func quote(text string) string {
	if len(text) <= maxQuoted {
		return strconv.Quote(text)
	}
	cut := maxQuoted
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut-- // not within a character
	}
	return strconv.Quote(text[:cut]) + "…"
}
