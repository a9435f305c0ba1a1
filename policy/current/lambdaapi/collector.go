package lambdaapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A collector gathers what the settings of one function ask for.
type collector struct {
	arn string
	// at is arn, parsed: partition, Region and account of what settings name without them.
	at policy.ARN
	// name is that of the function.
	name string
	// version is that of the settings at hand.
	version string
	needs   []current.Need
	unknown []string
}

func newCollector(arn string) *collector {
	c := &collector{arn: arn, version: latest}
	at, err := policy.ParseARN(arn)
	if err != nil {
		c.unknown = append(c.unknown, fmt.Sprintf("all settings: %q is no ARN of a function", arn))
	}
	c.at, c.name = at, strings.TrimPrefix(at.Resource, "function:")
	return c
}

// A source is a setting with the page that says what it asks for.
type source struct {
	setting, page string
	optional      bool
}

// perhaps is the source of what the setting does without in most cases.
func (s source) perhaps() source {
	s.optional = true
	return s
}

// add adds permissions, each action on each resource.
func (c *collector) add(s source, actions []string, resources ...string) {
	c.when(s, nil, actions, resources...)
}

// when adds permissions under conditions. What another setting asks for already under a version that is
// not the latest adds nothing: old versions have the settings of the new one as a rule.
func (c *collector) when(s source, conditions []policy.Condition, actions []string, resources ...string) {
	for _, action := range actions {
		for _, resource := range resources {
			n := current.Need{Action: action, Resource: resource, Conditions: conditions, Setting: c.named(s.setting), Page: s.page, Optional: s.optional}
			if c.version == latest || !slices.ContainsFunc(c.needs, func(have current.Need) bool {
				return have.Action == n.Action && have.Resource == n.Resource && sameConditions(have, n) && (!have.Optional || n.Optional)
			}) {
				c.needs = append(c.needs, n)
			}
		}
	}
}

func sameConditions(a, b current.Need) bool {
	return slices.EqualFunc(a.Conditions, b.Conditions, func(x, y policy.Condition) bool {
		return x.Operator == y.Operator && x.Key == y.Key && slices.Equal(x.Values, y.Values)
	})
}

// open notes a setting of which it is not known what it asks for.
func (c *collector) open(setting string) { c.unknown = append(c.unknown, c.named(setting)) }

// named says of which version a setting is, where that is a published one.
func (c *collector) named(setting string) string {
	if c.version == latest {
		return setting
	}
	return setting + " (version " + c.version + ")"
}

// regional is the pattern for a resource in the function's account and Region. The resource is a pattern.
func (c *collector) regional(service, resource string) string {
	return policy.ARN{Partition: c.at.Partition, Service: service, Region: c.at.Region, Account: c.at.Account, Resource: resource}.String()
}

// literal is the pattern for one name or ARN.
func literal(name string) string {
	text, _ := glob.Literal(name)
	return text
}

// function is what was collected, in order.
func (c *collector) function(role string) current.Function {
	f := current.Function{ARN: c.arn, Role: role, Needs: c.needs, Unknown: c.unknown}
	slices.SortFunc(f.Needs, func(a, b current.Need) int {
		return cmp.Or(cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Resource, b.Resource))
	})
	f.Needs = slices.CompactFunc(f.Needs, func(a, b current.Need) bool {
		return a.Setting == b.Setting && a.Action == b.Action && a.Resource == b.Resource && a.Optional == b.Optional && sameConditions(a, b)
	})
	slices.Sort(f.Unknown)
	f.Unknown = slices.Compact(f.Unknown)
	return f
}
