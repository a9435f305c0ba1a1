package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// escalationRules report the paths of escalation.txt.
var escalationRules = []Rule{
	{
		ID: "administrator-access", Severity: Security,
		Title: "Everything is allowed on everything",
		Help: `The statement allows "*" on "*", without condition: administrator access, with all ways there are to more. A function ` +
			"with such a role gives the account to whoever gets hold of its credentials. Name the actions and resources that " +
			"are needed; whittle generate finds them in CloudTrail.",
		check: checkAdministrator,
	},
	{
		ID: "privilege-escalation", Severity: Security,
		Title: "The policy allows a published way to more rights",
		Help: "Together the statements allow the actions of a published privilege escalation, after Deny statements and with " +
			"iam:PassedToService taken into account. The message says what else has to hold, and of which resources. The " +
			"severity is warning where the resource is a named one, a condition limits the statement, or everything depends " +
			"on a target that happens to be there; two of these make it a suggestion. Where one action pattern opens more than " +
			"five ways, one finding names them all. Name resources that do not give more rights, " +
			"set a permissions boundary, or take one of the actions away.",
		check: checkEscalation,
	},
}

func checkAdministrator(c *checker) {
	p := c.powers()
	open := 0
	if slices.ContainsFunc(p.allows, (*side).administer) {
		for _, e := range escalations() {
			if _, ok := p.route(e); ok {
				open++
			}
		}
	}
	for _, d := range p.allows {
		if d.administer() {
			c.report(d.whole(), "administrator access: %d of %d published ways to more rights are open", open, len(escalations()))
		}
	}
}

func checkEscalation(c *checker) {
	p := c.powers()
	if slices.ContainsFunc(p.allows, (*side).administer) {
		return
	}
	var open []route
	for _, e := range escalations() {
		if r, ok := p.route(e); ok {
			open = append(open, r)
		}
	}
	var places [][]route // of one place and severity
	for _, r := range open {
		if slices.ContainsFunc(open, func(o route) bool { return o.impliesAll(r) }) {
			continue // the shorter path needs less, and is as bad
		}
		i := slices.IndexFunc(places, func(p []route) bool { return p[0].at() == r.at() && p[0].severity == r.severity })
		if i < 0 {
			places = append(places, []route{r})
		} else {
			places[i] = append(places[i], r)
		}
	}
	for _, routes := range places {
		if len(routes) > maxRoutes {
			c.reportAs(routes[0].severity, routes[0].at(), actionsOf(routes), "%s", summary(routes))
			continue
		}
		for _, r := range routes {
			var longer []string
			for _, o := range open {
				if r.impliesAll(o) {
					longer = append(longer, o.path.ID)
				}
			}
			c.reportAs(r.severity, r.at(), r.actions, "%s", r.message(longer))
		}
	}
}

// maxRoutes is how many findings there are for one place before one names all of its paths, and
// maxTitles how many paths that one names.
const (
	maxRoutes = 5
	maxTitles = 30
)

// summary is the message for many paths of one place.
func summary(routes []route) string {
	var names, statements []string
	for _, r := range routes {
		names = append(names, fmt.Sprintf("%s (%s)", r.path.Title, r.path.ID))
		for _, g := range r.grants {
			add(&statements, g.statement.String())
		}
	}
	more := ""
	if len(names) > maxTitles {
		more = fmt.Sprintf("; and %d more", len(names)-maxTitles)
		names = names[:maxTitles]
	}
	return fmt.Sprintf("%d published ways to more rights are open, by %s: %s%s", len(routes), few(statements, 4), strings.Join(names, "; "), more)
}

// actionsOf are those of the routes, sorted.
func actionsOf(routes []route) []string {
	var actions []string
	for _, r := range routes {
		actions = append(actions, r.actions...)
	}
	slices.SortFunc(actions, policy.CompareActions)
	return slices.Compact(actions)
}
