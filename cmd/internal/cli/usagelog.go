package cli

import (
	"context"
	"slices"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
	"github.com/whittle-iam/whittle/trail"
)

// A usageLog is what the sources say of roles. Without sources it is nil.
type usageLog struct {
	loaded
	mapper *actionmap.Mapper
	byRole map[string][]trail.Usage
	// regions are those to which the reading was limited.
	regions []string
}

// readUsageLog reads the sources, if there are any.
func readUsageLog(ctx context.Context, env Env, sources []string, read *readOptions) (*usageLog, error) {
	if len(sources) == 0 {
		return nil, nil
	}
	m, err := actionmap.New()
	if err != nil {
		return nil, err
	}
	in, err := loadAll(ctx, env, sources, read, m)
	if err != nil {
		return nil, err
	}
	if in.stats.Records == 0 {
		return nil, noEvents(in.input)
	}
	l := &usageLog{loaded: in, mapper: m, byRole: map[string][]trail.Usage{}, regions: read.regions}
	for _, u := range trail.Attribute(in.usages) {
		l.byRole[u.Role] = append(l.byRole[u.Role], u)
	}
	return l, nil
}

// options are what an analysis has to know of the log.
func (l *usageLog) options() tighten.UnusedOptions {
	return tighten.UnusedOptions{Mapper: l.mapper, Stats: l.stats, Regions: l.regions}
}

// roles are the ARNs seen, sorted.
func (l *usageLog) roles() []string {
	var out []string
	for arn := range l.byRole {
		out = append(out, arn)
	}
	slices.Sort(out)
	return out
}

// of returns the ARN under which the log has a role, and what it did. Roles without an ARN are found by
// name, in any account; several are an error. A role that the log does not show has the ARN "".
func (l *usageLog) of(r current.Role) (string, []trail.Usage, error) {
	if r.ARN != "" {
		return r.ARN, l.ofARN(r.ARN), nil
	}
	var found []string
	for _, arn := range l.roles() {
		if (current.Role{ARN: arn, Name: roleName(arn)}).Is(r.Name) {
			found = append(found, arn)
		}
	}
	switch len(found) {
	case 0:
		return "", nil, nil
	case 1:
		return found[0], l.byRole[found[0]], nil
	}
	return "", nil, usagef("the log has several roles of the name %s (%s): choose the account with --accounts", r.Name, found)
}

// ofARN returns what a role did, also where the log does not tell its path.
func (l *usageLog) ofARN(arn string) []trail.Usage {
	if exact := l.byRole[arn]; exact != nil {
		return exact // trail.Attribute has joined the calls without the path to it
	}
	var out []trail.Usage
	for _, seen := range l.roles() {
		if !current.SameRole(seen, arn) {
			continue
		}
		for _, u := range l.byRole[seen] {
			u.Role = arn
			out = append(out, u)
		}
	}
	return out
}

// addTo says of each change how the role used what it takes or gives. A comparison of documents is about
// the one role that the log shows acting for Lambda.
func (l *usageLog) addTo(c *report.Comparison, role current.Role, minDays int) error {
	if l == nil {
		return nil
	}
	if nameOf(role) == "" {
		var all []trail.Usage
		for _, arn := range l.roles() {
			all = append(all, l.byRole[arn]...)
		}
		lambda := trail.LambdaRoles(all)
		if len(lambda) != 1 {
			return usagef("--usage: the log shows %s acting for Lambda, and the policies do not say whose they are; give them in a file named after the role, or use --role", report.Plural(int64(len(lambda)), "role"))
		}
		role.ARN = lambda[0]
	}
	arn, usages, err := l.of(role)
	if err != nil {
		return err
	}
	role.ARN = arn
	settings := l.options()
	settings.MinDays = minDays
	of := tighten.UsageOf(role, usages, settings)
	for i := range c.Changes {
		u := of(c.Changes[i])
		c.Changes[i].Usage = &u
	}
	return nil
}
