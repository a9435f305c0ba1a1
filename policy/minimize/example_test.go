package minimize_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/policy/minimize"
)

func ExampleMinimize() {
	const (
		keys  = "arn:aws:s3:::orders-bucket/incoming/*"
		table = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
		items = "arn:aws:dynamodb:eu-west-1:111122223333:table/Items"
	)
	doc := minimize.Minimize([]minimize.Grant{
		{Action: "dynamodb:PutItem", Resource: table},
		{Action: "dynamodb:UpdateItem", Resource: items},
		{Action: "s3:GetObject", Resource: keys},
		{Action: "dynamodb:PutItem", Resource: items},
		{Action: "s3:GetObject", Resource: "arn:aws:s3:::orders-bucket/incoming/42.json"},
		{Action: "dynamodb:UpdateItem", Resource: table},
	})
	fmt.Printf("%s", doc.Format())
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "DynamoDBWriteItemsTableAndOrdersTable",
	//       "Effect": "Allow",
	//       "Action": [
	//         "dynamodb:PutItem",
	//         "dynamodb:UpdateItem"
	//       ],
	//       "Resource": [
	//         "arn:aws:dynamodb:eu-west-1:111122223333:table/Items",
	//         "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
	//       ]
	//     },
	//     {
	//       "Sid": "S3GetObjectOrdersBucketObjects",
	//       "Effect": "Allow",
	//       "Action": "s3:GetObject",
	//       "Resource": "arn:aws:s3:::orders-bucket/incoming/*"
	//     }
	//   ]
	// }
}
