package generalize_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/policy/generalize"
)

func ExampleNames() {
	day := func(d int) time.Time { return time.Date(2026, time.October, d, 12, 0, 0, 0, time.UTC) }
	seen := []generalize.Observation{
		{Action: "s3:GetObject", Name: "config/settings.json", First: day(1), Last: day(28)},
		{Action: "s3:GetObject", Name: "in/2026/10/01/0b9e4b1c-7d1e-4b0a-8c0e-5f2d9a7b3c10.json", First: day(1), Last: day(1)},
		{Action: "s3:GetObject", Name: "in/2026/10/02/91d2c7a4-33f0-4c1b-9d5e-6a8f7e0b2c41.json", First: day(2), Last: day(2)},
		{Action: "s3:PutObject", Name: "${aws:username}", First: day(3), Last: day(3)},
	}
	for _, p := range generalize.Names("/", seen, generalize.Options{Last: day(28)}) {
		fmt.Println("arn:aws:s3:::orders/"+p.Text, strings.Join(p.Actions, " "))
		if p.Reason != "" {
			fmt.Println("   ", p.Detail)
		}
	}
	// Output:
	// arn:aws:s3:::orders/${$}{aws:username} s3:PutObject
	// arn:aws:s3:::orders/config/settings.json s3:GetObject
	// arn:aws:s3:::orders/in/*.json s3:GetObject
	//     2 distinct names; variable: a date or time, an identifier; "*" matches "/" too
}

// New names that keep turning up make a level variable; a few that settle are listed.
func ExampleNames_evidence() {
	var seen []generalize.Observation
	for d := range 28 {
		at := time.Date(2026, time.October, 1+d, 12, 0, 0, 0, time.UTC)
		for _, name := range []string{
			fmt.Sprintf("users/%c%c.json", 'a'+d, 'z'-d%26),
			fmt.Sprintf("tenants/%s/report.csv", []string{"acme", "globex"}[d%2]),
		} {
			seen = append(seen, generalize.Observation{Action: "s3:PutObject", Name: name, First: at, Last: at, Days: []int32{int32(20727 + d)}})
		}
	}
	for _, p := range generalize.Names("/", seen, generalize.Options{}) {
		fmt.Printf("%s %d %q\n", p.Text, p.Distinct, p.Reason)
	}
	// Output:
	// tenants/acme/report.csv 1 ""
	// tenants/globex/report.csv 1 ""
	// users/*.json 28 "many"
}
