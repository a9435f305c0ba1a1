package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

type diffOptions struct {
	readOptions
	outputOptions
	liveOptions
	roles []string
	usage []string
	// minDays is how many days the log has to cover before silence counts.
	minDays int
}

func newDiff(env Env) *cobra.Command {
	var opt diffOptions
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "List what NEW allows that OLD does not, and the reverse, with a request that shows it",
		Long: `Diff compares two sets of identity policies by what they allow, not by their text: statements may be
split, sorted and rewritten, and only what a request can notice is listed. Actions are decided against
AWS's reference, with those that do not exist yet taken into account; resources, conditions, Deny,
NotAction, NotResource and permissions boundaries are decided exactly. Each line has a concrete request
that one side allows and the other does not. What cannot be decided is listed as undecided, with the
reason, and counts as granted.

` + policyHelp + `

Documents without a role are compared as one set. Roles are joined by ARN, or by name where one side
has no ARN; of several, choose with --role.

Exit status 1 if NEW allows something that OLD does not, or may.`,
		Example: `  whittle diff old.json new.json
  whittle diff before/ after/ --role 'orders-*' --format markdown
  whittle diff authorization-details.json policies/ --usage logs/
  whittle diff aws proposed.json --role orders`,
		Args: exactly(2, "OLD and NEW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd.Context(), env, args[0], args[1], opt)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&opt.roles, "role", nil, "only roles of this `NAME`, ARN or glob; repeatable")
	f.StringArrayVar(&opt.usage, "usage", nil, "say of each line when the log in `SOURCE` last shows it used; repeatable")
	f.IntVar(&opt.minDays, "min-days", tighten.DefaultMinDays, "with --usage, call nothing unused if the log covers fewer `DAYS`")
	opt.readOptions.addFlags(f)
	opt.liveOptions.addFlags(f)
	opt.outputOptions.addFlags(cmd)
	return cmd
}

func (o *diffOptions) current(what, path string) currentQuery {
	return currentQuery{what: what, paths: []string{path}, patterns: o.roles, accounts: o.accounts, live: o.liveOptions}
}

func runDiff(ctx context.Context, env Env, oldPath, newPath string, opt diffOptions) error {
	if err := opt.outputOptions.check(); err != nil {
		return err
	}
	if err := opt.liveOptions.check(); err != nil {
		return err
	}
	if oldPath == "-" && newPath == "-" {
		return usagef("OLD and NEW: only one of them can be standard input")
	}
	if opt.minDays < 1 {
		return usagef("--min-days %d: at least one day is needed", opt.minDays)
	}
	if slices.Contains(opt.usage, "-") && (oldPath == "-" || newPath == "-") {
		return usagef("--usage: standard input is taken by the policies")
	}
	old, err := readCurrent(ctx, env, opt.current("OLD", oldPath))
	if err != nil {
		return err
	}
	new, err := readCurrent(ctx, env, opt.current("NEW", newPath))
	if err != nil {
		return err
	}
	pairs, err := pairRoles(old, new, opt.roles)
	if err != nil {
		return err
	}
	seen, err := readUsageLog(ctx, env, opt.usage, &opt.readOptions)
	if err != nil {
		return prefixed("--usage", err)
	}
	var in report.Input
	if seen != nil {
		in = seen.input
	}
	rep := newReport(in)
	for _, p := range pairs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("stopped before %s: %w", cmp.Or(p.name, newPath), err)
		}
		c, err := p.compare()
		if err != nil {
			return err
		}
		c.Old, c.New = p.from(oldPath, p.old), p.from(newPath, p.new)
		if err := seen.addTo(&c, p.role(), opt.minDays); err != nil {
			return err
		}
		rep.Comparisons = append(rep.Comparisons, c)
	}
	if err := opt.write(env, rep); err != nil {
		return err
	}
	widened := 0
	for _, c := range rep.Comparisons {
		for _, change := range c.Changes {
			if change.Widens {
				widened++
			}
		}
	}
	if widened > 0 {
		return &findingsError{fmt.Sprintf("%s allows more than %s: %s", newPath, oldPath, report.Plural(int64(widened), "difference"))}
	}
	return nil
}
