package tighten

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// wildcards counts for each wildcard of the Allow statements what became of the actions that it stands
// for: used if one of its rows is, else unobservable if one is.
func wildcards(rows []row, policies []current.Policy) []report.WildcardUse {
	type key struct {
		doc, stmt int
		pattern   string
	}
	rank := map[string]int{report.Unused: 0, report.Unobservable: 1, report.Used: 2}
	status := map[key]map[string]string{}
	for _, r := range rows {
		for _, pattern := range r.granted.patterns {
			k := key{r.granted.doc, r.granted.stmt, pattern}
			if status[k] == nil {
				status[k] = map[string]string{}
			}
			if old, ok := status[k][r.Action]; !ok || rank[r.Status] > rank[old] {
				status[k][r.Action] = r.Status
			}
		}
	}
	var out []report.WildcardUse
	for d, p := range policies {
		for i, s := range p.Document.Statements {
			patterns := slices.Clone(s.Actions)
			if s.NotActions != nil {
				patterns = []string{notActionText(s)}
			}
			for _, pattern := range patterns {
				k := key{d, i, pattern}
				counts := status[k]
				if s.Effect != policy.Allow || counts == nil {
					continue
				}
				delete(status, k) // a pattern may be there twice
				w := report.WildcardUse{Pattern: pattern, Policy: p.Name, Statement: statementName(s, i), Actions: len(counts)}
				for _, c := range counts {
					switch c {
					case report.Used:
						w.Used++
					case report.Unused:
						w.Unused++
					default:
						w.Unobservable++
					}
				}
				out = append(out, w)
			}
		}
	}
	return out
}

// totals counts all rows, and those that are kept.
func totals(rows []report.GrantedPermission) (before, after report.Totals) {
	count := func(keep func(report.GrantedPermission) bool) report.Totals {
		var t report.Totals
		services, actions := set{}, set{}
		for _, r := range rows {
			if !keep(r) {
				continue
			}
			t.Permissions++
			if actions[r.Action] {
				continue
			}
			actions.add(r.Action)
			prefix, _, _ := strings.Cut(r.Action, ":")
			services.add(prefix)
			switch reference.AccessLevel(r.AccessLevel) {
			case reference.Write:
				t.Write++
			case reference.PermissionsManagement:
				t.PermissionsManagement++
			}
		}
		t.Actions, t.Services = len(actions), len(services)
		return t
	}
	return count(func(report.GrantedPermission) bool { return true }), count(func(r report.GrantedPermission) bool { return r.Kept })
}

// days is how many days the log covers where the role is at work, where that is least.
func (s *silence) days() int {
	regions := s.homes
	if len(regions) == 0 {
		if regions = s.known(); len(regions) > 1 {
			regions = regions[:1]
		}
	}
	least := -1
	for _, region := range regions {
		n := 0
		if c := s.covers[region]; c != nil {
			n = len(c.days)
		}
		if least < 0 || n < least {
			least = n
		}
	}
	return max(least, 0)
}

// unusedNotes says what a reviewer has to know of the whole.
func unusedNotes(r report.UnusedRole, role current.Role, from []int, s *silence, obs observation, usages []trail.Usage, opt UnusedOptions) []string {
	var out []string
	for _, arn := range role.Missing {
		out = append(out, fmt.Sprintf("the policy %s is attached and not in the input: what it does is not in this report", arn))
	}
	if arn := role.MissingBoundary; arn != "" {
		out = append(out, fmt.Sprintf("the permissions boundary %s is not in the input: what it does is not in this report", arn))
	}
	if opt.Grace > 0 && role.Created.IsZero() {
		for _, p := range role.Policies {
			if p.Created.IsZero() {
				out = append(out, fmt.Sprintf("the input does not say when the policy %s was made, so that no grace protects what it grants", p.Name))
			}
		}
	}
	us := users{r.Role, role.Functions, role.FunctionsKnown}
	out = append(out, us.notes(us)...)
	if r.Inactive {
		text := "the log has no call of the role"
		if slices.ContainsFunc(usages, assumed) {
			text += ", although Lambda assumed it"
		}
		out = append(out, text)
	}
	if s.always != "" {
		out = append(out, "nothing is called unused: "+s.always)
	}
	out = append(out, s.gaps(opt.Stats.Coverage)...)
	if len(opt.Regions) == 0 && s.always == "" {
		out = append(out, fmt.Sprintf("the log has records of account %s in %s: calls in other Regions would not be in it if no trail records them", s.account, strings.Join(sorted(s.known()), ", ")))
	}
	if r.Calls.Denied > 0 {
		refused := set{}
		for _, d := range obs.denied {
			refused.add(firstOf(d.Action, d.Event))
		}
		out = append(out, fmt.Sprintf("%s refused, which is no use of a permission: %s", was(r.Calls.Denied), strings.Join(refused.with(nil), ", ")))
	}
	for i, p := range role.Policies {
		if !slices.Contains(from, i) {
			out = append(out, fmt.Sprintf("nothing of policy %s is in use: detach it", p.Name))
		}
	}
	if slices.ContainsFunc(r.Wildcards, func(w report.WildcardUse) bool { return w.Unused > 0 }) {
		out = append(out, "a wildcard that its actions replace no longer stands for actions that AWS adds")
	}
	if slices.ContainsFunc(r.Granted, func(g report.GrantedPermission) bool {
		return g.Status == report.Unused && recorded.Of(g.Action).Kind == recorded.Data
	}) {
		out = append(out, "a trail that selects the data events of some buckets, tables or functions only looks like one that selects all: check its selectors before you remove data permissions")
	}
	return out
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

func was(n int64) string {
	if n == 1 {
		return "1 call was"
	}
	return fmt.Sprintf("%d calls were", n)
}

// gaps names the days on which the log has nothing of the Regions where the role is at work.
func (s *silence) gaps(coverage []trail.Coverage) []string {
	const most = 10
	var out []string
	first, end := window(coverage)
	for _, region := range s.homes {
		c := s.covers[region]
		if c == nil {
			continue
		}
		var missing []string
		n := 0
		for day := first; day.Before(end); day = day.AddDate(0, 0, 1) {
			if c.days[int32(day.Unix()/(24*60*60))] {
				continue
			}
			if n++; n <= most {
				missing = append(missing, day.Format(time.DateOnly))
			}
		}
		if n > 0 {
			if n > most {
				missing = append(missing, fmt.Sprintf("and %d more", n-most))
			}
			out = append(out, fmt.Sprintf("the log has no record of %s on %s: %s", region, report.Plural(int64(n), "day"), strings.Join(missing, ", ")))
		}
	}
	return out
}
