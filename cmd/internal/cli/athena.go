package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/trail/athena"
	"github.com/whittle-iam/whittle/trail/athena/query"
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

// likely are the sources of events that functions cause most, without those that are so large that the query
// would have no room for others.
var likely = []string{
	"s3.amazonaws.com", "dynamodb.amazonaws.com", "sqs.amazonaws.com", "sns.amazonaws.com", "lambda.amazonaws.com", "kms.amazonaws.com",
	"secretsmanager.amazonaws.com", "ssm.amazonaws.com", "sts.amazonaws.com", "logs.amazonaws.com", "monitoring.amazonaws.com",
	"events.amazonaws.com", "states.amazonaws.com", "kinesis.amazonaws.com", "firehose.amazonaws.com", "rds-data.amazonaws.com",
	"rds.amazonaws.com", "cognito-idp.amazonaws.com", "bedrock.amazonaws.com", "ses.amazonaws.com", "apigateway.amazonaws.com",
	"execute-api.amazonaws.com", "appsync.amazonaws.com", "athena.amazonaws.com", "ecs.amazonaws.com", "ecr.amazonaws.com",
	"batch.amazonaws.com", "scheduler.amazonaws.com", "xray.amazonaws.com", "textract.amazonaws.com", "transcribe.amazonaws.com",
	"translate.amazonaws.com", "rekognition.amazonaws.com",
}

// athenaKinds are the kinds of events to foresee, as athena.WithKinds wants them: those that the rules know, the
// likely sources first, and then all of the likely sources that are named like an action.
func athenaKinds(m *actionmap.Mapper) []query.Kind {
	rank := func(k query.Kind) int {
		if i := slices.Index(likely, k[0]); i >= 0 {
			return i
		}
		return len(likely)
	}
	kinds := m.Kinds()
	slices.SortStableFunc(kinds, func(a, b query.Kind) int { return rank(a) - rank(b) })
	known := map[query.Kind]bool{}
	for _, k := range kinds {
		known[k] = true
	}
	for _, source := range likely {
		for _, prefix := range m.Prefixes(source) {
			for _, a := range reference.ActionsMatching(prefix + ":*") {
				if k := (query.Kind{source, a.Name}); !known[k] && len(m.Fields(source, a.Name).Paths) > 0 {
					kinds, known[k] = append(kinds, k), true
				}
			}
		}
	}
	return kinds
}
