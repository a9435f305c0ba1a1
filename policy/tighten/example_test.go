package tighten_test

import (
	"fmt"
	"os"
	"time"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/tighten"
	"github.com/whittle-iam/whittle/trail"
)

func ExamplePropose() {
	mapper, err := actionmap.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	const role = "arn:aws:iam::111122223333:role/orders"
	seen := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	usages := []trail.Usage{{
		Key: trail.Key{
			Kind:        trail.Call,
			Principal:   trail.Principal{Account: "111122223333", Role: role},
			EventSource: "dynamodb.amazonaws.com", EventName: "GetItem", Region: "eu-west-1", Outcome: trail.Authorised,
			Params: []trail.Param{{Path: "tableName", Values: []string{"orders"}}},
		},
		Evidence: trail.Evidence{Count: 7, First: seen, Last: seen.Add(time.Hour), Days: []int32{20727}},
	}}
	proposal, err := tighten.Propose(role, usages, tighten.Options{Mapper: mapper, NoOverlay: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(proposal.Policies[0].Document.Format())
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "DynamoDBGetItemOrdersTable",
	//       "Effect": "Allow",
	//       "Action": "dynamodb:GetItem",
	//       "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	//     }
	//   ]
	// }
}
