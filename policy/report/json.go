package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes r as indented JSON, see docs/report.schema.json.
func JSON(w io.Writer, r Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write JSON report: %w", err)
	}
	return nil
}
