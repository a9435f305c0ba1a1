package actionmap

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/trail"
)

// Denied returns the permissions that would allow a denied call. What the error message says comes
// first (rule "message"): it names the action and mostly the resource that AWS evaluated. Otherwise it
// is what Map says.
func (m *Mapper) Denied(u *trail.Usage) Result {
	action, ok := reference.LookupAction(u.Denial.Action)
	if !ok {
		return m.Map(u)
	}
	of, _ := lookup(action.Service)
	l := line{action: action, groups: m.groupsOf(of, action), rule: "message"}
	c := newCall(u)
	if !action.TakesResource() {
		return Result{Grants: normalize(c.grants(l))}
	}
	if b, ok := c.fromMessage(l.groups); ok {
		l.groups = nil
		return Result{Grants: normalize([]Grant{c.grant(l, b)})}
	}
	var grants []Grant
	for _, g := range m.Map(u).Grants {
		if g.Action == action.ID() {
			grants = append(grants, g)
		}
	}
	if grants == nil {
		grants = c.grants(l)
	}
	return Result{Grants: normalize(grants)}
}

// fromMessage builds the resource that a message names, if it is of a type of the action.
func (c *call) fromMessage(groups []group) (built, bool) {
	if len(c.usage.Denial.Resource) > maxText {
		return built{}, false
	}
	for _, g := range groups {
		for _, t := range g.targets {
			whole := []item{{value: value{arn: c.usage.Denial.Resource}, gaps: c.deniedGaps()}}
			if b, ok := c.assemble(t, whole); ok {
				return b, true
			}
		}
	}
	return built{}, false
}

// deniedGaps reports whether the message names the resource with the gaps of a parameter.
func (c *call) deniedGaps() bool {
	return slices.ContainsFunc(c.usage.Params, func(p trail.Param) bool {
		return p.Gaps && strings.HasSuffix(c.usage.Denial.Resource, p.Values[0])
	})
}
