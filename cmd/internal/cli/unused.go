package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
	"github.com/whittle-iam/whittle/trail"
)

type unusedOptions struct {
	readOptions
	outputOptions
	roleOptions
	liveOptions
	functionOptions
	current       []string
	grace         int
	minDays       int
	keepResources bool
	lastAccessed  bool
	out           string
}

func newUnused(env Env) *cobra.Command {
	var opt unusedOptions
	cmd := &cobra.Command{
		Use:   "unused SOURCE... --current PATH",
		Short: "Find the permissions that nothing uses, and those of which that cannot be known",
		Long: `Unused expands the current policies of each role to single permissions, and says of each whether the log
shows it used, with count and last use; or unused; or unobservable, because CloudTrail never records it,
the trail has no data events of its kind, the log covers fewer days than --min-days, or a part of the log
could not be read. Only what is unused is proposed for removal: the proposal keeps all else, is
replayed against the log, and compared with the current policies exactly.

` + sourceHelp + `

` + policyHelp + `

Without --role and --all-roles these are the roles that the log shows acting for Lambda, and those whose
trust policy names Lambda. A document without a role is taken for the one role that the log shows.

Exit status 1 if there are unused permissions.`,
		Example: `  whittle unused logs/ --current authorization-details.json --role orders
  whittle unused logs/ --current policies/ --grace 90 --out tightened/
  whittle unused usage.json.gz --current policy.json --format markdown
  whittle unused s3://org-trail --current aws --functions aws --last-accessed --role orders`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runUnused(cmd.Context(), env, args, opt)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&opt.current, "current", nil, "the roles' current policies: a file or folder at `PATH`, aws, config, or config:AGGREGATOR; repeatable")
	f.BoolVar(&opt.lastAccessed, "last-accessed", false, "ask IAM too what it saw the roles use; that shows what is used, never what is not")
	f.IntVar(&opt.grace, "grace", 0, "keep what was first granted in the last `DAYS` of the log")
	f.IntVar(&opt.minDays, "min-days", tighten.DefaultMinDays, "call nothing unused if the log covers fewer `DAYS`")
	f.BoolVar(&opt.keepResources, "keep-resources", false, "propose to remove actions only, and leave resources as they are")
	f.StringVar(&opt.out, "out", "", "write the proposed policies to this `DIR`, one file a policy")
	opt.readOptions.addFlags(f)
	opt.liveOptions.addFlags(f)
	opt.functionOptions.addFlags(f)
	opt.roleOptions.addFlags(f)
	opt.outputOptions.addFlags(cmd)
	return cmd
}

func (o *unusedOptions) check() error {
	switch {
	case len(o.current) == 0:
		return usagef("--current is missing: name a file or folder with the roles' policies, aws, or config")
	case o.grace < 0:
		return usagef("--grace %d: days cannot be negative", o.grace)
	case o.minDays < 1:
		return usagef("--min-days %d: at least one day is needed", o.minDays)
	}
	return errors.Join(o.liveOptions.check(), o.functionOptions.check(), o.outputOptions.check())
}

// checkStdin refuses standard input for both the log and the policies.
func (o *unusedOptions) checkStdin(sources []string) error {
	if slices.Contains(sources, "-") && slices.Contains(o.current, "-") {
		return usagef("SOURCE and --current: only one of them can be standard input")
	}
	return nil
}

func runUnused(ctx context.Context, env Env, args []string, opt unusedOptions) error {
	if err := opt.check(); err != nil {
		return err
	}
	if err := opt.checkStdin(args); err != nil {
		return err
	}
	if err := opt.readOptions.check(args); err != nil { // before the policies are read
		return err
	}
	set, err := readCurrent(ctx, env, currentQuery{
		what: "--current", paths: opt.current, patterns: opt.roles, accounts: opt.accounts, live: opt.liveOptions, history: opt.grace > 0,
	})
	if err != nil {
		return err
	}
	log, err := readUsageLog(ctx, env, args, &opt.readOptions)
	if err != nil {
		return err
	}
	roles, err := opt.choose(set, log)
	if err != nil {
		return keepWhole(err, log.loaded, args, opt.state)
	}
	if roles, err = opt.context(ctx, env, roles, log); err != nil {
		if log != nil {
			err = keepWhole(err, log.loaded, args, opt.state)
		}
		return err
	}
	settings := log.options()
	settings.MinDays, settings.Grace, settings.KeepResources = opt.minDays, opt.grace, opt.keepResources

	rep := newReport(log.input)
	var failed []error
	for _, r := range roles {
		if err := ctx.Err(); err != nil { // what is done is written
			failed = append(failed, fmt.Errorf("stopped before role %s and those after it: %w", nameOf(r), err))
			break
		}
		arn, usages, err := log.of(r)
		if err != nil {
			return err
		}
		r.ARN = arn
		u, err := tighten.Unused(r, usages, settings)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		locateUnused(&u, r)
		rep.Unused = append(rep.Unused, u)
	}
	if len(rep.Unused) == 0 {
		return errors.Join(failed...)
	}
	if err := opt.write(env, rep); err != nil {
		return err
	}
	if opt.out != "" {
		if err := writeProposed(opt.out, rep.Unused); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	unused := 0
	for _, r := range rep.Unused {
		for _, g := range r.Granted {
			if g.Status == report.Unused {
				unused++
			}
		}
	}
	if unused > 0 {
		return &findingsError{report.Plural(int64(unused), "unused permission")}
	}
	return nil
}

// choose returns the roles to look at.
func (o *unusedOptions) choose(set current.Set, log *usageLog) ([]current.Role, error) {
	if len(set.Documents) > 0 {
		return o.owner(set, log)
	}
	if len(o.roles) > 0 {
		roles, err := set.Choose(o.roles)
		return roles, prefixed("--current", err)
	}
	if o.all {
		return set.Roles, nil
	}
	var out []current.Role
	for _, r := range set.Roles {
		arn, usages, err := log.of(r)
		if err != nil {
			return nil, err
		}
		if r.ForLambda || r.ARN == "" && arn == "" || len(trail.LambdaRoles(usages)) > 0 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("--current: none of its %s acts for Lambda in the log or by its trust policy; choose with --role or --all-roles",
			report.Plural(int64(len(set.Roles)), "role"))
	}
	return out, nil
}

// owner finds the one role that documents without a role belong to.
func (o *unusedOptions) owner(set current.Set, log *usageLog) ([]current.Role, error) {
	if len(set.Roles) > 0 {
		return nil, loneDocument(set)
	}
	chosen, err := o.roleOptions.choose(log.usages, io.Discard)
	if err != nil {
		return nil, err
	}
	if len(chosen) != 1 {
		return nil, usagef("--current: a document without a role is about one role, and the log shows %d; choose one with --role", len(chosen))
	}
	return []current.Role{{ARN: chosen[0].arn, Name: roleName(chosen[0].arn), Policies: set.Documents}}, nil
}

// locateUnused says where each permission, and what the proposal takes away, stands.
func locateUnused(u *report.UnusedRole, r current.Role) {
	if len(r.Policies) == 0 {
		return
	}
	first := r.Policies[0].Origin
	u.At = &report.Location{File: first.File, Line: first.Line, Column: first.Column}
	places := statementPlaces(r)
	for i := range u.Granted {
		g := &u.Granted[i]
		g.At = places[[2]string{g.Policy, g.Statement}]
	}
	for i := range u.Removes {
		if w := u.Removes[i].Lost; w != nil {
			u.Removes[i].At = statementAt(&r, nil, w)
		}
	}
}

// writeProposed writes the proposed policies, each to a file named after the role and the policy it
// replaces.
func writeProposed(dir string, roles []report.UnusedRole) error {
	taken := map[string]int{}
	for _, r := range roles {
		for _, p := range r.Proposed {
			name := fileName(roleName(r.Role)) + "-" + fileName(p.Replaces)
			if taken[name]++; taken[name] > 1 {
				name = fmt.Sprintf("%s-%d", name, taken[name])
			}
			file := filepath.Join(dir, name+".json")
			if err := makeDir(dir); err != nil {
				return err
			}
			if err := writeFile(file, func(w io.Writer) error { _, err := w.Write(p.Document.Format()); return err }); err != nil {
				return err
			}
		}
	}
	return nil
}
