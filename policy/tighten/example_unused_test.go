package tighten_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/tighten"
	"github.com/whittle-iam/whittle/trail"
)

func ExampleUnused() {
	mapper, err := actionmap.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Action": ["ssm:GetParameter", "ssm:DeleteParameter", "sns:Publish"], "Resource": "*"
	}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	role := current.Role{
		ARN:      "arn:aws:iam::111122223333:role/report",
		Policies: []current.Policy{{Name: "inline", Document: *doc}},
	}

	// The log has management events of 30 days, and one call of the role.
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	first := int32(at.Unix() / (24 * 60 * 60))
	var stats trail.Stats
	for _, readOnly := range []bool{false, true} {
		c := trail.Coverage{Account: "111122223333", Region: "us-east-1", Source: "ssm.amazonaws.com", ReadOnly: readOnly}
		for d := range int32(30) {
			c.Days = append(c.Days, first+d)
		}
		stats.Coverage = append(stats.Coverage, c)
	}
	usages := []trail.Usage{{
		Key: trail.Key{
			Kind: trail.Call, Principal: trail.Principal{Account: "111122223333", Role: role.ARN},
			EventSource: "ssm.amazonaws.com", EventName: "GetParameter", Region: "us-east-1", Outcome: trail.Authorised,
			Params: []trail.Param{{Path: "name", Values: []string{"/report/token"}}},
		},
		Evidence: trail.Evidence{Count: 3, First: at, Last: at, Days: []int32{first}},
	}}

	r, err := tighten.Unused(role, usages, tighten.UnusedOptions{Mapper: mapper, Stats: stats})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range r.Granted {
		fmt.Println(strings.TrimSpace(fmt.Sprintf("%s %s: %s", g.Status, g.Action, g.Why)))
	}
	fmt.Printf("%s", r.Proposed[0].Document.Format())
	// Output:
	// unobservable sns:Publish: it is recorded as one of the AWS::SNS::Topic data events, and the log has none of these in us-east-1
	// unused ssm:DeleteParameter:
	// used ssm:GetParameter:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "SNSPublishAnyResource",
	//       "Effect": "Allow",
	//       "Action": "sns:Publish",
	//       "Resource": "*"
	//     },
	//     {
	//       "Sid": "SSMGetParameterReportTokenParameter",
	//       "Effect": "Allow",
	//       "Action": "ssm:GetParameter",
	//       "Resource": "arn:aws:ssm:us-east-1:111122223333:parameter/report/token"
	//     }
	//   ]
	// }
}
