package tighten

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// A silence tells where it proves something that a log has no call: only where the log would have had it.
type silence struct {
	// always, if not empty, is why it never does.
	always  string
	account string
	regions []string // the filter of the reading
	minDays int
	mapper  prefixer
	// covers are what the log holds of the account, by Region.
	covers map[string]*covered
	// homes are the Regions where the role is at work, sorted; none is known of an idle role.
	homes     []string
	partition string
	// unmapped say of each service prefix, or of "" for all, which calls may have used any of its actions.
	unmapped map[string]string
	// hidden are permissions that go with what was seen, or that functions use unseen; tried those of
	// calls that failed for other reasons than a policy.
	hidden, tried map[string][]hint
	// asked are those that settings of functions ask for.
	asked map[string][]hint
	// accessed is when IAM last saw an action, by its ID in lower case, in the window or after it.
	accessed map[string]time.Time
	// denied are the actions of refused calls, end the end of the window.
	denied map[string]bool
	end    time.Time
}

// prefixer tells the service prefixes of an event source.
type prefixer interface {
	Prefixes(eventSource string) []string
}

// A hint is a resource on which an action may be in use, and why that is thought.
type hint struct {
	on      string
	pattern glob.ARNPattern
	why     string
}

func newSilence(name string, role current.Role, usages []trail.Usage, obs observation, opt UnusedOptions) *silence {
	s := &silence{
		regions: opt.Regions, minDays: opt.MinDays, mapper: opt.Mapper,
		unmapped: map[string]string{}, hidden: map[string][]hint{}, tried: map[string][]hint{}, asked: map[string][]hint{},
		accessed: lastAccessed(role, opt), denied: map[string]bool{},
	}
	_, s.end = window(opt.Stats.Coverage)
	for _, d := range obs.denied {
		s.denied[d.Action] = true
	}
	if arn, err := policy.ParseARN(name); err == nil {
		s.account, s.partition = arn.Account, arn.Partition
	}
	s.covers = coveredOf(opt.Stats.Coverage, s.account)
	s.always = firstOf(lost(opt.Stats), blind(opt.Stats), s.unplaced(opt.Stats), contradicted(role, obs, opt))
	s.homes = homes(usages, role.Functions)
	for _, u := range obs.unknown {
		s.learnUnmapped(u)
	}
	s.learnHidden(users{name, role.Functions, role.FunctionsKnown}, usages, obs)
	s.learnTried(usages, opt)
	return s
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// lost says what of the sources could not be read.
func lost(s trail.Stats) string {
	var parts []string
	count := func(of string, counts map[trail.SkipReason]int64) {
		reasons := set{}
		var n int64
		for reason, k := range counts {
			if reason.Broken() && k > 0 {
				reasons.add(string(reason))
				n += k
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", report.Plural(n, of), strings.Join(reasons.with(nil), ", ")))
		}
	}
	for _, g := range s.Gaps {
		if g.Kind == trail.GapPartial {
			parts = append(parts, fmt.Sprintf("%s was not read to its end", g.Source))
		}
	}
	count("file", s.SkippedFiles)
	count("record", s.Skipped)
	if parts == nil {
		return ""
	}
	return "a part of the log could not be read: " + strings.Join(parts, ", ")
}

// blind says that a source leaves out by its nature what shows uses: Event history has no data events, and of
// management events what one looks up, a start for a policy and too little to take something away; a table may
// lack what calls were about.
func blind(s trail.Stats) string {
	for _, g := range s.Gaps {
		switch g.Kind {
		case trail.GapNoDataEvents:
			return g.Source + " is no whole log, and proves nothing to be unused"
		case trail.GapUse:
			return g.Source + " does not show all that calls used: " + g.Detail
		}
	}
	return ""
}

// unplaced says that the log does not show where the role is.
func (s *silence) unplaced(stats trail.Stats) string {
	switch {
	case s.account == "":
		return "the role's account is not known, so it is not known whether the log is of it"
	case len(stats.Coverage) == 0:
		return "the log does not tell what it covers: it is empty, or a profile of an older version"
	case len(s.covers) == 0:
		return "the log has no records of account " + s.account
	}
	return ""
}

// contradicted says that IAM knows of a use in the window that the log does not show.
func contradicted(role current.Role, obs observation, opt UnusedOptions) string {
	first, end := window(opt.Stats.Coverage)
	if obs.calls.Authorised > 0 || role.LastUsed.IsZero() || role.LastUsed.Before(first) || role.LastUsed.After(end) {
		return ""
	}
	return fmt.Sprintf("IAM says that the role was last used on %s, and the log has no call of it", role.LastUsed.UTC().Format(time.DateOnly))
}

// learnUnmapped notes a call of which it is not known what it needs: it may have used any action of its
// service, or of any service if that is not known either.
func (s *silence) learnUnmapped(u *trail.Usage) {
	prefixes := s.mapper.Prefixes(u.EventSource)
	if prefixes == nil {
		prefixes = []string{""}
	}
	for _, p := range prefixes {
		if s.unmapped[p] == "" {
			s.unmapped[p] = fmt.Sprintf("the role called %s, of which it is not known what it needs", event(u))
		}
	}
}

// learnHidden notes what the proposal of a policy would add although no call shows it: what settings of
// functions ask for, also what they may do without, and what is guessed to go with the calls.
func (s *silence) learnHidden(us users, usages []trail.Usage, obs observation) {
	var seen []permission
	for _, n := range obs.needs {
		seen = append(seen, fromNeed(n, resourceText(n.grant.Resource)))
	}
	for _, p := range slices.Concat(us.asked(false), us.asked(true)) {
		s.hint(s.asked, p.action, p.resource, p.findings[0].Detail)
	}
	unseen, _ := us.unseen(join(seen), usages)
	for _, p := range unseen {
		s.hint(s.hidden, p.action, p.resource, p.findings[0].Detail)
	}
}

// learnTried notes what calls needed that failed before a policy was asked, or without telling.
func (s *silence) learnTried(usages []trail.Usage, opt UnusedOptions) {
	for i := range usages {
		u := &usages[i]
		if u.Kind != trail.Call || u.Outcome != trail.Inconclusive {
			continue
		}
		needs := opt.Mapper.Map(u)
		if needs.Unmapped != nil && !needs.Unmapped.Reason.Settled() {
			s.learnUnmapped(u)
		}
		for _, g := range needs.Grants {
			s.hint(s.tried, g.Action, resourceText(g.Resource), fmt.Sprintf("%s failed with %s, which does not tell whether it was allowed", event(u), u.ErrorCode))
		}
	}
}

func (s *silence) hint(in map[string][]hint, action, on, why string) {
	p, err := glob.CompileARN(on)
	if err != nil {
		p = everything
	}
	in[action] = append(in[action], hint{on, p, why})
}

// homes are the Regions of the role's functions, or where their ARNs are not known, of its calls.
func homes(usages []trail.Usage, listed []current.Function) []string {
	functions, calls := set{}, set{}
	for _, u := range usages {
		calls.add(u.Region)
	}
	for _, f := range Functions(usages, listed...) {
		if arn, err := policy.ParseARN(f); err == nil {
			functions.add(arn.Region)
		}
	}
	if len(functions) > 0 {
		return functions.with(nil)
	}
	return calls.with(nil)
}

// why says why it proves nothing that the log has no use of what is granted, "" if it proves that
// there was none.
func (s *silence) why(g *granted) string {
	if g.action == nil {
		return fmt.Sprintf("%q is no action that the reference knows", g.id)
	}
	kind := recorded.Of(g.id)
	switch {
	case kind.Kind == recorded.Never:
		return "CloudTrail never records it"
	case kind.Kind == recorded.Unknown:
		return "no AWS page says that CloudTrail records it"
	case s.always != "":
		return s.always
	case s.unmapped[""] != "":
		return s.unmapped[""]
	case s.unmapped[g.action.Service] != "":
		return s.unmapped[g.action.Service]
	}
	return s.unseen(g, kind)
}

// hints are the resources of g on which the action may be in use although no call shows it.
func (s *silence) hints(g *granted) []hint {
	return slices.DeleteFunc(slices.Concat(s.asked[g.id], s.hidden[g.id], s.tried[g.id]), func(h hint) bool { return !g.on.meets(h.pattern) })
}

// askedBy names the setting that asks for g, "" if none does.
func (s *silence) askedBy(g *granted) string {
	for _, h := range s.asked[g.id] {
		if g.on.meets(h.pattern) {
			return h.why
		}
	}
	return ""
}
