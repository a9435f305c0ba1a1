package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
	"github.com/whittle-iam/whittle/trail"
)

type generateOptions struct {
	readOptions
	roleOptions
	liveOptions
	functionOptions
	current              []string
	by, format, out, fit string
	reports              []string
	widen                []string
	failOn               []string
	noOverlay, quiet     bool
	conditions           bool
}

func newGenerate(env Env) *cobra.Command {
	var opt generateOptions
	cmd := &cobra.Command{
		Use:   "generate SOURCE...",
		Short: "Write the smallest policy that still allows what a role was seen to do",
		Long: `Generate writes, for each role, the smallest identity policy that allows every authorised call in
the log, and replays the log against it before it prints. Denied calls grant nothing. For one role
the policy goes to standard output and a summary to standard error; for several, a table to
standard output and, with --out, one file a role. JSON policies can be given to replay as they are.

Object keys and the like become patterns where the log shows that they vary, each with its reason
in the summary. Names of buckets, tables, queues and functions are never widened unless --widen
asks for it.

` + sourceHelp,
		Example: `  whittle generate logs/ > policy.json
  whittle generate logs/ --role 'orders-*' --out policies/ --report evidence.json
  whittle generate usage.json.gz --by function --out policies/
  whittle generate logs/ --widen 'arn:aws:s3:::tenant-*/*'
  whittle generate logs/ --fail-on denied,unmapped
  whittle generate s3://org-trail --accounts 111122223333 --role orders --functions aws --current aws`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runGenerate(cmd.Context(), env, args, opt)
		},
	}
	f := cmd.Flags()
	opt.readOptions.addFlags(f)
	opt.roleOptions.addFlags(f)
	f.StringArrayVar(&opt.current, "current", nil, "compare with the roles' current policies: a file or folder at `PATH`, aws, config, or config:AGGREGATOR; repeatable")
	opt.liveOptions.addFlags(f)
	opt.functionOptions.addFlags(f)
	f.StringVar(&opt.by, "by", "role", "one policy for each `role or function`")
	f.StringVar(&opt.format, "format", "json", "write policies as `json or yaml`")
	f.StringVar(&opt.out, "out", "", "write one policy file for each role to this `DIR`")
	f.StringArrayVar(&opt.reports, "report", nil, "write the result with its evidence to `FILE` ("+proposalFormats()+"); repeatable")
	f.StringVar(&opt.fit, "fit", "", "make it fit IAM's quotas for `inline or managed` policies, split where needed")
	f.StringArrayVar(&opt.widen, "widen", nil, "replace the resources that this ARN `PATTERN` covers by it; repeatable")
	f.StringSliceVar(&opt.failOn, "fail-on", nil, "exit 1 where the result has any of these `KINDS`: "+strings.Join(failKinds(), ", "))
	f.BoolVar(&opt.noOverlay, "no-overlay", false, "leave out the log permissions that CloudTrail never shows")
	f.BoolVar(&opt.conditions, "conditions", false, "add the conditions that held for all calls (endpoint, region, function, prefix)")
	f.BoolVarP(&opt.quiet, "quiet", "q", false, "no summary")
	complete(cmd, "by", "role", "function")
	complete(cmd, "format", "json", "yaml")
	complete(cmd, "fit", "inline", "managed")
	complete(cmd, "fail-on", failKinds()...)
	return cmd
}

// complete offers fixed values for a flag in shell completion.
func complete(cmd *cobra.Command, flag string, values ...string) {
	cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func (o *generateOptions) check() error {
	if err := errors.Join(o.liveOptions.check(), o.functionOptions.check()); err != nil {
		return err
	}
	if !slices.Contains([]string{"role", "function"}, o.by) {
		return usagef("--by %q: use role or function", o.by)
	}
	if !slices.Contains([]string{"json", "yaml"}, o.format) {
		return usagef("--format %q: use json or yaml", o.format)
	}
	if !slices.Contains([]string{"", "inline", "managed"}, o.fit) {
		return usagef("--fit %q: use inline or managed", o.fit)
	}
	for _, w := range o.widen {
		if arn, err := policy.ParseARN(w); err != nil || strings.ContainsAny(arn.Partition+arn.Service, "*?") || strings.Trim(arn.Resource, "*") == "" {
			return usagef("--widen %q: write an ARN that names the service and a part of the resource, for example arn:aws:s3:::tenant-*/*", w)
		}
		if _, err := glob.CompileARN(w); err != nil {
			return usagef("--widen %q: %v", w, err)
		}
	}
	for _, k := range o.failOn {
		if !slices.Contains(failKinds(), k) {
			return usagef("--fail-on %q: use %s", k, strings.Join(failKinds(), ", "))
		}
	}
	for _, name := range o.reports {
		if f, err := report.ForFile(name); err == nil && !f.Proposals {
			return usagef("--report %s: a proposal has no place in a file, which %s needs; use %s", name, f.Ext, proposalFormats())
		}
	}
	return checkReports(o.reports)
}

// proposalFormats are the extensions of the formats that can write proposals.
func proposalFormats() string {
	var out []string
	for _, f := range report.Formats {
		if f.Proposals {
			out = append(out, f.Ext)
		}
	}
	return strings.Join(out, ", ")
}

func runGenerate(ctx context.Context, env Env, args []string, opt generateOptions) error {
	if err := opt.check(); err != nil {
		return err
	}
	m, in, roles, err := loadRoles(ctx, env, args, &opt.readOptions, &opt.roleOptions)
	if err != nil {
		return err
	}
	about, err := opt.context(ctx, env, roles)
	if err != nil {
		return keepWhole(err, in, args, opt.state)
	}

	rep := newReport(in.input)
	var failed, empty []error
	for _, r := range roles {
		if err := ctx.Err(); err != nil { // what is done is written
			failed = append(failed, fmt.Errorf("stopped before role %s and those after it: %w", r.arn, err))
			break
		}
		for _, function := range opt.parts(r, about.of(r.arn)) {
			settings := opt.tighten(m, in.stats, function)
			settings.Functions, settings.FunctionsKnown = about.of(r.arn), about.known(r.arn)
			proposal, err := tighten.Propose(r.arn, r.usages, settings)
			if err == nil {
				err = about.contain(&proposal)
			}
			var nothing *tighten.NothingObservedError
			switch {
			case errors.As(err, &nothing):
				empty = append(empty, err)
			case err != nil:
				failed = append(failed, err)
				continue
			}
			rep.Roles = append(rep.Roles, proposal)
		}
	}
	if len(rep.Roles) == 0 {
		return errors.Join(failed...)
	}
	if err := opt.checkWiden(rep); err != nil {
		return keepWhole(err, in, args, opt.state)
	}
	if err := opt.write(env, rep); err != nil {
		return err
	}
	// A role without use is worth a line in a table of many, but no answer to a question about it.
	if len(empty) == len(rep.Roles) {
		failed = append(failed, empty...)
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return opt.judge(rep)
}

// checkWiden refuses a pattern that changed nothing: it is misspelt, and the user counts on it.
func (o *generateOptions) checkWiden(rep report.Report) error {
	for _, w := range o.widen {
		used := slices.ContainsFunc(rep.Roles, func(r report.Role) bool {
			return slices.ContainsFunc(r.Permissions, func(p report.Permission) bool { return p.Resource == w && p.Widening != nil })
		})
		if !used {
			return usagef("--widen %q covers none of the resources seen", w)
		}
	}
	return nil
}

// parts are the functions to make policies for, or "" for the role as a whole.
func (o *generateOptions) parts(r roleUsage, listed []current.Function) []string {
	if o.by == "role" {
		return []string{""}
	}
	if out := tighten.Functions(r.usages, listed...); len(out) > 0 {
		return out
	}
	return []string{""}
}

func (o *generateOptions) tighten(m *actionmap.Mapper, s trail.Stats, function string) tighten.Options {
	opt := tighten.Options{
		Mapper: m, Function: function, NoOverlay: o.noOverlay, Conditions: o.conditions, Widen: o.widen, Last: s.Last,
	}
	switch o.fit {
	case "inline":
		opt.Fit = &minimize.Inline
	case "managed":
		opt.Fit = &minimize.Managed
	}
	return opt
}

// write puts the policies to where they were asked for, and the summary to standard error.
func (o *generateOptions) write(env Env, rep report.Report) error {
	if err := writeReports(o.reports, rep); err != nil {
		return err
	}
	if o.out != "" {
		if err := writePolicies(o.out, o.format, rep.Roles); err != nil {
			return err
		}
	}
	if len(rep.Roles) != 1 {
		if err := writeTable(env.Stdout, rep.Roles, o.out != ""); err != nil {
			return err
		}
		if o.quiet {
			return report.WriteIncomplete(env.Stderr, rep.Input)
		}
		if err := report.Brief(env.Stderr, rep); err != nil {
			return err
		}
		if o.out == "" {
			fmt.Fprintln(env.Stderr, "Several policies: choose one with --role, or write them all with --out DIR; --report FILE.txt or .json has everything.")
		}
		return nil
	}
	if o.out == "" && len(rep.Roles[0].Policies) > 0 {
		text, err := formatPolicies(o.format, rep.Roles[0].Policies)
		if err != nil {
			return err
		}
		if _, err := env.Stdout.Write(text); err != nil {
			return err
		}
	}
	if o.quiet {
		return report.WriteIncomplete(env.Stderr, rep.Input)
	}
	return report.Text(env.Stderr, rep)
}
