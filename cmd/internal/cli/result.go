package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/report"
)

// outputOptions say how a result is written. Every command whose result is a report has these flags.
type outputOptions struct {
	format  string
	reports []string
}

func (o *outputOptions) addFlags(cmd *cobra.Command) {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Name)
	}
	cmd.Flags().StringVar(&o.format, "format", names[0], "write the result as `FORMAT`: "+strings.Join(names, ", "))
	cmd.Flags().StringArrayVar(&o.reports, "report", nil, "write the result to `FILE` as well, in the format of its extension; repeatable")
	complete(cmd, "format", names...)
}

// check refuses unknown formats before any work is done.
func (o *outputOptions) check() error {
	if _, err := report.Named(o.format); err != nil {
		return usagef("--%v", err)
	}
	return checkReports(o.reports)
}

// write puts the result to standard output and to the files asked for.
func (o *outputOptions) write(env Env, rep report.Report) error {
	if err := writeReports(o.reports, rep); err != nil {
		return err
	}
	format, err := report.Named(o.format)
	if err != nil {
		return err
	}
	if format.Name == "text" {
		return report.TextWriter(env.Color)(env.Stdout, rep)
	}
	if err := report.WriteIncomplete(env.Stderr, rep.Input); err != nil { // those for people say it themselves, first
		return err
	}
	return format.Write(env.Stdout, rep)
}
