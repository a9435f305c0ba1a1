package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

type collectOptions struct {
	readOptions
	out string
}

func newCollect(env Env) *cobra.Command {
	var opt collectOptions
	cmd := &cobra.Command{
		Use:   "collect SOURCE...",
		Short: "Condense logs into a usage profile",
		Long: `Collect reads logs once and writes a usage profile: each kind of call of each role, with counts,
days and sample event IDs. A profile is small, and every command takes it as a SOURCE, alone or with
logs. Profiles of parts (days, accounts, regions) join to the profile of the whole. An event that
is in two parts counts in both: split by files, not by overlapping exports.

` + sourceHelp,
		Example: `  whittle collect logs/ -o usage.json.gz
  whittle collect october.json.gz november.json.gz -o both.json.gz
  whittle generate usage.json.gz`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCollect(cmd.Context(), env, args, opt)
		},
	}
	opt.readOptions.addFlags(cmd.Flags())
	cmd.Flags().StringVarP(&opt.out, "out", "o", "", "write the profile to `FILE` (default: standard output)")
	cmd.MarkFlagFilename("out")
	return cmd
}

func runCollect(ctx context.Context, env Env, args []string, opt collectOptions) error {
	if opt.state != "" && opt.out == opt.state {
		return usagef("--out and --state: %s cannot be both", opt.out)
	}
	m, err := actionmap.New()
	if err != nil {
		return err
	}
	in, readErr := load(ctx, env, args, &opt.readOptions, m)
	if readErr != nil && len(in.usages) == 0 {
		return readErr
	}
	if len(in.usages) == 0 {
		return noEvents(in.input)
	}
	write := func(w io.Writer) error { return trail.WriteProfile(w, in.usages, in.stats) }
	if opt.out == "" || opt.out == "-" {
		err = write(env.Stdout)
	} else {
		err = writeFile(opt.out, write)
	}
	if err != nil {
		return err
	}
	report.Text(env.Stderr, newReport(in.input))
	fmt.Fprintf(env.Stderr, "%d kinds of calls written.\n", len(in.usages))
	return readErr
}
