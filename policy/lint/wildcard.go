package lint

import (
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// wildcardRules are about wildcards in the Action of Allow statements. In a Deny they only deny more.
var wildcardRules = []Rule{
	{
		ID: "all-actions", Severity: Security,
		Title: "All actions of all services are allowed",
		Help: `The action "*" stands for every action of every service, and for those that AWS adds tomorrow. On all resources ` +
			"it is administrator access. Name the actions that are needed; whittle generate finds them in CloudTrail.",
		check: eachWildcard(func(w wildcard) bool { return w.kind == everyService }),
	},
	{
		ID: "service-wildcard", Severity: Security,
		Title: "All actions of a service are allowed",
		Help: `An action such as "s3:*" stands for every action of the service, among them those that delete or open what it ` +
			"holds, and for those that AWS adds tomorrow. The severity is security where some of them manage permissions, " +
			"warning where some write, suggestion where all only read. Name the actions that are needed.",
		check: eachWildcard(func(w wildcard) bool { return w.kind == everyOfService }),
	},
	{
		ID: "wildcard-action", Severity: Warning,
		Title: "A wildcard stands for several actions",
		Help: `An action such as "s3:Put*" stands for every action of such a name, today's and tomorrow's; there may be more ` +
			"of them than meant. The severity is warning where some of them write or manage permissions, suggestion where " +
			"all only read. Name the actions that are needed.",
		check: eachWildcard(func(w wildcard) bool { return w.kind == someActions }),
	},
	{
		ID: "wildcard-in-service", Severity: Suggestion, AWS: []string{"WILDCARD_IN_SERVICE_NAME"},
		Title: "A wildcard in the name of a service",
		Help: `An action such as "s*:Get*" speaks of services that its author hardly thought of, and of those to come. Name the ` +
			"services.",
		check: func(c *checker) {
			for _, s := range c.statements {
				for _, text := range s.Actions.Texts {
					prefix, _, qualified := strings.Cut(text.Value, ":")
					if s.allows() && qualified && wild(prefix) && text.Value != "*:*" {
						services := servicesOf(c.expand(text.Value))
						c.report(s.at("Action", text), "the wildcard in the name of the service stands for %s", count(len(services), "service"))
					}
				}
			}
		},
	},
}

// A wildcard is an action pattern of an Allow statement that stands for more than itself.
type wildcard struct {
	kind    wildcardKind
	actions []*reference.Action
}

type wildcardKind int

const (
	someActions wildcardKind = iota
	everyOfService
	everyService
)

func eachWildcard(pick func(wildcard) bool) func(*checker) {
	return func(c *checker) {
		for _, s := range c.statements {
			if !s.allows() {
				continue
			}
			for _, text := range s.Actions.Texts {
				if !wild(text.Value) {
					continue
				}
				w := wildcard{kind: kindOf(text.Value), actions: c.expand(text.Value)}
				if len(w.actions) > 0 && pick(w) {
					c.reportAs(w.severity(), s.at("Action", text), nil, "%s stands for %s", quote(text.Value), tally(w.actions))
				}
			}
		}
	}
}

func kindOf(pattern string) wildcardKind {
	prefix, name, qualified := strings.Cut(pattern, ":")
	switch {
	case strings.Trim(pattern, "*") == "", strings.Trim(prefix, "*") == "" && strings.Trim(name, "*") == "":
		return everyService
	case qualified && !wild(prefix) && strings.Trim(name, "*") == "":
		return everyOfService
	}
	return someActions
}

func (w wildcard) severity() Severity {
	n := levels(w.actions)
	switch {
	case w.kind == everyService:
		return Security
	case n[reference.PermissionsManagement] > 0 && w.kind == everyOfService:
		return Security
	case n[reference.PermissionsManagement]+n[reference.Write]+n[reference.Tagging] > 0:
		return Warning
	}
	return Suggestion
}

func levels(actions []*reference.Action) map[reference.AccessLevel]int {
	n := map[reference.AccessLevel]int{}
	for _, a := range actions {
		n[a.AccessLevel]++
	}
	return n
}

// tally says how many actions there are, and what they do.
func tally(actions []*reference.Action) string {
	n := levels(actions)
	text := count(len(actions), "action") + " today "
	var parts []string
	for _, part := range []struct {
		level reference.AccessLevel
		verb  string
	}{{reference.PermissionsManagement, "manage permissions"}, {reference.Write, "write"}, {reference.Tagging, "tag"}} {
		if n := n[part.level]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(n), part.verb))
		}
	}
	if len(parts) == 0 {
		return text + "(all only read)"
	}
	return text + "(" + strings.Join(parts, ", ") + ")"
}

func servicesOf(actions []*reference.Action) []string {
	var services []string
	for _, a := range actions { // sorted
		if len(services) == 0 || services[len(services)-1] != a.Service {
			services = append(services, a.Service)
		}
	}
	return services
}

// reportAs is reportActions with the severity of this case, where a rule's cases differ.
func (c *checker) reportAs(severity Severity, at place, actions []string, message string, args ...any) {
	before := len(c.findings)
	c.reportActions(at, actions, message, args...)
	if len(c.findings) > before {
		c.findings[before].Severity = severity
	}
}
