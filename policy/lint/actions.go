package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// actionRules are about actions that AWS does not have.
var actionRules = []Rule{
	{
		ID: "unknown-service", Severity: Error, AWS: []string{"INVALID_SERVICE_IN_ACTION", "INVALID_SERVICE"},
		Title: "A service that AWS does not have",
		Help: "What stands before the colon of the action is not the prefix of a service, so the action allows or denies " +
			"nothing. Prefixes are not always the services' names: Step Functions has states, CloudWatch Logs has logs. " +
			"The reference is that of the version that whittle reference prints; a service that is newer is unknown to it.",
		check: eachUnknown(func(u unknown) bool { return u.service == nil }),
	},
	{
		ID: "unknown-action", Severity: Error, AWS: []string{"INVALID_ACTION"},
		Title: "An action that its service does not have",
		Help: "The service has no such action, so it allows or denies nothing. It may be misspelt, or be the name of an API " +
			"operation whose permission has another one: HeadObject needs s3:GetObject. The reference is that of the " +
			"version that whittle reference prints; an action that is newer is unknown to it.",
		check: eachUnknown(func(u unknown) bool { return u.service != nil && !wild(u.text) }),
	},
	{
		ID: "action-matches-nothing", Severity: Error, AWS: []string{"INVALID_ACTION"},
		Title: "A wildcard that stands for no action",
		Help: "No action of today matches the pattern, so it allows or denies nothing, until AWS adds one that does. Correct " +
			"it, or take it out.",
		check: eachUnknown(func(u unknown) bool { return wild(u.text) && (u.service != nil || wild(u.prefix)) }),
	},
	{
		ID: "action-without-service", Severity: Error, AWS: []string{"INVALID_ACTION"},
		Title: "An action without the prefix of a service",
		Help: "An action is a service's prefix, a colon and a name, such as s3:GetObject; only \"*\" stands without. IAM refuses " +
			"a policy that has another one. Write the service's prefix before it.",
		check: checkPrefixes,
	},
}

// An unknown is an action pattern that stands for no action of the reference.
type unknown struct {
	text         string
	prefix, name string
	service      *reference.Service // nil if there is none with the prefix
}

// maxGuesses bounds for how many actions of a policy the nearest name is looked for.
const maxGuesses = 100

func eachUnknown(pick func(unknown) bool) func(*checker) {
	return func(c *checker) {
		guesses := 0
		for _, s := range c.statements {
			for _, at := range s.actionPlaces() {
				u, found := c.unknown(at.value)
				if !found || !pick(u) {
					continue
				}
				guesses++
				c.report(at, "%s", u.message(guesses <= maxGuesses))
			}
		}
	}
}

func checkPrefixes(c *checker) {
	for _, s := range c.statements {
		for _, at := range s.actionPlaces() {
			if at.value != "" && !strings.Contains(at.value, ":") && strings.Trim(at.value, "*") != "" {
				c.report(at, "%s has no service before it, as in s3:GetObject", quote(at.value))
			}
		}
	}
}

// actionPlaces are the texts of Action and NotAction.
func (s *statement) actionPlaces() []place {
	var out []place
	for _, text := range s.Actions.Texts {
		out = append(out, s.at("Action", text))
	}
	for _, text := range s.NotActions.Texts {
		out = append(out, s.at("NotAction", text))
	}
	return out
}

// unknown looks a text up. One without a colon is the grammar's matter.
func (c *checker) unknown(text string) (unknown, bool) {
	prefix, name, qualified := strings.Cut(text, ":")
	if !qualified || strings.TrimSpace(text) != text {
		return unknown{}, false
	}
	if len(c.expand(text)) > 0 || !c.spend(0) {
		return unknown{}, false
	}
	u := unknown{text: text, prefix: prefix, name: name}
	u.service, _ = reference.Lookup(prefix)
	return u, true
}

func (u unknown) message(guess bool) string {
	hint := ""
	switch {
	case wild(u.prefix):
		return "no action of any service matches " + quote(u.text)
	case u.service == nil:
		hint = "no service has the prefix " + quote(u.prefix)
		if near := nearestService(u.prefix); guess && near != "" {
			hint += ": did you mean " + near + "?"
		}
		return hint
	case wild(u.name):
		return "no action of " + u.service.Name + " matches " + quote(u.text)
	}
	if guess {
		hint = nearestAction(u.service, u.name)
		if hint == "" {
			hint = elsewhere(u.name)
		}
	}
	if hint != "" {
		hint = ": " + hint
	}
	return u.service.Name + " has no action " + quote(u.text) + hint
}

// elsewhere tells of the services, if they are few, that have an action with the name.
func elsewhere(name string) string {
	found := reference.ActionsMatching("*:" + name)
	if len(found) == 0 || len(found) > 4 {
		return ""
	}
	return "there is " + and(ids(found))
}
