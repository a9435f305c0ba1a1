package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
)

// JSON writes r as indented JSON, see docs/report.schema.json.
func JSON(w io.Writer, r Report) error {
	r = withLists(r)
	return Encode(w, r)
}

// Encode writes a value as indented JSON. Characters that a terminal might obey or that change the
// direction of text are written as escapes, as Clean does for text.
func Encode(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	var out bytes.Buffer
	for _, r := range b.String() {
		switch {
		case r == '\n' || !unprintable(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&out, "\\u%04x", r)
		}
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write JSON: %w", err)
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
