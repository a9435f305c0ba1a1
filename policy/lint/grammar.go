package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// grammarRules are what the parser refuses.
var grammarRules = []Rule{
	{
		ID: "invalid-json", Severity: Error, AWS: []string{"JSON_SYNTAX_ERROR"},
		Title: "The text is not JSON",
		Help: "The policy cannot be read: the text is not JSON, has a name twice in one object, or is longer than 1 MiB. " +
			"Mend the text at the position given.",
		check: problems(policy.NotJSON, policy.RepeatedName),
	},
}

// problems reports the parser's problems of some kinds.
func problems(kinds ...policy.ProblemKind) func(*checker) {
	return func(c *checker) {
		for _, p := range c.src.Problems {
			for _, kind := range kinds {
				if p.Kind == kind {
					c.report(c.problemPlace(p), "%s", clean(p.Msg))
				}
			}
		}
	}
}

func (c *checker) problemPlace(p policy.Problem) place {
	at := place{element: p.Element, pos: p.Pos}
	if p.Statement >= 0 {
		at.statement = c.statements[p.Statement]
	}
	return at
}

// clean shortens a message that quotes what the text holds.
func clean(message string) string {
	message = strings.ToValidUTF8(message, "")
	if len(message) > 3*maxQuoted {
		return strings.ToValidUTF8(message[:3*maxQuoted], "") + "…"
	}
	return message
}
