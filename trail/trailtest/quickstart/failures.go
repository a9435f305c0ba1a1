package main

import "time"

// failures records the calls that failed, each on its day: some show a permission in use, some one
// that is missing, and some nothing.
func (a *actor) failures(day int, at time.Time) {
	switch day {
	case 3, 17:
		// S3 tells a caller without s3:ListBucket "403 Forbidden" instead.
		a.record(a.object(at, "GetObject", account, "orders-incoming", at.Format("incoming/2006/01/02/")+a.UUID()+".json").
			Fails("NoSuchKey", "The specified key does not exist."))
	case 5:
		a.record(a.item(at, "UpdateItem", "inventory").Params(map[string]any{
			"tableName": "inventory", "key": map[string]any{"sku": "SKU-131"}, "updateExpression": "SET #s = #s - :n",
			"conditionExpression": "#s >= :n", "expressionAttributeNames": map[string]any{"#s": "stock"},
		}).Fails("ConditionalCheckFailedException", "The conditional request failed"))
	case 8:
		a.record(a.Key(a.session, at, "Decrypt", cardsKey, map[string]any{"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}).
			Fails("ThrottlingException", "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."))
	case 13:
		// A dependency of the function's code looks around.
		for n := range 3 {
			probe := a.Read(a.session, at.Add(time.Duration(n)*time.Second), "s3.amazonaws.com", "ListBuckets").
				Params(map[string]any{"Host": "s3." + region + ".amazonaws.com"})
			a.record(probe.Through(s3Endpoint, "10.0.12.34").Denied("AccessDenied", "s3:ListAllMyBuckets", ""))
		}
		drop := a.Call(a.session, at.Add(4*time.Second), "dynamodb.amazonaws.com", "DeleteTable").
			Uses(account, "AWS::DynamoDB::Table", "arn:aws:dynamodb:"+region+":"+account+":table/orders")
		drop.APIVersion = "2012-08-10"
		a.record(drop.Denied("AccessDenied", "dynamodb:DeleteTable", "arn:aws:dynamodb:"+region+":"+account+":table/orders"))
	}
}
