package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
)

// redundantRules are about what a policy could do without, and decides just the same.
var redundantRules = []Rule{
	{
		ID: "redundant-action", Severity: Suggestion, AWS: []string{"REDUNDANT_ACTION"},
		Title: "An action that another one of the list covers",
		Help: "Whatever the action stands for, another one of the same list stands for too. Remove it, or the wider one if that " +
			"was not meant.",
		check: checkRedundantActions,
	},
	{
		ID: "redundant-resource", Severity: Suggestion, AWS: []string{"REDUNDANT_RESOURCE"},
		Title: "A resource that another one of the list covers",
		Help: "Whatever the resource matches, another one of the same list matches too. Remove it, or the wider one if that was " +
			"not meant.",
		check: checkRedundantResources,
	},
	{
		ID: "redundant-statement", Severity: Suggestion, AWS: []string{"REDUNDANT_STATEMENT"},
		Title: "A statement that another one covers",
		Help: "Another statement with the same effect has all of its actions and resources, and no condition that this one " +
			"has not. Remove it, or the wider one if that was not meant.",
		check: checkRedundantStatements,
	},
	{
		ID: "denied-allow", Severity: Warning,
		Title: "An Allow that a Deny takes back",
		Help: "A Deny statement has the action on all the resources of the Allow statement, and no condition that the Allow has " +
			"not. A Deny always wins, so the action is never allowed here. Remove the one that is not meant.",
		check: checkDeniedAllows,
	},
}

// A claim is one text of a list with what is known of its pattern.
type claim struct {
	text   policy.Text
	covers func(claim) bool
	// key is the same for texts that certainly mean the same, group for those that alone may cover one
	// another; "" may cover any.
	key, group string
	wild       bool
	action     glob.Pattern
	target     target
}

func actionClaims(texts []policy.Text) []claim {
	out := make([]claim, len(texts))
	for i, text := range texts {
		prefix, _, _ := strings.Cut(text.Value, ":")
		c := claim{text: text, key: strings.ToLower(text.Value), wild: wild(text.Value), action: glob.CompileFold(text.Value)}
		if !wild(prefix) {
			c.group = strings.ToLower(prefix)
		}
		out[i] = c
		out[i].covers = func(other claim) bool { return c.wild && c.action.Covers(other.action) }
	}
	return out
}

func targetClaims(targets []target) []claim {
	out := make([]claim, len(targets))
	for i, t := range targets {
		c := claim{text: t.text, key: t.text.Value, wild: wild(t.text.Value), target: t}
		if t.known && !wild(t.shape.text[serviceField]) && !t.runsOn {
			c.group = t.shape.text[serviceField]
		}
		out[i] = c
		out[i].covers = func(other claim) bool {
			return c.wild && t.known && !t.variables && other.target.known && t.pattern.Covers(other.target.pattern)
		}
	}
	return out
}

// redundant calls report for each claim that another one of the list makes superfluous: the later of
// two that mean the same, the narrower of two others.
func redundant(claims []claim, budget *pairs, report func(covered, by claim)) {
	first := map[string]int{}
	wide := map[string][]int{} // the wildcards, by group
	for i, c := range claims {
		if _, ok := first[c.key]; !ok {
			first[c.key] = i
			if c.wild {
				wide[c.group] = append(wide[c.group], i)
			}
		}
	}
	for i, c := range claims {
		if first[c.key] != i {
			report(c, claims[first[c.key]])
			continue
		}
		candidates := wide[""]
		if c.group != "" { // a claim about any group is covered by another such alone
			candidates = slices.Concat(wide[c.group], candidates)
		}
		if !budget.take(len(candidates)) {
			return
		}
		for _, j := range candidates {
			other := claims[j]
			if i != j && other.covers(c) && (j < i || !c.covers(other)) {
				report(c, other)
				break
			}
		}
	}
}

func checkRedundantActions(c *checker) {
	budget := c.pairs()
	for _, s := range c.statements {
		for element, texts := range s.actionLists {
			redundant(actionClaims(texts), budget, func(covered, by claim) {
				c.report(s.at(element, covered.text), "%s", redundantMessage(covered, by))
			})
		}
	}
}

func checkRedundantResources(c *checker) {
	budget := c.pairs()
	for _, s := range c.statements {
		for element, list := range s.resourceLists {
			redundant(targetClaims(c.targets(list)), budget, func(covered, by claim) {
				c.report(s.at(element, covered.text), "%s", redundantMessage(covered, by))
			})
		}
	}
}

func redundantMessage(covered, by claim) string {
	if covered.key == by.key {
		return quote(covered.text.Value) + " is in the list twice"
	}
	return fmt.Sprintf("%s is covered by %s", quote(covered.text.Value), quote(by.text.Value))
}

// actionLists are Action and NotAction.
func (s *statement) actionLists(yield func(string, []policy.Text) bool) {
	_ = yield("Action", s.Actions.Texts) && yield("NotAction", s.NotActions.Texts)
}

// resourceLists are Resource and NotResource.
func (s *statement) resourceLists(yield func(string, policy.ListSource) bool) {
	_ = yield("Resource", s.Resources) && yield("NotResource", s.NotResources)
}
