package lint

import (
	"cmp"
	"slices"

	"github.com/whittle-iam/whittle/policy"
)

// Check runs all rules over a policy. The findings are sorted by position, then rule.
//
// Any text will do: what is no policy is a finding too. The work is bounded, and where the bounds cut
// something off, a finding of the rule "too-large-to-check" says so.
func Check(in Input) []Finding {
	c := newChecker(in)
	for _, family := range families {
		for i := range family {
			c.rule = &family[i]
			c.reported, c.steps = 0, 0
			c.rule.check(c)
			c.note()
		}
	}
	slices.SortStableFunc(c.findings, compareFindings)
	return slices.CompactFunc(c.findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Element, b.Element), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Message, b.Message),
		slices.Compare(a.Actions, b.Actions),
	)
}

func newChecker(in Input) *checker {
	c := &checker{input: in, src: policy.ParseSource(in.Text), expanded: map[string]expansion{}, fits: map[string][]*format{}}
	for i := range c.src.Statements {
		c.all = append(c.all, &statement{
			StatementSource: &c.src.Statements[i], index: i, effect: c.src.Document.Statements[i].Effect, c: c,
		})
	}
	for _, p := range c.src.Problems {
		if p.Statement >= 0 {
			s := c.all[p.Statement]
			s.problems = append(s.problems, p)
		}
	}
	c.statements = c.all[:min(len(c.all), maxStatements)]
	texts := 0
	for i, s := range c.statements {
		if texts += s.texts(); texts > maxTexts {
			c.statements = c.statements[:i]
			break
		}
	}
	if left := len(c.all) - len(c.statements); left > 0 {
		c.limit(count(left, "statement") + " from the end were read and not checked")
	}
	return c
}

// What IAM stores has at most 10,240 characters, and with that some 200 statements and 2,500 texts. Rules
// compare statements with each other, so they get no more of those than these.
const (
	maxStatements = 300
	maxTexts      = 5000
)

// texts counts the statement's actions, resources, condition keys and their values.
func (s *statement) texts() int {
	n := len(s.Actions.Texts) + len(s.NotActions.Texts) + len(s.Resources.Texts) + len(s.NotResources.Texts)
	for _, o := range s.Condition.Operators {
		n++
		for _, k := range o.Keys {
			n += 1 + len(k.Values)
		}
	}
	return n
}
