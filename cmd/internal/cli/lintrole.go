package cli

import (
	"fmt"
	"regexp"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/lint"
)

// together is the policy's name in findings about all of a role's policies.
const together = "all policies of the role"

// pathID is how a message of the rule on privilege escalation names one path.
var pathID = regexp.MustCompile(`\(([a-z0-9]+(?:-[a-z0-9]+)*-[0-9]+)\)`)

// lintTogether finds the ways to more rights that no single one of a role's policies opens: one allows
// iam:PassRole, say, and another lambda:CreateFunction. alone are the findings of the single policies.
func lintTogether(r current.Role, alone []lint.Finding) []lint.Finding {
	if len(r.Policies) < 2 {
		return nil
	}
	doc := policy.Document{Version: policy.Version2012}
	for _, p := range r.Policies {
		if p.Err != nil || p.Document.Version != policy.Version2012 {
			continue // its ${…} would become variables
		}
		for i, s := range p.Document.Statements {
			if s.Sid == "" {
				s.Sid = fmt.Sprintf("#%d", i+1)
			}
			s.Sid = p.Name + " " + s.Sid // for the message; that IAM takes no such Sid does not matter here
			doc.Statements = append(doc.Statements, s)
		}
	}
	known := map[string]bool{}
	for _, f := range alone {
		for _, id := range pathsOf(f) {
			known[id] = true
		}
		if f.Rule == "administrator-access" {
			return nil // it opens all of them
		}
	}
	var out []lint.Finding
	for _, f := range lint.Check(lint.Input{Text: doc.Format(), Name: together}) {
		for _, id := range pathsOf(f) {
			if !known[id] {
				f.Statement, f.Sid, f.Pos = -1, "", policy.Position{Line: 1, Column: 1}
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// pathsOf are the escalation paths that a finding names.
func pathsOf(f lint.Finding) []string {
	if f.Rule != "privilege-escalation" {
		return nil
	}
	var out []string
	for _, m := range pathID.FindAllStringSubmatch(f.Message, -1) {
		out = append(out, m[1])
	}
	return out
}
