// Package cli is whittle's command line: one file a command, the exit statuses in exit.go, the one
// place where a SOURCE argument becomes a trail.Source in source.go.
//
// Commands take all that belongs to the process from Env, so that tests run them in-process.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail/reading"
)

// Env is what a command takes from its process. Results go to Stdout, everything else to Stderr.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Terminal says that Stderr is a terminal that a person watches; progress is shown only then.
	Terminal bool
	// Color says that Stdout is a terminal on which text may have colours.
	Color bool
	// OnCall, if not nil, is told of each AWS API call, see cloud.Settings.
	OnCall func(service, operation string)

	// sleep waits between looks at what AWS works on; tests do not wait. Set by newRoot if nil.
	sleep func(context.Context, time.Duration) error
	// cloud makes AWS clients for those commands that need them; set by newRoot.
	cloud *cloud.Cloud
}

// Main runs the command line and returns the exit status.
func Main(ctx context.Context, args []string, env Env) int {
	root := newRoot(env)
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		hints := map[string]bool{"": true} // given, or not to be given
		for _, e := range split(err) {
			fmt.Fprintf(env.Stderr, "whittle: %s\n", report.Clean(e.Error()))
			if hint := cloud.Explain(e); !hints[hint] {
				hints[hint] = true
				fmt.Fprintf(env.Stderr, "hint: %s\n", report.Clean(hint))
			}
		}
		var usage *usageError
		if errors.As(err, &usage) {
			fmt.Fprintln(env.Stderr, `Run "whittle help" or "whittle COMMAND --help" for usage.`)
		}
	}
	return exitCode(err)
}

// split takes joined errors apart, so that each gets a line. An error with a text of its own around several stays
// whole.
func split(err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		if parts := several.Unwrap(); errors.Join(parts...).Error() == err.Error() {
			return parts
		}
	}
	return []error{err}
}

func newRoot(env Env) *cobra.Command {
	aws := &cloud.Settings{OnCall: env.OnCall}
	env.cloud = cloud.New(aws)
	if env.sleep == nil {
		env.sleep = reading.Sleep
	}
	root := &cobra.Command{
		Use:   "whittle COMMAND",
		Short: "Least-privilege IAM policies for AWS Lambda roles, from CloudTrail",
		Long: `whittle learns from CloudTrail what each AWS Lambda execution role really does, writes the
smallest IAM policy that still allows it, and proves it by replaying the log against the policy.

Results go to standard output, everything else to standard error.
Exit status: 0 clean, 1 findings, 2 usage or execution error.`,
		Example: `  whittle generate logs/                            the policy of the one Lambda role in logs/
  whittle generate logs/ --role orders --report evidence.json
  whittle unused logs/ --current policies/          what the roles hold and never use
  whittle diff old.json new.json                    what new.json allows that old.json does not
  whittle lint policy.json                          wildcards, escalation paths, mistakes
  whittle replay policy.json logs/                  calls that policy.json would deny
  whittle explain logs/ --role orders s3:GetObject  the events behind a permission`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(env.Stderr)
			cmd.Help()
			return usagef("a command is needed")
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usagef("%v", err) })
	root.PersistentFlags().StringVar(&aws.Profile, "profile", "", "use this `NAME` of the AWS configuration")
	root.PersistentFlags().StringVar(&aws.Region, "region", "", "use this AWS `REGION` where one has to be chosen")
	root.SetHelpCommandGroupID("")
	for _, build := range []func(Env) *cobra.Command{
		newGenerate, newUnused, newDiff, newLint, newReplay, newExplain, newCollect, newReference, newAthena, newDoctor, newVersion,
	} {
		root.AddCommand(build(env))
	}
	return root
}

// atLeast and exactly replace cobra's argument checks, for messages that name what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("%s is missing", what)
		}
		return nil
	}
}

func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("needed: %s; given: %s", what, report.Plural(int64(len(args)), "argument"))
		}
		return nil
	}
}
