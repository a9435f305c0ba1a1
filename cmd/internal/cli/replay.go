package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/policy/tighten"
)

type replayOptions struct {
	readOptions
	roleOptions
	format string
}

func newReplay(env Env) *cobra.Command {
	var opt replayOptions
	cmd := &cobra.Command{
		Use:   "replay POLICY SOURCE...",
		Short: "List the authorised calls that a policy would deny",
		Long: `Replay evaluates every authorised call of the chosen roles against POLICY, as if it were the role's
only policy, and lists each one that it would deny, with the event. Calls that depend on something
the log does not have (a condition on aws:SourceIp, a resource that the event hides) are listed as
undecided, and calls of which it is not known what they need as unknown. POLICY is JSON, "-" for standard input: a document,
or a list of documents as "generate --fit" writes it.

Exit status 1 if a call would be denied, cannot be decided, or is unknown.

` + sourceHelp,
		Example: `  whittle replay policy.json logs/ --role orders
  aws iam get-role-policy … --query PolicyDocument | whittle replay - logs/`,
		Args: atLeast(1, "POLICY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReplay(cmd.Context(), env, args[0], args[1:], opt)
		},
	}
	opt.readOptions.addFlags(cmd.Flags())
	opt.roleOptions.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&opt.format, "format", "text", "write the result as `text or json`")
	complete(cmd, "format", "text", "json")
	return cmd
}

// A replayResult is the JSON form of replay's answer.
type replayResult struct {
	SchemaVersion int            `json:"schemaVersion"`
	Tool          string         `json:"tool"`
	Reference     string         `json:"reference"`
	Policy        string         `json:"policy"`
	Input         report.Input   `json:"input"`
	Roles         []replayedRole `json:"roles"`
}

type replayedRole struct {
	Role string `json:"role"`
	tighten.Replayed
}

func runReplay(ctx context.Context, env Env, policyFile string, args []string, opt replayOptions) error {
	if opt.format != "text" && opt.format != "json" {
		return usagef("--format %q: use text or json", opt.format)
	}
	docs, err := readPolicy(policyFile, env.Stdin)
	if err != nil {
		return err
	}
	m, in, roles, err := loadRoles(ctx, env, args, &opt.readOptions, &opt.roleOptions)
	if err != nil {
		return err
	}

	base := newReport(in.input)
	res := replayResult{base.SchemaVersion, base.Tool, base.Reference, policyFile, in.input, nil}
	var denied, undecided, unknown int
	var checked int64
	for _, r := range roles {
		got := tighten.Replay(docs, r.usages, m)
		res.Roles = append(res.Roles, replayedRole{r.arn, got})
		denied += len(got.Denied)
		undecided += len(got.Undecided)
		unknown += len(got.Unmapped)
		checked += got.Checked
	}
	if checked == 0 && unknown == 0 {
		return fmt.Errorf("%w: the chosen roles made no authorised call that needs a permission, so nothing was checked", errNoEvents)
	}
	if opt.format == "json" {
		err = report.Encode(env.Stdout, res)
	} else {
		err = writeReplay(env.Stdout, res)
	}
	if err != nil {
		return err
	}
	report.WriteInput(env.Stderr, in.input)
	if denied+undecided+unknown > 0 {
		return &findingsError{fmt.Sprintf("%s: %d permissions would be denied, %d cannot be decided, %d kinds of calls are unknown", policyFile, denied, undecided, unknown)}
	}
	return nil
}

func writeReplay(w io.Writer, res replayResult) error {
	for _, r := range res.Roles {
		fmt.Fprintf(w, "%s: %d of %d authorised calls that need a permission are allowed\n", report.Clean(r.Role), r.Allowed, r.Checked)
		t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
		for _, group := range []struct {
			title string
			rows  []tighten.ReplayRow
		}{{"denied", r.Denied}, {"undecided", r.Undecided}} {
			for _, row := range group.rows {
				id := "-"
				if len(row.Evidence.EventIDs) > 0 {
					id = row.Evidence.EventIDs[0]
				}
				fmt.Fprintf(t, "  %s\t%s\t%s\t%d calls\t%s\tevent %s\t%s\n", group.title, row.Action, report.Clean(row.Resource),
					row.Evidence.Count, report.Clean(row.Event), report.Clean(id), report.Clean(row.Why))
			}
		}
		for _, u := range r.Unmapped {
			fmt.Fprintf(t, "  unknown\t%s\t\t%d calls\t\t\t%s\n", report.Clean(u.Event), u.Evidence.Count, report.Clean(u.Reason))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// readPolicy reads a policy document, or a list of them as "generate --fit" writes it.
func readPolicy(name string, stdin io.Reader) ([]policy.Document, error) {
	read := func() ([]byte, error) { return os.ReadFile(name) }
	if name == "-" {
		read = func() ([]byte, error) { return io.ReadAll(stdin) }
	}
	text, err := read()
	if err != nil {
		return nil, fmt.Errorf("POLICY: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var list []json.RawMessage
	if json.Unmarshal(text, &list) != nil {
		list = []json.RawMessage{text}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("POLICY %s: the list holds no policy", name)
	}
	var docs []policy.Document
	for _, raw := range list {
		d, err := policy.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("POLICY %s:%w", name, err)
		}
		docs = append(docs, *d)
	}
	if err := eval.Compile(eval.Policies{Identity: docs}).Err(); err != nil {
		return nil, fmt.Errorf("POLICY %s: %w", name, err)
	}
	return docs, nil
}
