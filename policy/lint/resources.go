package lint

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/policy"
)

// resourceRules are about actions and resources of one statement that do not go together.
var resourceRules = []Rule{
	{
		ID: "action-not-on-resource", Severity: Warning,
		Title: "The action cannot act on any resource of the statement",
		Help: "The resources that the action can act on have ARNs of another form than all those of the statement, or the " +
			`action takes no resource and needs "*". So the statement neither allows nor denies it. Common cases: ` +
			"s3:ListBucket is on the bucket, s3:GetObject on its objects (bucket/*); an ECS task definition ends in its " +
			"revision. Put the action into a statement with a resource of the form given.",
		check: eachMisfit(func(c *checker, s *statement, m misfits) {
			for _, f := range s.grouped(m.actions) {
				c.reportActions(f.at, ids(f.actions), "%s", f.message)
			}
		}),
	},
	{
		ID: "resource-without-action", Severity: Warning,
		Title: "No action of the statement can act on the resource",
		Help: "None of the statement's actions acts on resources with such an ARN, so the resource is without effect. It is " +
			"of another service or type than the actions, or an action for it is missing.",
		check: eachMisfit(func(c *checker, s *statement, m misfits) {
			for _, t := range m.targets {
				c.report(s.at("Resource", t.text), "no action of the statement acts on %s", quote(t.text.Value))
			}
		}),
	},
}

// misfits are what does not go together in a statement.
type misfits struct {
	actions []misfit
	targets []target
}

type misfit struct {
	at      place
	actions expansion
	message string
}

// maxPairs bounds how often a rule compares two things of one policy.
const maxPairs = 200_000

// pairs counts such comparisons.
type pairs struct {
	c    *checker
	left int
}

func (c *checker) pairs() *pairs { return &pairs{c, maxPairs} }

// take asks for some more comparisons.
func (p *pairs) take(n int) bool {
	if p.left < n {
		p.c.limit("it has too many actions and resources to compare each with each")
		return false
	}
	p.left -= n
	return true
}

func eachMisfit(report func(*checker, *statement, misfits)) func(*checker) {
	return func(c *checker) {
		budget := c.pairs()
		for _, s := range c.statements {
			report(c, s, c.misfits(s, budget))
		}
	}
}

// misfits compares a statement's Action and Resource. Both are listed, so that what is unknown to the
// reference, or stands for something in a template, never makes a finding.
func (c *checker) misfits(s *statement, budget *pairs) misfits {
	var m misfits
	targets := c.targets(s.Resources)
	if len(targets) == 0 || len(s.Actions.Texts) == 0 || slices.ContainsFunc(targets, func(t target) bool { return !t.known || t.everything }) {
		return m
	}
	used := make([]bool, len(targets))
	certain := true // that all actions are known
	checked := map[*format]bool{}
	for _, text := range s.Actions.Texts {
		actions := c.expand(text.Value)
		if len(actions) == 0 {
			certain = false
			continue
		}
		acts := false
		for _, a := range actions {
			for _, f := range formatsOf(a) {
				fits, known := checked[f]
				if !known {
					if !budget.take(len(targets)) {
						return misfits{}
					}
					for i, t := range targets {
						if t.fits(f) {
							fits, used[i] = true, true
						}
					}
					checked[f] = fits
				}
				acts = acts || fits
			}
		}
		if !acts {
			m.actions = append(m.actions, misfit{s.at("Action", text), actions, s.misfitMessage(text, actions)})
		}
	}
	if certain {
		for i, t := range targets {
			if !used[i] {
				m.targets = append(m.targets, t)
			}
		}
	}
	return m
}

// maxAlike is how many findings say that an action takes no resource before one says it for all.
const maxAlike = 3

// grouped makes one of the misfits that take no resource, if they are many.
func (s *statement) grouped(all []misfit) []misfit {
	var without, out []misfit
	var actions expansion
	for _, m := range all {
		if len(formsOf(m.actions)) > 0 {
			out = append(out, m)
			continue
		}
		without = append(without, m)
		actions = append(actions, m.actions...)
	}
	if len(without) <= maxAlike {
		return all
	}
	slices.SortFunc(actions, compareActions)
	actions = slices.Compact(actions)
	one := misfit{at: without[0].at, actions: actions, message: fmt.Sprintf("by the reference %s take no resource: only a statement on \"*\" is sure to %s them (%s)",
		count(len(actions), "action"), s.verb(), few(ids(actions), 5))}
	return append([]misfit{one}, out...)
}

// verb is what the statement does with its actions.
func (s *statement) verb() string {
	if s.denies() {
		return "deny"
	}
	return "allow"
}

func (s *statement) misfitMessage(text policy.Text, actions expansion) string {
	verb := s.verb()
	forms := formsOf(actions)
	name := quote(text.Value)
	if len(forms) == 0 {
		return "by the reference " + name + ` takes no resource: only a statement on "*" is sure to ` + verb + " it"
	}
	return "no resource of the statement is one that " + name + " acts on, so it does not " + verb + " it; its resources have the form " + few(forms, 3)
}

// formsOf are the ARN formats of the actions' resources, as the reference writes them.
func formsOf(actions expansion) []string {
	var forms []string
	for _, a := range actions {
		for _, f := range formatsOf(a) {
			if !slices.Contains(forms, f.text) {
				forms = append(forms, f.text)
			}
		}
		if len(forms) > maxForms {
			break
		}
	}
	return forms
}

// maxForms is how many ARN formats are gathered for a message.
const maxForms = 10
