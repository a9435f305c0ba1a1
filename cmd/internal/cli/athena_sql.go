package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail/athena"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

type athenaSQLOptions struct {
	readOptions
	offline bool
}

func newAthenaSQL(env Env) *cobra.Command {
	var opt athenaSQLOptions
	cmd := &cobra.Command{
		Use:   "sql athena://DATABASE/TABLE",
		Short: "Print the query that athena:// would run",
		Long: `Sql prints the exact SELECT that whittle would run for athena://DATABASE/TABLE, to be read, or run by
hand. It asks Athena (or AWS Glue) for the table's columns and partitions, because the query is written for
them, and runs nothing. With --offline it asks nothing of AWS, and takes the table to be the one that AWS's
documentation defines.

What the table cannot show goes to standard error.`,
		Example: `  whittle athena sql athena://logs/cloudtrail --since 2026-10-01 --until 2026-11-01
  whittle athena sql athena://logs/cloudtrail --accounts 111122223333 --regions eu-west-1
  whittle athena sql --offline athena://logs/cloudtrail`,
		Args: exactly(1, "athena://DATABASE/TABLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAthenaSQL(cmd.Context(), env, args[0], opt)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.since, "since", "", "count events from this `time` on (2026-10-01 or 2026-10-01T08:00:00Z)")
	f.StringVar(&opt.until, "until", "", "count events before this `time`")
	f.StringSliceVar(&opt.accounts, "accounts", nil, "count only these `account` numbers")
	f.StringSliceVar(&opt.regions, "regions", nil, "count only these `regions`")
	f.BoolVar(&opt.offline, "offline", false, "take the table of AWS's documentation, and ask nothing of AWS")
	return cmd
}

func runAthenaSQL(ctx context.Context, env Env, arg string, opt athenaSQLOptions) error {
	spec, err := athena.ParseSpec(arg)
	if err != nil {
		return usagef("%s: %v", arg, err)
	}
	q, err := opt.query()
	if err != nil {
		return err
	}
	m, err := actionmap.New()
	if err != nil {
		return err
	}
	q.Fields = m.Fields
	table := documented(spec)
	if !opt.offline {
		if table, err = askTable(ctx, env, spec); err != nil {
			return fmt.Errorf("%s: %w", spec, err)
		}
	}
	statement, err := athena.Statement(table, q, athenaKinds(m))
	if err != nil {
		return fmt.Errorf("%s: %w", spec, err)
	}
	for _, g := range statement.Gaps {
		fmt.Fprintf(env.Stderr, "%s: %s\n", spec, report.Clean(g.Detail))
	}
	_, err = fmt.Fprintln(env.Stdout, statement.SQL)
	return err
}

func askTable(ctx context.Context, env Env, spec athena.Spec) (query.Table, error) {
	api, err := athenaAPI(ctx, env)
	if err != nil {
		return query.Table{}, err
	}
	return athena.New(api, spec).Table(ctx)
}
