package report

import (
	"fmt"
	"io"
	"testing"
)

// BenchmarkFormats writes an account's worth of results: 1,000 roles with 200 permissions each, 10,000
// differences and 10,000 findings.
func BenchmarkFormats(b *testing.B) {
	r := base()
	role := fullUnused().Unused[1]
	role.Granted = nil
	for i := range 200 {
		role.Granted = append(role.Granted, GrantedPermission{Action: fmt.Sprintf("s3:Action%d", i), Resource: "*", Policy: "p", Statement: "s", As: "s3:*", Status: Unused})
	}
	r.Unused = many([]UnusedRole{role}, 1000)
	c := fullDiff().Comparisons[0]
	r.Comparisons = many([]Comparison{c}, 2000)
	lint := *fullLint().Lint
	lint.Findings = many(lint.Findings, 10_000)
	r.Lint = &lint
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				if err := f.Write(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
