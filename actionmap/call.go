package actionmap

import (
	"regexp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/trail"
)

// A call is one Usage with where it took place.
type call struct {
	usage *trail.Usage
	// partition is never empty. region and account are empty where the event has none that is
	// well formed.
	partition, region, account string
}

var partitions = regexp.MustCompile(`^aws(-[a-z0-9]+)*$`)

// partitionsOfRegions follows https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html.
var partitionsOfRegions = []struct{ prefix, partition string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
	{"eusc-", "aws-eusc"},
}

func newCall(u *trail.Usage) *call {
	c := &call{usage: u, partition: "aws"}
	role, _ := parseARN(u.Role)
	if partitions.MatchString(role.partition) {
		c.partition = role.partition
	} else {
		for _, p := range partitionsOfRegions {
			if strings.HasPrefix(u.Region, p.prefix) {
				c.partition = p.partition
			}
		}
	}
	if regions.MatchString(u.Region) {
		c.region = u.Region
	}
	switch {
	case isAccount(u.Account):
		c.account = u.Account
	case isAccount(role.account):
		c.account = role.account
	}
	return c
}

// values returns what the event holds at a path, nil for nothing.
func (c *call) values(path string) []string {
	if p := c.usage.Param(path); p != nil {
		return p.Values
	}
	return nil
}

// omitted reports whether CloudTrail left the whole request out of the event.
func (c *call) omitted() bool {
	return c.usage.Missing == "omitted" && !slices.ContainsFunc(c.usage.Params, func(p trail.Param) bool {
		return !strings.HasPrefix(strings.TrimPrefix(p.Path, "?"), "resource")
	})
}

// An answer is what an event says about a gate or a line.
type answer int

const (
	no answer = iota
	perhaps
	yes
)

// holds reports whether the event shows that it needs the action of a line.
func (c *call) holds(l line) answer {
	if len(l.gates) == 0 {
		return yes
	}
	all, any := yes, no
	for _, g := range l.gates {
		passes := c.passes(g)
		all, any = min(all, passes), max(any, passes)
	}
	if l.anyGate {
		return any
	}
	return all
}

func (c *call) passes(g overrides.Gate) answer {
	if g.Error != "" {
		return answerOf(c.usage.ErrorCode == g.Error)
	}
	present := c.usage.Param(g.Path) != nil || c.usage.Param("?"+g.Path) != nil
	if strings.HasPrefix(g.Path, "resources:") && !g.NeedsValue() {
		return answerOf(present != g.Negated) // CloudTrail omits requests, not resources
	}
	if c.omitted() || g.NeedsValue() && !present && c.usage.Missing == "omitted" {
		return perhaps
	}
	if !g.NeedsValue() {
		return answerOf(present != g.Negated)
	}
	return answerOf(slices.ContainsFunc(c.values(g.Path), g.Matches) != g.Negated)
}

func answerOf(b bool) answer {
	if b {
		return yes
	}
	return no
}

// onlyOnError reports whether a line holds only for an error code.
func (l line) onlyOnError() bool {
	return slices.ContainsFunc(l.gates, func(g overrides.Gate) bool { return g.Error != "" })
}

// unsure marks grants of lines that the event does not confirm.
func unsure(grants []Grant) []Grant {
	for i := range grants {
		grants[i].Findings = append(grants[i].Findings, Finding{HiddenResource,
			"the event does not show which of the operation's actions the call needed, so that all are assumed"})
	}
	return grants
}

// crossed reports whether a line holds for one of several values in a list, as one kind of operation
// in a batch: the event does not say to which of the batch's resources it belongs.
func (c *call) crossed(l line) bool {
	return slices.ContainsFunc(l.gates, func(g overrides.Gate) bool {
		return g.NeedsValue() && strings.Contains(g.Path, "[]") && len(c.values(g.Path)) > 1
	})
}
