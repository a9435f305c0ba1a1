package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

type explainOptions struct {
	readOptions
	roleOptions
	format string
}

func newExplain(env Env) *cobra.Command {
	var opt explainOptions
	var action, resource string
	cmd := &cobra.Command{
		Use:   "explain SOURCE... [ACTION [RESOURCE]]",
		Short: "Show the events behind a permission",
		Long: `Explain lists, for the chosen roles, the permissions that generate would grant, or those that match
ACTION and RESOURCE, each with what stands behind it: how many calls, when first and last, on how
many days, by which functions, sample event IDs, the rule that mapped the call, and the
generalisation that widened the resource.

ACTION is an IAM action, * and ? allowed (s3:GetObject, 's3:*'); the first argument of that form
that is not a file ends the sources. RESOURCE is an ARN, * and ? allowed; permissions whose pattern covers it,
or is matched by it, are listed.

` + sourceHelp,
		Example: `  whittle explain logs/ --role orders
  whittle explain logs/ --role orders s3:PutObject
  whittle explain logs/ --role orders 's3:*' arn:aws:s3:::orders-incoming/2026/10/01/a.json`,
		Args: atLeast(1, "SOURCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			args, action, resource = splitExplainArgs(args)
			return runExplain(cmd.Context(), env, args, action, resource, opt)
		},
	}
	opt.readOptions.addFlags(cmd.Flags())
	opt.roleOptions.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&opt.format, "format", "text", "write the result as `text or json`")
	complete(cmd, "format", "text", "json")
	return cmd
}

// splitExplainArgs finds where the sources end: at the first argument that reads as an action, and
// is not a path that exists.
func splitExplainArgs(args []string) (sources []string, action, resource string) {
	for i, a := range args {
		service, name, ok := strings.Cut(a, ":")
		if !ok || service == "" || name == "" || strings.ContainsAny(a, `/\`) || strings.HasPrefix(name, "//") || exists(a) {
			continue
		}
		action = a
		if i+1 < len(args) {
			resource = args[i+1]
		}
		return args[:i], action, resource
	}
	return args, "", ""
}

func runExplain(ctx context.Context, env Env, args []string, action, resource string, opt explainOptions) error {
	if opt.format != "text" && opt.format != "json" {
		return usagef("--format %q: use text or json", opt.format)
	}
	m, in, roles, err := loadRoles(ctx, env, args, &opt.readOptions, &opt.roleOptions)
	if err != nil {
		return err
	}
	rep := newReport(in.input)
	found := 0
	for _, r := range roles {
		proposal, err := tighten.Propose(r.arn, r.usages, tighten.Options{Mapper: m, Last: in.stats.Last})
		var nothing *tighten.NothingObservedError
		if err != nil && !errors.As(err, &nothing) {
			return err
		}
		if proposal.Permissions, err = matching(proposal.Permissions, action, resource); err != nil {
			return err
		}
		found += len(proposal.Permissions)
		rep.Roles = append(rep.Roles, proposal)
	}
	if err := report.Brief(env.Stderr, rep); err != nil {
		return err
	}
	if found == 0 {
		if action == "" {
			action = "any permission"
		}
		return &findingsError{fmt.Sprintf("no call that was authorised needs %s", strings.TrimSpace(action+" "+resource))}
	}
	if opt.format == "json" {
		return report.JSON(env.Stdout, rep)
	}
	return writeExplanations(env.Stdout, rep)
}

// matching keeps the permissions for an action and a resource, either may be empty or a pattern.
func matching(ps []report.Permission, action, resource string) ([]report.Permission, error) {
	var arn glob.ARNPattern
	if resource != "" {
		var err error
		if arn, err = glob.CompileARN(resource); err != nil {
			return nil, usagef("RESOURCE %q: %v", resource, err)
		}
	}
	var out []report.Permission
	for _, p := range ps {
		if action != "" && !glob.CompileFold(action).Match(p.Action) {
			continue
		}
		if resource != "" {
			have, err := glob.CompileARN(p.Resource)
			if err != nil || !have.Intersects(arn) {
				continue
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func writeExplanations(w io.Writer, rep report.Report) error {
	for _, r := range rep.Roles {
		for _, p := range r.Permissions {
			if err := report.Explain(w, r.Role, p); err != nil {
				return err
			}
		}
	}
	return nil
}
