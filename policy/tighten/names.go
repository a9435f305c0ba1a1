package tighten

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/generalize"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
)

// generalizeNames turns needs into permissions: resources without an open name stay as they are,
// names under one prefix (the keys of a bucket) become patterns where the evidence says so. What
// all actions saw of a prefix is evidence for each of them.
func generalizeNames(needs []need, opt Options) []permission {
	type prefix struct{ pattern, separator string }
	var out []permission
	var order []prefix
	named := map[prefix][]need{}
	for _, n := range needs {
		r := n.grant.Resource
		if r.Name == "" && !r.Open {
			out = append(out, fromNeed(n, r.Pattern))
			continue
		}
		p := prefix{r.Pattern, r.Separator}
		if named[p] == nil {
			order = append(order, p)
		}
		named[p] = append(named[p], n)
	}
	for _, p := range order {
		group := named[p]
		obs := make([]generalize.Observation, len(group))
		for i, n := range group {
			obs[i] = generalize.Observation{
				Action: n.grant.Action + "\x00" + conditionKey(n.grant.Conditions),
				Name:   n.grant.Resource.Name, Open: n.grant.Resource.Open,
				First: n.usage.First, Last: n.usage.Last, Days: n.usage.Days,
			}
		}
		for _, pattern := range generalize.Names(p.separator, obs, generalize.Options{Last: opt.Last}) {
			for _, i := range pattern.Observations {
				perm := fromNeed(group[i], p.pattern+pattern.Text)
				if pattern.Reason != "" {
					perm.widening = &report.Widening{
						Reason: string(pattern.Reason), Detail: pattern.Detail,
						Distinct: pattern.Distinct, Examples: pattern.Examples,
					}
				}
				if pattern.Caution != "" {
					perm.findings = append(perm.findings, report.Finding{Kind: "little-evidence", Detail: pattern.Caution})
				}
				out = append(out, perm)
			}
		}
	}
	return out
}

// resourceText is the IAM pattern for a resource as the mapping gave it, before generalisation.
func resourceText(r actionmap.Resource) string {
	text, _ := glob.Literal(r.Name)
	if r.Open {
		text += "*"
	}
	return r.Pattern + text
}

// widen replaces resources by the patterns that the user asked for, and says so. A pattern that
// covers no resource of the role changes nothing.
func widen(perms []permission, patterns []string) error {
	for _, text := range patterns {
		asked, err := glob.CompileARN(text)
		if err != nil {
			return fmt.Errorf("widen %q: %w", text, err)
		}
		replaced := map[string]bool{}
		var hits []int
		for i, p := range perms {
			have, err := glob.CompileARN(p.resource)
			if err != nil || p.resource == "*" || !asked.Covers(have) {
				continue
			}
			replaced[p.resource] = true
			hits = append(hits, i)
		}
		examples := make([]string, 0, len(replaced))
		for r := range replaced {
			examples = append(examples, r)
		}
		slices.Sort(examples)
		for _, i := range hits {
			perms[i].resource = text
			perms[i].widening = &report.Widening{
				Reason: "asked", Detail: "--widen asked for it", Distinct: len(examples),
				Examples: examples[:min(len(examples), generalize.MaxExamples)],
			}
		}
	}
	return nil
}
