package eval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// Reasons for which AWS refuses a statement.
var (
	errEffect   = errors.New("the effect is neither Allow nor Deny")
	errAction   = errors.New("exactly one of Action and NotAction must be given")
	errResource = errors.New("exactly one of Resource and NotResource must be given")
)

// A statement is a compiled policy.Statement.
type statement struct {
	ref   StatementRef
	allow bool
	// err tells what is malformed. Where that is the structure, nothing but err counts; a malformed
	// resource or condition leaves the rest of the statement in force.
	err         error
	broken      bool
	actions     actionSet
	notAction   bool
	resources   []resource
	notResource bool // resources are those of NotResource
	// plain are the resources' texts that have no variable or escape. A request for the same text is
	// matched, whatever the wildcards in it: policies with thousands of names are asked for each.
	plain      map[string]bool
	conditions []condition.Matcher
	// undecided is what is malformed about the conditions.
	undecided error
}

func compileStatement(s policy.Statement, version string, ref StatementRef) statement {
	c := statement{ref: ref, allow: s.Effect == policy.Allow}
	c.err = checkStructure(s)
	if c.err != nil {
		c.broken = true
		return c
	}
	c.notAction, c.notResource = s.NotActions != nil, s.NotResources != nil
	c.actions = newActionSet(append(s.Actions[:len(s.Actions):len(s.Actions)], s.NotActions...))
	c.plain = make(map[string]bool, len(s.Resources)+len(s.NotResources))
	var errs []error
	for _, texts := range [][]string{s.Resources, s.NotResources} {
		for _, text := range texts {
			r := compileResource(text, version == policy.Version2012)
			c.resources = append(c.resources, r)
			if r.err == nil && !strings.Contains(text, "$") {
				c.plain[text] = true
			}
			errs = append(errs, r.err)
		}
	}
	var undecided []error
	for _, cond := range s.Conditions {
		m, err := condition.Compile(cond, version)
		if err != nil {
			undecided = append(undecided, err)
			continue
		}
		c.conditions = append(c.conditions, m)
	}
	c.undecided = errors.Join(undecided...)
	c.err = errors.Join(append(errs, c.undecided)...)
	return c
}

// checkStructure refuses what the parser never returns but a Go value can say.
func checkStructure(s policy.Statement) error {
	if s.Effect != policy.Allow && s.Effect != policy.Deny {
		return fmt.Errorf("%w: %q", errEffect, s.Effect)
	}
	if (s.Actions == nil) == (s.NotActions == nil) {
		return errAction
	}
	if (s.Resources == nil) == (s.NotResources == nil) {
		return errResource
	}
	return nil
}

// applies reports whether the statement concerns the request. An error means that it cannot be
// decided; what is false for certain is false whatever else is malformed.
func (s *statement) applies(t target) (bool, error) {
	if s.broken {
		return false, s.err
	}
	if s.actions.match(t.action) == s.notAction {
		return false, nil
	}
	onResource, undecided := s.matchResource(t)
	if !onResource && undecided == nil {
		return false, nil
	}
	for _, c := range s.conditions {
		ok, err := c.Holds(t.context)
		if err != nil {
			undecided = errors.Join(undecided, fmt.Errorf("%s %q: %w", c.Operator(), c.Key(), err))
		} else if !ok {
			return false, nil
		}
	}
	if undecided = errors.Join(undecided, s.undecided); undecided != nil {
		return false, undecided
	}
	return true, nil
}

// matchResource reports whether the statement's Resource or NotResource takes in the request's. An
// Allow must take in all that the request can mean, a Deny any of it; the other way round where the
// question is whether some of it is allowed.
func (s *statement) matchResource(t target) (bool, error) {
	if s.plain[t.resource] {
		return !s.notResource, nil
	}
	whole := (s.allow != t.some) != s.notResource
	var undecided error
	for i := range s.resources {
		ok, err := s.resources[i].match(t, whole)
		if err != nil {
			undecided = err
		} else if ok {
			return !s.notResource, nil
		}
	}
	return s.notResource && undecided == nil, undecided
}
