package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// failChecks are the values of --fail-on: how many of each a report has.
var failChecks = []struct {
	kind  string
	count func(report.Report) int
}{
	{"denied", func(r report.Report) int { return sum(r, func(r report.Role) int { return len(r.Denied) }) }},
	{"unmapped", func(r report.Report) int {
		return sum(r, func(r report.Role) int {
			n := 0
			for _, u := range r.Unmapped {
				if !actionmap.UnmappedReason(u.Reason).Settled() {
					n++
				}
			}
			return n
		})
	}},
	{"hidden", func(r report.Report) int { return withFinding(r, string(actionmap.HiddenResource)) }},
	{"widened", func(r report.Report) int {
		return sum(r, func(r report.Role) int {
			n := 0
			for _, p := range r.Permissions {
				if p.Widening != nil || hasFinding(p, string(actionmap.FoldedName)) {
					n++
				}
			}
			return n
		})
	}},
	{"skipped", func(r report.Report) int {
		n := 0
		for _, c := range slices.Concat(r.Input.Skipped, r.Input.SkippedFiles) {
			if trail.SkipReason(c.Reason).Broken() {
				n += int(c.Count)
			}
		}
		return n
	}},
	{"gaps", func(r report.Report) int { return len(r.Input.Gaps) }},
}

func failKinds() []string {
	var out []string
	for _, c := range failChecks {
		out = append(out, c.kind)
	}
	return out
}

// judge is the verdict that --fail-on asks for.
func (o *generateOptions) judge(r report.Report) error {
	var found []string
	for _, c := range failChecks {
		if n := c.count(r); n > 0 && slices.Contains(o.failOn, c.kind) {
			found = append(found, fmt.Sprintf("%d %s", n, c.kind))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &findingsError{"--fail-on: the result has " + strings.Join(found, ", ")}
}

func sum(r report.Report, count func(report.Role) int) int {
	n := 0
	for _, role := range r.Roles {
		n += count(role)
	}
	return n
}

func withFinding(r report.Report, kind string) int {
	return sum(r, func(r report.Role) int {
		n := 0
		for _, p := range r.Permissions {
			if hasFinding(p, kind) {
				n++
			}
		}
		return n
	})
}

func hasFinding(p report.Permission, kind string) bool {
	return slices.ContainsFunc(p.Findings, func(f report.Finding) bool { return f.Kind == kind })
}
