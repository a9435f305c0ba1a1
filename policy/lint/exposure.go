package lint

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/policy"
)

// exposureRules report the actions of exposure.txt.
var exposureRules = []Rule{
	{
		ID: "credential-exposure", Severity: Security,
		Title: "The policy hands out credentials",
		Help: "The answer to the action is a credential (a key, a token, a password) of somebody else, or the call sets one, " +
			"and the policy allows it for any. Where the action can be limited to resources, name those that are meant. The " +
			"severity is warning under a condition, and suggestion for tokens that open only what the policy opens anyway.",
		check: func(c *checker) {
			c.checkExposure("credential", Security, "hands out credentials")
			c.checkExposure("own", Suggestion, "hands out a token for what the caller may do")
		},
	},
	{
		ID: "data-read-at-scale", Severity: Security,
		Title: "The policy reads all data or secrets of a service",
		Help: "The action returns data or secrets, and the policy allows it on all of them: with the credentials of this " +
			"policy everything there can be read. Name the buckets, parameters or secrets that are needed. The severity is " +
			"warning where a condition is there that does not limit the resource.",
		check: func(c *checker) { c.checkExposure("data", Security, "reads all that there is") },
	},
}

// checkExposure reports actions of one kind that are allowed without a limit to some resources, one
// finding for each pattern that allows some.
func (c *checker) checkExposure(kind string, severity Severity, what string) {
	p := c.powers()
	if slices.ContainsFunc(p.allows, (*side).administer) {
		return // administrator-access says it all
	}
	type found struct {
		at       place
		severity Severity
		actions  []string
	}
	var all []*found
	byPlace := map[string]*found{}
	for _, e := range exposures() {
		if e.kind != kind {
			continue
		}
		for _, g := range p.grants(e.action, "") {
			if !g.wide || g.scoped {
				continue
			}
			severity := severity
			if len(g.keys) > 0 {
				severity = lower(severity)
			}
			key := fmt.Sprint(g.index, g.at.pos)
			if byPlace[key] == nil {
				byPlace[key] = &found{g.at, severity, nil}
				all = append(all, byPlace[key])
			}
			byPlace[key].actions = append(byPlace[key].actions, e.action)
		}
	}
	for _, f := range all {
		slices.SortFunc(f.actions, policy.CompareActions)
		name := quote(f.at.value)
		if f.at.value == "" {
			name = f.at.element
		}
		if wild(f.at.value) || f.at.value == "" {
			name += " (" + few(f.actions, 5) + ")"
		}
		c.reportAs(f.severity, f.at, f.actions, "%s %s", name, what)
	}
}

//go:embed exposure.txt
var exposureText string

// An exposure is one action of exposure.txt.
type exposure struct {
	action, kind, source string
}

var exposures = sync.OnceValue(func() []exposure {
	list, err := parseExposures("exposure.txt", exposureText)
	if err != nil {
		panic(err) // the text is embedded, and a test reads it
	}
	return list
})

// parseExposures reads the format that exposure.txt explains at its head. Errors begin with file:line.
func parseExposures(file, text string) ([]exposure, error) {
	var out []exposure
	kind, source, line := "", "", 0
	for content := range strings.Lines(text) {
		line++
		words := strings.Fields(content)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if content[0] != ' ' {
			switch words[0] {
			case "source":
				source, kind = strings.Join(words[1:], " "), ""
				continue
			case "credential", "own", "data":
				kind, words = words[0], words[1:]
			default:
				return nil, fmt.Errorf("%s:%d: unknown keyword %q", file, line, words[0])
			}
		}
		if kind == "" || source == "" {
			return nil, fmt.Errorf("%s:%d: actions without a kind or a source", file, line)
		}
		for _, action := range words {
			if slices.ContainsFunc(out, func(e exposure) bool { return e.action == action }) {
				return nil, fmt.Errorf("%s:%d: %s a second time", file, line, action)
			}
			out = append(out, exposure{action, kind, source})
		}
	}
	return out, nil
}
