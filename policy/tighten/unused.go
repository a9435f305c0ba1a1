package tighten

import (
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// DefaultMinDays is how many days a log has to cover before silence counts.
const DefaultMinDays = 30

// UnusedOptions are what Unused has to know beside a role and its calls.
type UnusedOptions struct {
	// Mapper maps calls to permissions.
	Mapper *actionmap.Mapper
	// Stats are those of the whole log, whoever's calls it holds: what it would have shown.
	Stats trail.Stats
	// Regions, if not empty, are those to which the reading was limited (trail.Query.Regions).
	Regions []string
	// MinDays is how many days the log has to cover before silence counts, 0 for DefaultMinDays.
	MinDays int
	// Grace keeps what was first granted at most so many days before the end of the window. What was
	// used in the window is kept anyway.
	Grace int
	// KeepResources makes the proposal drop actions only, and leave the resources as they are.
	KeepResources bool
	// Last is the end of the observed window, zero for that of Stats.
	Last time.Time
}

// Unused compares what a role's current policies grant with what the role was seen to do. Each
// permission is used, unused or unobservable, see report.GrantedPermission, and only what is unused is
// left out of the proposal. All rows of usages must be of that role, after trail.Attribute.
//
// It fails for a policy that is none (current.Policy.Err), and where the proof of the proposal does.
func Unused(role current.Role, usages []trail.Usage, opt UnusedOptions) (report.UnusedRole, error) {
	out := report.UnusedRole{Role: nameOf(role, usages)}
	var identity, boundary []policy.Document
	for _, p := range role.Policies {
		if p.Err != nil {
			return out, fmt.Errorf("role %s: policy %s: %w", out.Role, p.Name, p.Err)
		}
		identity = append(identity, p.Document)
		out.Policies = append(out.Policies, p.Name)
	}
	if role.Boundary != nil {
		if role.Boundary.Err != nil {
			return out, fmt.Errorf("role %s: permissions boundary: %w", out.Role, role.Boundary.Err)
		}
		boundary = []policy.Document{role.Boundary.Document}
	}
	opt = opt.withDefaults()
	obs := observe(usages, opt.Mapper)
	out.Calls = obs.calls
	out.Inactive = obs.calls == report.Calls{}

	partition := ""
	if arn, err := policy.ParseARN(out.Role); err == nil {
		partition = arn.Partition
	}
	limits := newLimits(identity, boundary)
	granted, err := grantedBy(role.Policies, limits, partition)
	if err != nil {
		return out, fmt.Errorf("role %s: %w", out.Role, err)
	}
	silence := newSilence(out.Role, role, usages, obs, opt)
	rows := judgeAll(granted, role, &matcher{policies: role.Policies, uses: uses(obs, opt), judges: map[[2]int]*judge{}}, silence, opt)
	for _, r := range rows {
		out.Granted = append(out.Granted, r.GrantedPermission)
	}
	out.Wildcards = wildcards(rows, role.Policies)
	out.Before, out.After = totals(out.Granted)
	out.Days = silence.days()
	var from []int
	out.Proposed, from = rewrite(role.Policies, rows)
	out.Notes = unusedNotes(out, role, from, silence, obs, usages, opt)
	return out, prove(&out, role, from, rows, identity, boundary, usages, opt)
}

func (o UnusedOptions) withDefaults() UnusedOptions {
	if o.MinDays == 0 {
		o.MinDays = DefaultMinDays
	}
	if o.Last.IsZero() {
		o.Last = o.Stats.Last
		if _, end := window(o.Stats.Coverage); end.Before(o.Last) && !end.IsZero() {
			o.Last = end // what was read and lies outside of the query
		}
	}
	return o
}

// nameOf is the role's ARN, as the policies or the calls tell it, or its name.
func nameOf(role current.Role, usages []trail.Usage) string {
	if role.ARN == "" && len(usages) > 0 {
		return usages[0].Role
	}
	return firstOf(role.ARN, role.Name)
}

// A row is a granted permission with what is known of its use.
type row struct {
	report.GrantedPermission
	granted *granted
	// narrow are the resources that the proposal gives it in place of its own, nil to keep that.
	narrow []string
}

func judgeAll(all []granted, role current.Role, m *matcher, s *silence, opt UnusedOptions) []row {
	rows := make([]row, len(all))
	for i := range all {
		g := &all[i]
		p := role.Policies[g.doc]
		statement := p.Document.Statements[g.stmt]
		r := row{granted: g, GrantedPermission: report.GrantedPermission{
			Action: g.id, Resource: g.on.text, Policy: p.Name, Statement: statementName(statement, g.stmt), As: g.wildcard(),
		}}
		if g.action != nil {
			r.AccessLevel = string(g.action.AccessLevel)
		}
		for _, c := range statement.Conditions {
			r.Conditions = append(r.Conditions, report.Condition(c))
		}
		used, why, hints := m.of(g), s.why(g), s.hints(g)
		asked, seen := s.askedBy(g), s.seenByIAM(g, m.uses[g.id])
		usedOn, isNarrower := narrowed(*g.on, p.Document.Version, used, nil)
		if why == "" {
			why = newer(p, role, opt)
		}
		if why == "" && len(used) == 0 && len(hints) > 0 {
			why = hints[0].why
		}
		spared := grace(p, role, opt)
		switch {
		case len(used) > 0:
			r.Status, r.Kept, r.Evidence = report.Used, true, evidenceOf(used)
			if isNarrower {
				r.UsedOn = usedOn
			}
			// Where the log would not show other uses, the ones it shows do not limit the resource.
			if why == "" && spared == "" && !opt.KeepResources {
				r.narrow, _ = narrowed(*g.on, p.Document.Version, used, hints)
			}
		case seen != "" && (why != "" || asked != ""):
			r.Status, r.Why, r.Kept = report.Used, seen, true
		case why != "" || asked != "" || seen != "":
			r.Status, r.Why, r.Kept = report.Unobservable, firstOf(asked, why, seen), true
		default:
			r.Status, r.Why, r.Kept = report.Unused, spared, spared != ""
		}
		rows[i] = r
	}
	return rows
}

func statementName(s policy.Statement, i int) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("#%d", i+1)
}

// newer says that a policy or its role was made when the log had ended.
func newer(p current.Policy, role current.Role, opt UnusedOptions) string {
	for _, made := range []time.Time{p.Created, role.Created} {
		if made.After(opt.Last) {
			return fmt.Sprintf("it was granted on %s, after the log ends", made.UTC().Format(time.DateOnly))
		}
	}
	return ""
}

// grace says that what a policy grants was first granted too shortly before the end of the window.
func grace(p current.Policy, role current.Role, opt UnusedOptions) string {
	since := opt.Last.AddDate(0, 0, -opt.Grace)
	switch {
	case opt.Grace <= 0 || opt.Last.IsZero():
	case p.Created.After(since):
		return fmt.Sprintf("granted within %s of the end of the log", report.Plural(int64(opt.Grace), "day"))
	case role.Created.After(since):
		return fmt.Sprintf("the role was made within %s of the end of the log", report.Plural(int64(opt.Grace), "day"))
	}
	return ""
}
