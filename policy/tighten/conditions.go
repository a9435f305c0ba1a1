package tighten

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/generalize"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
)

// suggest notes on each permission the conditions that held for every call behind it, and with apply
// makes them part of it. Each could refuse a call that the window does not show (a second endpoint, a
// new prefix), so applying them is for the user to ask.
//
// Keys whose value CloudTrail does not record are never suggested: dynamodb:LeadingKeys, aws:SourceVpc
// (only the endpoint is in the event), tags.
func suggest(perms []permission, apply bool) {
	shared := len(functionARNs(perms)) > 1
	for i := range perms {
		p := &perms[i]
		if len(p.needs) == 0 {
			continue
		}
		for _, s := range []func(*permission, bool) (policy.Condition, string){
			throughEndpoint, inRegions, byFunctions, asTold,
		} {
			c, why := s(p, shared)
			if why == "" || slices.ContainsFunc(p.conditions, func(have policy.Condition) bool { return have.Key == c.Key }) {
				continue
			}
			p.suggested = append(p.suggested, report.Suggestion{Condition: report.Condition(c), Why: why, Applied: apply})
		}
		if apply {
			for _, s := range p.suggested {
				p.conditions = append(slices.Clip(p.conditions), policy.Condition(s.Condition))
			}
			slices.SortFunc(p.conditions, func(a, b policy.Condition) int {
				return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key))
			})
		}
	}
}

// throughEndpoint: all calls came through one VPC endpoint
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce).
// Calls that a service makes with forwarded credentials come from that service's network.
func throughEndpoint(p *permission, _ bool) (policy.Condition, string) {
	endpoints := set{}
	for _, n := range p.needs {
		if n.usage.VPCEndpoint == "" || n.usage.InvokedBy != "" {
			return policy.Condition{}, ""
		}
		endpoints.add(n.usage.VPCEndpoint)
	}
	if len(endpoints) != 1 {
		return policy.Condition{}, ""
	}
	return policy.Condition{Operator: "StringEquals", Key: "aws:SourceVpce", Values: endpoints.with(nil)},
		fmt.Sprintf("all %s came through this endpoint", calls(p))
}

// inRegions: an action that takes no resource is not limited to a region by its resource.
func inRegions(p *permission, _ bool) (policy.Condition, string) {
	if p.resource != "*" {
		return policy.Condition{}, ""
	}
	regions := set{}
	for _, n := range p.needs {
		if n.usage.Region == "" {
			return policy.Condition{}, ""
		}
		regions.add(n.usage.Region)
	}
	return policy.Condition{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: regions.with(nil)},
		fmt.Sprintf("all %s went to %s", calls(p), strings.Join(regions.with(nil), ", "))
}

// byFunctions: of the functions that share a role only some use the permission. Lambda gives the key to
// calls of a function's code, not to its own calls and not to what other services do for it
// (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
func byFunctions(p *permission, shared bool) (policy.Condition, string) {
	if !shared {
		return policy.Condition{}, ""
	}
	functions := set{}
	for _, n := range p.needs {
		if !strings.HasPrefix(n.usage.Function, "arn:") || n.usage.ByLambda || n.usage.InvokedBy != "" {
			return policy.Condition{}, ""
		}
		functions.add(n.usage.Function)
	}
	return policy.Condition{Operator: "ArnEquals", Key: "lambda:SourceFunctionArn", Values: functions.with(nil)},
		fmt.Sprintf("the role is shared, and all %s came from %d of its functions", calls(p), len(functions))
}

// asTold: the rules name a parameter that holds the value of a condition key (s3:prefix, a key of the
// KMS encryption context).
func asTold(p *permission, _ bool) (policy.Condition, string) {
	first := p.needs[0].grant.Tells
	var seen []generalize.Observation
	for _, n := range p.needs {
		told := n.grant.Tells
		if told.Key == "" || told.Key != first.Key || len(told.Values) == 0 {
			return policy.Condition{}, ""
		}
		for _, v := range told.Values {
			seen = append(seen, generalize.Observation{Name: v, Open: told.Open, First: n.usage.First, Last: n.usage.Last, Days: n.usage.Days})
		}
	}
	c := policy.Condition{Operator: "StringEquals", Key: first.Key}
	values := set{}
	if first.Wide {
		for _, pattern := range generalize.Names("/", seen, generalize.Options{}) {
			values.add(pattern.Text)
		}
	} else {
		for _, o := range seen {
			text, _ := glob.Literal(o.Name)
			values.add(text)
		}
	}
	c.Values = values.with(nil)
	if len(c.Values) > generalize.DefaultMaxListed || values["*"] {
		return policy.Condition{}, "" // so many values limit nothing that a reviewer could check
	}
	// Wildcards and their escapes mean something to StringLike alone.
	if slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?$") }) {
		c.Operator = "StringLike"
	}
	return c, fmt.Sprintf("all %s had one of these values", calls(p))
}

func calls(p *permission) string {
	var n int64
	for _, need := range p.needs {
		n += need.usage.Count
	}
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// functionARNs are the functions that the permissions' calls name by ARN.
func functionARNs(perms []permission) []string {
	functions := set{}
	for _, p := range perms {
		for _, n := range p.needs {
			if strings.HasPrefix(n.usage.Function, "arn:") {
				functions.add(n.usage.Function)
			}
		}
	}
	return functions.with(nil)
}
