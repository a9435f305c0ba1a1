package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/files"
	"github.com/whittle-iam/whittle/policy/lint"
	"github.com/whittle-iam/whittle/policy/report"
)

// lintConfig is the configuration that lint reads where it stands in the working folder.
const lintConfig = ".whittle.yaml"

type lintOptions struct {
	outputOptions
	roles    []string
	rules    bool
	config   string
	severity string
}

func newLint(env Env) *cobra.Command {
	var opt lintOptions
	cmd := &cobra.Command{
		Use:   "lint POLICY...",
		Short: "Find wildcards, escalation paths, mistakes and dead text in policies",
		Long: `Lint checks identity policies: what is wide (wildcards, with how many actions they stand for), what is
dangerous (privilege escalation paths, credentials, data at scale), what AWS refuses or never
applies (unknown actions and condition keys, resources that the action does not act on), and what
can be written better. Every check of AWS's own validator that applies to identity policies has its
counterpart; docs/lint.md is the table. "lint --rules" lists the rules, "lint --rules RULE..." explains some.

` + policyHelp + `

Exceptions stand in ` + lintConfig + ` (or the file of --config), each with its reason:

  exceptions:
    - rule: wildcard-resource
      policy: orders
      reason: the tables are made at run time

Exit status 1 if there are findings.`,
		Example: `  whittle lint policy.json
  whittle lint authorization-details.json --role 'orders-*' --min-severity security
  whittle lint policies/ --report lint.sarif
  whittle lint --rules escalation`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.rules {
				return writeRules(env.Stdout, args)
			}
			if len(args) == 0 {
				return usagef("POLICY is missing: name a policy file, a folder, or - for standard input")
			}
			return runLint(cmd.Context(), env, args, opt)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&opt.roles, "role", nil, "only policies of roles of this `NAME`, ARN or glob; repeatable")
	f.BoolVar(&opt.rules, "rules", false, "list the rules instead, or explain those named")
	f.StringVar(&opt.config, "config", "", "read exceptions from this `FILE` instead of "+lintConfig)
	f.StringVar(&opt.severity, "min-severity", string(lint.Suggestion), "leave out findings below this `SEVERITY`: "+strings.Join(severityNames(), ", "))
	opt.outputOptions.addFlags(cmd)
	complete(cmd, "min-severity", severityNames()...)
	return cmd
}

func severityNames() []string {
	var out []string
	for _, s := range lint.Severities {
		out = append(out, string(s))
	}
	return out
}

func runLint(ctx context.Context, env Env, args []string, opt lintOptions) error {
	if err := opt.outputOptions.check(); err != nil {
		return err
	}
	least := slices.Index(lint.Severities, lint.Severity(opt.severity))
	if least < 0 {
		return usagef("--min-severity %q: use one of %s", opt.severity, strings.Join(severityNames(), ", "))
	}
	exceptions, err := opt.exceptions()
	if err != nil {
		return err
	}
	set, err := files.Read(args, env.Stdin)
	if err != nil {
		return prefixed("POLICY", err)
	}
	roles := asRoles(set)
	if len(opt.roles) > 0 {
		if roles = filterRoles(roles, opt.roles); len(roles) == 0 {
			return usagef("--role %s: no such role in the policies", strings.Join(opt.roles, ", "))
		}
	}
	found, err := lintRoles(ctx, roles, exceptions)
	if err != nil {
		return err
	}
	found.Findings = slices.DeleteFunc(found.Findings, func(f report.LintFinding) bool {
		return slices.Index(lint.Severities, lint.Severity(f.Severity)) > least
	})
	rep := newReport(report.Input{})
	rep.Lint = &found
	if err := opt.write(env, rep); err != nil {
		return err
	}
	for _, e := range exceptions.Unused() {
		fmt.Fprintf(env.Stderr, "An exception of the rule %s agrees with no finding and can go: %s\n", e.Rule, report.Clean(e.Reason))
	}
	if n := len(found.Findings); n > 0 {
		return &findingsError{report.Plural(int64(n), "finding")}
	}
	return nil
}

// exceptions reads the configuration. Only a file that was asked for has to exist.
func (o *lintOptions) exceptions() (*lint.Exceptions, error) {
	name := cmp.Or(o.config, lintConfig)
	var config lint.Config
	text, err := os.ReadFile(name)
	switch {
	case err != nil && (o.config != "" || !errors.Is(err, fs.ErrNotExist)):
		return nil, fmt.Errorf("--config: %w", err)
	case err == nil:
		if err := yaml.UnmarshalWithOptions(text, &config, yaml.Strict()); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	x, err := lint.NewExceptions(config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return x, nil
}

// lintRoles checks every policy of the roles.
func lintRoles(ctx context.Context, roles []current.Role, exceptions *lint.Exceptions) (report.Lint, error) {
	out := report.Lint{Findings: []report.LintFinding{}, Rules: []report.LintRule{}}
	seen := map[string]bool{} // files, and managed policies, which several roles have
	add := func(f lint.Finding, p current.Policy, role string) {
		row := lintFinding(f, p, role)
		if reason, ok := exceptions.Match(p.Name, f); ok {
			row.Reason = reason
			out.Ignored = append(out.Ignored, row)
		} else {
			out.Findings = append(out.Findings, row)
		}
	}
	for _, r := range roles {
		var alone []lint.Finding
		for _, p := range (current.Set{Roles: []current.Role{r}}).All() {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			found := lint.Check(lint.Input{Text: p.Text, Name: p.Name, Inline: p.Kind == current.Inline || p.Kind == current.Document})
			if p.Kind != current.Boundary {
				alone = append(alone, found...)
			}
			place := fmt.Sprintf("%s:%d:%d", p.Origin.File, p.Origin.Line, p.Origin.Column)
			if seen[place] {
				continue
			}
			seen[place] = true
			out.Policies++
			if !seen[p.Origin.File] {
				seen[p.Origin.File] = true
				out.Files++
			}
			for _, f := range found {
				add(f, p, nameOf(r))
			}
		}
		if nameOf(r) != "" {
			for _, f := range lintTogether(r, alone) {
				add(f, current.Policy{Name: together, Origin: r.Policies[0].Origin}, nameOf(r))
			}
		}
	}
	sortFindings(out.Findings)
	sortFindings(out.Ignored)
	out.Rules = rulesOf(slices.Concat(out.Findings, out.Ignored))
	return out, nil
}

func lintFinding(f lint.Finding, p current.Policy, role string) report.LintFinding {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q", role, p.Name, f.Rule, statementName(f), f.Element, f.Value))
	return report.LintFinding{
		Rule: f.Rule, Severity: string(f.Severity), Message: f.Message,
		Policy: p.Name, Role: role, Statement: f.Statement, Sid: f.Sid,
		Element: f.Element, Value: f.Value, Actions: f.Actions,
		At:          *originPlace(p.Origin, f.Pos),
		Fingerprint: hex.EncodeToString(sum[:16]),
	}
}

// statementName is the Sid, which stays when statements move, or the number.
func statementName(f lint.Finding) string {
	return cmp.Or(f.Sid, fmt.Sprintf("#%d", f.Statement))
}

func sortFindings(fs []report.LintFinding) {
	slices.SortStableFunc(fs, func(a, b report.LintFinding) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line),
			cmp.Compare(a.At.Column, b.At.Column), cmp.Compare(a.Rule, b.Rule))
	})
}

// rulesOf are the rules that findings refer to.
func rulesOf(fs []report.LintFinding) []report.LintRule {
	out := []report.LintRule{}
	for _, r := range lint.Rules() {
		if slices.ContainsFunc(fs, func(f report.LintFinding) bool { return f.Rule == r.ID }) {
			out = append(out, report.LintRule{ID: r.ID, Title: r.Title, Help: r.Help, Severity: string(r.Severity), AWS: r.AWS})
		}
	}
	return out
}
