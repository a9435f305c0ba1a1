package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/report"
)

func newReference(env Env) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "reference PATTERN",
		Short: "Look up IAM actions, their resources, and whether CloudTrail records them",
		Long: `Reference looks actions up in the AWS Service Authorization Reference that whittle carries: access
level, resource types with their ARN formats, condition keys, and whether CloudTrail records the
call as a management event, as a data event (and of which resource type), or never.

PATTERN is an action with * and ?, with the service's prefix or without, or a prefix alone. Case
does not matter. One match is shown whole, several as a table.

Exit status 1 if nothing matches.`,
		Example: `  whittle reference s3:GetObject
  whittle reference 'dynamodb:*Item'
  whittle reference PutEvents
  whittle reference sqs`,
		Args: exactly(1, "PATTERN"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			return completeAction(args, prefix)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return runReference(env.Stdout, args[0], format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "write the result as `text or json`")
	complete(cmd, "format", "text", "json")
	return cmd
}

// completeAction offers the actions that begin with what was typed, or else the prefixes.
func completeAction(args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var out []string
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	if strings.Contains(typed, ":") {
		for _, a := range reference.ActionsMatching(typed + "*") {
			out = append(out, a.ID())
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	for _, p := range reference.Prefixes() {
		if strings.HasPrefix(p, typed) {
			out = append(out, p+":")
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// An actionInfo is the JSON form of one looked-up action.
type actionInfo struct {
	Action        string         `json:"action"`
	Description   string         `json:"description"`
	AccessLevel   string         `json:"accessLevel"`
	Resources     []resourceInfo `json:"resources"`
	ConditionKeys []string       `json:"conditionKeys,omitempty"`
	Recorded      recordedInfo   `json:"recorded"`
}

type resourceInfo struct {
	Type          string   `json:"type"`
	Required      bool     `json:"required"`
	ARNs          []string `json:"arns"`
	ConditionKeys []string `json:"conditionKeys,omitempty"`
}

type recordedInfo struct {
	// Kind is management, data, never or unknown; EventType the resources.type of a data event.
	Kind      string `json:"kind"`
	EventType string `json:"eventType,omitempty"`
	Source    string `json:"source,omitempty"`
}

func runReference(w io.Writer, pattern, format string) error {
	if format != "text" && format != "json" {
		return usagef("--format %q: use text or json", format)
	}
	var infos []actionInfo
	for _, a := range reference.ActionsMatching(pattern) {
		infos = append(infos, infoOf(a))
	}
	if len(infos) == 0 {
		return &findingsError{fmt.Sprintf("no action matches %q in %s", pattern, reference.Version())}
	}
	switch {
	case format == "json":
		return report.Encode(w, struct {
			Reference string       `json:"reference"`
			Actions   []actionInfo `json:"actions"`
		}{reference.Version(), infos})
	case len(infos) == 1:
		return writeAction(w, infos[0])
	default:
		return writeActions(w, infos)
	}
}

func infoOf(a *reference.Action) actionInfo {
	info := actionInfo{
		Action: a.ID(), Description: a.Description, AccessLevel: string(a.AccessLevel),
		ConditionKeys: a.ConditionKeys, Resources: []resourceInfo{},
	}
	service, _ := reference.Lookup(a.Service)
	for _, r := range a.Resources {
		t, _ := service.ResourceType(r.Type)
		info.Resources = append(info.Resources, resourceInfo{r.Type, r.Required, t.ARNs, r.ConditionKeys})
	}
	rec := recorded.Of(a.ID())
	info.Recorded = recordedInfo{string(rec.Kind), rec.EventType, rec.Source}
	return info
}

func (r recordedInfo) String() string {
	if r.EventType != "" {
		return r.Kind + " " + r.EventType
	}
	return r.Kind
}

func writeAction(w io.Writer, a actionInfo) error {
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\n  %s\n\n", a.Action, a.Description)
	fmt.Fprintf(t, "  access level\t%s\n", a.AccessLevel)
	if len(a.Resources) == 0 {
		fmt.Fprintf(t, "  resources\tnone: the action can only be allowed on \"*\"\n")
	}
	for _, r := range a.Resources {
		label := "resource " + r.Type
		if r.Required {
			label += " (required)"
		}
		for _, arn := range r.ARNs {
			fmt.Fprintf(t, "  %s\t%s\n", label, arn)
			label = ""
		}
		if len(r.ConditionKeys) > 0 {
			fmt.Fprintf(t, "  \tcondition keys %s\n", strings.Join(r.ConditionKeys, ", "))
		}
	}
	for i, k := range a.ConditionKeys {
		label := ""
		if i == 0 {
			label = "condition keys"
		}
		fmt.Fprintf(t, "  %s\t%s\n", label, k)
	}
	fmt.Fprintf(t, "  CloudTrail\t%s\n", a.Recorded)
	if a.Recorded.Source != "" {
		fmt.Fprintf(t, "  \t%s\n", a.Recorded.Source)
	}
	return t.Flush()
}

func writeActions(w io.Writer, infos []actionInfo) error {
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ACTION\tACCESS LEVEL\tRESOURCE TYPES\tCLOUDTRAIL")
	for _, a := range infos {
		types := make([]string, len(a.Resources))
		for i, r := range a.Resources {
			types[i] = r.Type
			if r.Required {
				types[i] += "!"
			}
		}
		if len(types) == 0 {
			types = []string{"*"}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Action, a.AccessLevel, strings.Join(types, " "), a.Recorded)
	}
	return t.Flush()
}
