package report

import (
	"cmp"
	"strconv"
	"strings"
)

// sarifSeverities are the level and GitHub's security severity of lint's severities.
var sarifSeverities = map[string]struct{ level, severity string }{
	"error": {"error", "5.0"}, "security": {"warning", "7.5"}, "warning": {"warning", "4.0"}, "suggestion": {"note", "1.0"},
}

func sarifLint(l Lint) sarifSection {
	out := sarifSection{name: "lint"}
	for _, r := range l.Rules {
		s := sarifSeverities[r.Severity]
		var details []string
		if len(r.AWS) > 0 {
			details = append(details, "Counterpart in IAM Access Analyzer: "+strings.Join(r.AWS, ", ")+".")
		}
		out.rules = append(out.rules, newSarifRule("lint/"+r.ID, r.Title, r.Help, s.level, s.severity, details...))
	}
	for _, f := range l.Findings {
		out.results = append(out.results, sarifFinding(f))
	}
	for _, f := range l.Ignored {
		r := sarifFinding(f)
		r.Suppressions = []sarifSuppression{{Kind: "external", Status: "accepted", Justification: message(f.Reason).Text}}
		out.results = append(out.results, r)
	}
	return out
}

func sarifFinding(f LintFinding) sarifResult {
	statement := f.Sid
	if statement == "" && f.Statement >= 0 {
		statement = "#" + strconv.Itoa(f.Statement+1)
	}
	print := fingerprint(f.Role, f.Policy, strconv.Itoa(f.Statement), f.Rule, f.Value)
	if f.Fingerprint != "" {
		print = fingerprint(f.Fingerprint)
	}
	return sarifResult{
		RuleID: "lint/" + f.Rule, Level: sarifSeverities[f.Severity].level, Message: message(f.Message),
		Locations:    place(&f.At, cmp.Or(f.Policy, f.Role), f.Role, f.Policy, statement),
		Fingerprints: print,
	}
}
