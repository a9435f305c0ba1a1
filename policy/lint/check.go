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
		c.statements = append(c.statements, &statement{
			StatementSource: &c.src.Statements[i], index: i, effect: c.src.Document.Statements[i].Effect, c: c,
		})
	}
	for _, p := range c.src.Problems {
		if p.Statement >= 0 {
			s := c.statements[p.Statement]
			s.problems = append(s.problems, p)
		}
	}
	return c
}
