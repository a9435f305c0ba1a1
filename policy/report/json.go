package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// JSON writes r as indented JSON, see docs/report.schema.json.
func JSON(w io.Writer, r Report) error {
	r = withLists(r)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write JSON report: %w", err)
	}
	return nil
}

// withLists writes required lists that are empty as [], never as null.
func withLists(r Report) Report {
	r.Input.Sources = list(r.Input.Sources)
	r.Roles = slices.Clone(list(r.Roles))
	for i := range r.Roles {
		role := &r.Roles[i]
		role.Policies, role.Permissions = list(role.Policies), slices.Clone(list(role.Permissions))
		for j := range role.Permissions {
			role.Permissions[j].Rules = list(role.Permissions[j].Rules)
		}
	}
	return r
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
