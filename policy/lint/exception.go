package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A Config is what a project says about its policies, in the file .whittle.yaml:
//
//	exceptions:
//	  - rule: unscoped-write
//	    policy: deploy-*
//	    sid: Deploy
//	    action: cloudformation:*
//	    reason: Stacks are named by the teams, see the runbook.
//
// JSON has no comments, and a convention for Sids would change what IAM stores; so this file is the
// one place for exceptions.
type Config struct {
	Exceptions []Exception `yaml:"exceptions"`
}

// An Exception accepts findings. It is about those that agree with all members that are set.
type Exception struct {
	// Rule is the rule's ID. It must be set.
	Rule string `yaml:"rule"`
	// Policy is the policy's name (Input.Name), in which "*" and "?" are wildcards.
	Policy string `yaml:"policy"`
	// Sid is the statement's; Statement its index, from 0.
	Sid       string `yaml:"sid"`
	Statement *int   `yaml:"statement"`
	// Action covers all actions of the finding, Resource the resource that it objects to; "*" and "?"
	// are wildcards. A finding without actions, or without a resource, does not agree.
	Action   string `yaml:"action"`
	Resource string `yaml:"resource"`
	// Reason says why. It must be set.
	Reason string `yaml:"reason"`
}

// Exceptions are those of a Config, and which of them were of use. They are not safe for concurrent
// use.
type Exceptions struct {
	list []Exception
	used []bool
}

// NewExceptions checks a configuration. It is an error if an exception has no reason, or no rule that
// exists; the error names it by its number, from 1.
func NewExceptions(c Config) (*Exceptions, error) {
	rules := Rules()
	for i, e := range c.Exceptions {
		switch {
		case e.Rule == "":
			return nil, fmt.Errorf("exception %d has no rule", i+1)
		case !slices.ContainsFunc(rules, func(r Rule) bool { return r.ID == e.Rule }):
			return nil, fmt.Errorf("exception %d: there is no rule %q", i+1, e.Rule)
		case strings.TrimSpace(e.Reason) == "":
			return nil, fmt.Errorf("exception %d, of the rule %s, has no reason", i+1, e.Rule)
		}
	}
	return &Exceptions{c.Exceptions, make([]bool, len(c.Exceptions))}, nil
}

// Match returns the reason of the first exception that a finding of a policy agrees with.
func (x *Exceptions) Match(policyName string, f Finding) (reason string, ok bool) {
	for i, e := range x.list {
		if e.agrees(policyName, f) {
			x.used[i] = true
			return e.Reason, true
		}
	}
	return "", false
}

// Unused returns the exceptions that no finding agreed with, in order. They ought to go.
func (x *Exceptions) Unused() []Exception {
	var unused []Exception
	for i, e := range x.list {
		if !x.used[i] {
			unused = append(unused, e)
		}
	}
	return unused
}

func (e Exception) agrees(policyName string, f Finding) bool {
	return e.Rule == f.Rule &&
		(e.Policy == "" || glob.Compile(e.Policy).Match(policyName)) &&
		(e.Sid == "" || e.Sid == f.Sid) &&
		(e.Statement == nil || *e.Statement == f.Statement) &&
		(e.Action == "" || e.agreesWithActions(f)) &&
		(e.Resource == "" || e.agreesWithResource(f))
}

// agreesWithActions holds the pattern against what the finding is about: its actions, or the text of
// an Action element.
func (e Exception) agreesWithActions(f Finding) bool {
	pattern := glob.CompileFold(e.Action)
	if len(f.Actions) == 0 {
		return strings.HasSuffix(f.Element, "Action") && pattern.Match(f.Value)
	}
	return !slices.ContainsFunc(f.Actions, func(a string) bool { return !pattern.Match(a) })
}

func (e Exception) agreesWithResource(f Finding) bool {
	return strings.HasSuffix(f.Element, "Resource") && glob.Compile(e.Resource).Match(f.Value)
}
