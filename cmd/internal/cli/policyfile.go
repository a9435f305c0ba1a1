package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// formatPolicies writes one document as itself, and several as a list.
func formatPolicies(format string, ps []report.Policy) ([]byte, error) {
	text := ps[0].Document.Format()
	if len(ps) > 1 {
		docs := make([]policy.Document, len(ps))
		for i, p := range ps {
			docs[i] = p.Document
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(docs); err != nil {
			return nil, fmt.Errorf("write policies: %w", err)
		}
		text = b.Bytes()
	}
	if format == "json" {
		return text, nil
	}
	out, err := yaml.JSONToYAML(text)
	if err != nil {
		return nil, fmt.Errorf("write policy as YAML: %w", err)
	}
	return out, nil
}

// writePolicies writes one file for each proposal, named after role and function, with the account
// where two accounts have the same name.
func writePolicies(dir, format string, roles []report.Role) error {
	if err := makeDir(dir); err != nil {
		return err
	}
	names := policyNames(roles)
	for i, r := range roles {
		if len(r.Policies) == 0 {
			continue
		}
		text, err := formatPolicies(format, r.Policies)
		if err != nil {
			return err
		}
		file := filepath.Join(dir, names[i]+"."+format)
		if err := writeFile(file, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return err
		}
	}
	return nil
}

// policyNames gives each proposal a file name of its own: the role's name, and the function's. Where
// that is not enough the account and the function's region come first, and where that is not, a number
// that no other name has.
func policyNames(roles []report.Role) []string {
	names := make([]string, len(roles))
	count := map[string]int{}
	for i, r := range roles {
		names[i] = fileName(roleName(r.Role))
		if r.Function != "" {
			names[i] += "-" + fileName(trail.FunctionName(r.Function))
		}
		count[strings.ToLower(names[i])]++
	}
	taken := map[string]bool{}
	for i, r := range roles {
		if count[strings.ToLower(names[i])] > 1 {
			names[i] = place(r) + names[i]
		}
		base := names[i]
		for n := 2; taken[strings.ToLower(names[i])]; n++ {
			names[i] = fmt.Sprintf("%s-%d", base, n)
		}
		taken[strings.ToLower(names[i])] = true
	}
	return names
}

// place is the account of a role and the region of its function, as the beginning of a file name.
func place(r report.Role) string {
	out := ""
	if arn, err := policy.ParseARN(r.Role); err == nil {
		out += fileName(arn.Account) + "-"
	}
	if arn, err := policy.ParseARN(r.Function); err == nil && arn.Region != "" {
		out += fileName(arn.Region) + "-"
	}
	return out
}
