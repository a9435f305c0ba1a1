package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/trail/athena/query"
)

type athenaDDLOptions struct {
	bucket, organization, since, table string
	accounts, regions                  []string
}

func newAthenaDDL(env Env) *cobra.Command {
	var opt athenaDDLOptions
	cmd := &cobra.Command{
		Use:   "ddl",
		Short: "Print the definition of a table over a trail's bucket",
		Long: `Ddl prints the CREATE TABLE for the logs of a trail, to be run in Athena once. The table's partitions are
accounts, Regions and days, computed by Athena (partition projection), so that none has ever to be
added, and a query reads, and costs, those alone that it needs. It has all columns that whittle reads.

With --organization, --accounts may be left out: each query then has to name its accounts.`,
		Example: `  whittle athena ddl --bucket s3://trail-bucket --accounts 111122223333 --regions eu-west-1,us-east-1 --since 2024-01-31
  whittle athena ddl --bucket s3://org-trail/logs --organization o-a1b2c3d4e5 --regions eu-west-1,us-east-1 --since 2024-01-31 --table audit.cloudtrail`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return runAthenaDDL(env.Stdout, opt)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.bucket, "bucket", "", "`s3://BUCKET/PREFIX` of the trail: the folder that holds AWSLogs")
	f.StringVar(&opt.organization, "organization", "", "`ID` of the organization whose trail it is (o-a1b2c3d4e5)")
	f.StringSliceVar(&opt.accounts, "accounts", nil, "`account` numbers with logs in the bucket")
	f.StringSliceVar(&opt.regions, "regions", nil, "all `regions` that the trail records")
	f.StringVar(&opt.since, "since", "", "first `day` with logs (2024-01-31)")
	f.StringVar(&opt.table, "table", "default.cloudtrail", "`DATABASE.TABLE` to define")
	return cmd
}

func runAthenaDDL(w io.Writer, opt athenaDDLOptions) error {
	d := query.Delivery{
		Location: strings.TrimSuffix(opt.bucket, "/"), Organization: opt.organization,
		Accounts: opt.accounts, Regions: opt.regions,
	}
	if d.Location == "" {
		return usagef("--bucket is missing: name s3://BUCKET/PREFIX, the folder that holds AWSLogs")
	}
	if strings.Contains(d.Location, "/AWSLogs") {
		return usagef("--bucket %q: leave out AWSLogs and what is below it", opt.bucket)
	}
	if len(opt.regions) == 0 {
		return usagef("--regions is missing: name all Regions that the trail records; the table shows no others")
	}
	if opt.since == "" {
		return usagef("--since is missing: name the first day with logs; the table shows none before it")
	}
	since, err := parseTime("--since", opt.since)
	if err != nil {
		return err
	}
	d.Since = since.Format("2006/01/02")
	var ok bool
	if d.Database, d.Table, ok = strings.Cut(opt.table, "."); !ok {
		return usagef("--table %q: write DATABASE.TABLE", opt.table)
	}
	text, err := query.DDL(d)
	if err != nil {
		return usagef("%v", err)
	}
	_, err = fmt.Fprintln(w, strings.TrimRight(text, "\n"))
	return err
}
