package report_test

import (
	"fmt"
	"os"
	"time"

	"github.com/whittle-iam/whittle/policy/report"
)

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
