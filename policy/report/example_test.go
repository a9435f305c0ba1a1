package report_test

import (
	"fmt"
	"os"
	"time"

	"github.com/whittle-iam/whittle/policy/report"
)

func ExampleText() {
	always := &report.Access{When: [][]report.Condition{{}}}
	err := report.Text(os.Stdout, report.Report{
		SchemaVersion: report.SchemaVersion,
		Comparisons: []report.Comparison{{
			Old: "old.json", New: "new.json",
			Changes: []report.Change{{
				Kind: "granted", Widens: true, Service: "s3", Actions: []string{"s3:PutObject"}, Known: []string{"s3:PutObject"},
				AccessLevels: []report.LevelCount{{Level: "Write", Count: 1}}, Resources: []string{"arn:aws:s3:::orders/*"}, NewAccess: always,
				Gained: &report.Witness{Action: "s3:PutObject", Resource: "arn:aws:s3:::orders/a", Confirmed: true},
				At:     &report.Location{File: "new.json", Line: 7, Column: 9},
			}},
		}},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// NEW grants 1 thing that OLD does not, which can write.
	//
	// OLD old.json, NEW new.json
	//
	// Granted (1)
	//   s3: Write
	//     +  s3:PutObject  arn:aws:s3:::orders/*  1 action  Write
	//           e.g.     s3:PutObject on arn:aws:s3:::orders/a
	//           at       new.json:7:9
}

func ExampleMarkdown() {
	err := report.Markdown(os.Stdout, report.Report{
		SchemaVersion: report.SchemaVersion,
		Lint: &report.Lint{
			Policies: 1, Files: 1,
			Findings: []report.LintFinding{{
				Rule: "unknown-action", Severity: "error", Message: "s3:GetObejct is unknown, the nearest is s3:GetObject.", Policy: "orders",
				At: report.Location{File: "orders.json", Line: 5, Column: 17},
			}},
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// **1 finding (1 error) in 1 policy of 1 file.**
	//
	// | Severity | Rule | Finding | Policy | Where |
	// |---|---|---|---|---|
	// | error | `unknown-action` | `s3:GetObejct` is unknown, the nearest is `s3:GetObject`. | `orders` | `orders.json:5:17` |
}

func ExampleExplain() {
	seen := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	err := report.Explain(os.Stdout, "arn:aws:iam::111122223333:role/orders", report.Permission{
		Action: "dynamodb:GetItem", AccessLevel: "Read", Resource: "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
		Rules: []string{"reference"}, Events: []string{"dynamodb GetItem"},
		Evidence: report.Evidence{Count: 7, First: seen, Last: seen, Days: 1, EventIDs: []string{"9f0c"}},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// dynamodb:GetItem on arn:aws:dynamodb:us-east-1:111122223333:table/orders
	//   role         arn:aws:iam::111122223333:role/orders
	//   access       Read
	//   calls        7 on 1 day, first 2026-10-01T08:00:00Z, last 2026-10-01T08:00:00Z
	//   events       dynamodb GetItem
	//   event IDs    9f0c
	//   rule         reference
}
