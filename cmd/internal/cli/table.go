package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// writeTable lists proposals, one a line. With files, the last column has the name of each one's file.
func writeTable(w io.Writer, roles []report.Role, files bool) error {
	header := []string{"ROLE", "FUNCTION", "CALLS", "DENIED", "PERMISSIONS", "WIDENED", "TO CHECK", "SIZE", "LAST USED"}
	if files {
		header = append(header, "FILE")
	}
	names := policyNames(roles)
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(header, "\t"))
	for i, r := range roles {
		row := tableRow(r)
		if files && len(r.Policies) > 0 {
			row = append(row, names[i])
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

func tableRow(r report.Role) []string {
	wide, check, size := 0, 0, 0
	var last time.Time
	for _, p := range r.Permissions {
		if p.Widening != nil {
			wide++
		}
		check += len(p.Findings)
		if p.Evidence.Last.After(last) {
			last = p.Evidence.Last
		}
	}
	for _, p := range r.Policies {
		size += p.Size
	}
	used := "never"
	if !last.IsZero() {
		used = last.UTC().Format(time.DateOnly)
	}
	return []string{
		report.Clean(r.Role), report.Clean(functionColumn(r.Function)),
		fmt.Sprint(r.Calls.Authorised), fmt.Sprint(r.Calls.Denied), fmt.Sprint(len(r.Permissions)),
		fmt.Sprint(wide), fmt.Sprint(check), fmt.Sprint(size), used,
	}
}

// functionColumn is a function's name, with the region where its ARN tells it.
func functionColumn(function string) string {
	if function == "" {
		return "-"
	}
	name := trail.FunctionName(function)
	if arn, err := policy.ParseARN(function); err == nil {
		name += " (" + arn.Region + ")"
	}
	return name
}
