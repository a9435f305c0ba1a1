package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/trail/athena"
)

func newAthena(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "athena COMMAND",
		Short: "Prepare and show what athena:// asks of Amazon Athena",
		Long: `The source athena://DATABASE/TABLE counts CloudTrail records where they lie, by one query of Amazon
Athena. These commands print the definition of a table that it can read, and the query itself, and run
neither.`,
		Example: `  whittle athena ddl --bucket s3://org-trail --organization o-a1b2c3d4e5 --regions eu-west-1 --since 2024-01-31
  whittle athena sql athena://logs/cloudtrail --since 2026-10-01`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(env.Stderr)
			cmd.Help()
			return usagef("a command is needed: ddl or sql")
		},
	}
	cmd.AddCommand(newAthenaDDL(env), newAthenaSQL(env))
	return cmd
}

// athenaAPI makes the clients for tables, in the configured Region.
func athenaAPI(ctx context.Context, env Env) (athena.API, error) {
	queries, err := env.cloud.Athena(ctx, "")
	if err != nil {
		return athena.API{}, err
	}
	catalog, err := env.cloud.Glue(ctx, "")
	if err != nil {
		return athena.API{}, err
	}
	s3 := func(ctx context.Context, region string) (athena.S3API, error) { return env.cloud.S3(ctx, region) }
	return athena.API{Athena: queries, Glue: catalog, S3: s3}, nil
}
