package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
)

// counts are numbers of operations, from listed on of those in AWS's tables.
type counts struct {
	operations                             int
	byName, byRule, noPermission, unmapped int
	derived, generic, none                 int
	listed, agree                          int
}

func (c *counts) add(o counts) {
	c.operations += o.operations
	c.byName += o.byName
	c.byRule += o.byRule
	c.noPermission += o.noPermission
	c.unmapped += o.unmapped
	c.derived += o.derived
	c.generic += o.generic
	c.none += o.none
	c.listed += o.listed
	c.agree += o.agree
}

// A result is what the mapping knows of one service.
type result struct {
	service string
	counts
	prefixes map[string]int // grants by the service prefix of their actions
	gaps     []gap
}

// A gap is an operation that maps to nothing, or not to what AWS lists.
type gap struct{ operation, why string }

// measure maps an event of every operation. CloudTrail has omitted its parameters, so that every rule
// that may apply does.
func measure(m *actionmap.Mapper, names naming, services []service, listed map[operationKey][]string) []result {
	var out []result
	known := map[operationKey]bool{}
	for _, s := range services {
		r := result{service: s.name, prefixes: map[string]int{}}
		for _, op := range s.operations {
			known[operationKey{s.name, op}] = true
			r.operation(m, names, s, op, listed[operationKey{s.name, op}])
		}
		out = append(out, r)
	}
	// AWS's tables have a few operations that the SDK data of the pinned release lacks.
	for i := range out {
		for key, actions := range listed {
			if key.service == out[i].service && !known[key] {
				out[i].operation(m, names, services[i], key.operation, actions)
			}
		}
		slices.SortFunc(out[i].gaps, func(a, b gap) int { return strings.Compare(a.operation, b.operation) })
	}
	return out
}

func (r *result) operation(m *actionmap.Mapper, names naming, s service, op string, listed []string) {
	r.operations++
	if listed != nil {
		r.listed++
	}
	mapped, err := mapOperation(m, s, op)
	switch {
	case err != nil:
		r.unmapped++
		r.gaps = append(r.gaps, gap{op, err.Error()})
		return
	case mapped.Unmapped != nil:
		r.noPermission++
	default:
		r.classify(mapped.Grants, names)
	}
	if listed == nil {
		return
	}
	if why := disagrees(mapped.Grants, listed); why != "" {
		r.gaps = append(r.gaps, gap{op, why})
		return
	}
	r.agree++
}

// mapOperation maps an event of an operation, whichever source CloudTrail gives it. The sources must
// not lead to different actions.
func mapOperation(m *actionmap.Mapper, s service, op string) (actionmap.Result, error) {
	var found *actionmap.Result
	var reason string
	for _, source := range s.sources() {
		got := m.Map(&trail.Usage{Key: trail.Key{
			Kind: trail.Call, Outcome: trail.Authorised, Region: "us-east-1", Missing: "omitted",
			Principal:   trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
			EventSource: source, EventName: op,
		}})
		switch {
		case got.Unmapped != nil && got.Unmapped.Reason != actionmap.NoPermissionNeeded && got.Unmapped.Reason != actionmap.NoListedAction:
			reason = got.Unmapped.Detail
		case found == nil:
			found = &got
		case list(actions(found.Grants)) != list(actions(got.Grants)):
			return got, fmt.Errorf("the sources %q lead to different actions", s.sources())
		}
	}
	if found == nil {
		return actionmap.Result{}, fmt.Errorf("%s", reason)
	}
	return *found, nil
}

// classify counts an operation by the rule that names its actions, and its resource by how it is named.
func (r *result) classify(grants []actionmap.Grant, names naming) {
	rule := false
	for _, g := range grants {
		prefix, _, _ := strings.Cut(g.Action, ":")
		r.prefixes[prefix]++
		rule = rule || strings.HasPrefix(g.Rule, "overrides/")
	}
	if rule {
		r.byRule++
	} else {
		r.byName++
	}
	switch names.ofAll(grants) {
	case nothingToName:
		r.none++
	case byGuess:
		r.generic++
	default:
		r.derived++
	}
}

// disagrees compares what an operation maps to with what AWS lists for it: something of the list, and
// nothing else. kms actions come from KMS's own events and iam:PassRole from a parameter, so neither
// is missed here.
func disagrees(grants []actionmap.Grant, listed []string) string {
	var common, extra []string
	for _, a := range actions(grants) {
		if slices.ContainsFunc(listed, func(l string) bool { return strings.EqualFold(l, a) }) {
			common = append(common, a)
		} else {
			extra = append(extra, a)
		}
	}
	switch {
	case len(extra) > 0:
		return fmt.Sprintf("maps to %s, which AWS does not list (%s)", list(extra), list(listed))
	case len(common) == 0:
		return fmt.Sprintf("maps to nothing that AWS lists (%s)", list(listed))
	}
	return ""
}

func actions(grants []actionmap.Grant) []string {
	var out []string
	for _, g := range grants {
		out = append(out, g.Action)
	}
	return out
}
