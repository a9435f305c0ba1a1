package main

import (
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest"
)

const (
	account  = "111122223333"
	partner  = "444455556666"
	region   = "us-east-1"
	function = "orders-processor"

	receiptsKey = "0d4c1f5e-8a37-4c92-b6e1-2f9d7a5c3b10"
	secretsKey  = "5b7e2a90-14cd-4f83-9e6a-c81b0d3f7e42"
	cardsKey    = "a93f60d2-7b18-4e5c-8d04-6e2c9b1f5a77"

	secretARN = "arn:aws:secretsmanager:" + region + ":" + account + ":secret:orders/payment-api-Qm4XzT"
)

// days is how long the trail is, from start.
const days = 28

var start = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// An actor is the scenario's state: the generator, the function's role, and what was recorded.
type actor struct {
	*trailtest.Generator
	role    trailtest.Role
	session trailtest.Identity
	order   int
	records []*trailtest.Record
}

func (a *actor) record(records ...*trailtest.Record) { a.records = append(a.records, records...) }

// once records what happens on the first day only: Lambda attaches the function to its network, and
// creates its log group.
func (a *actor) once(at time.Time) {
	network := a.LambdaSession(a.role, at)
	eni := "eni-" + a.Hex(17)
	ec2 := "ec2.amazonaws.com"
	a.record(
		a.Call(network, at, ec2, "CreateNetworkInterface").From("lambda.amazonaws.com", "lambda.amazonaws.com").
			Params(map[string]any{
				"subnetId": "subnet-0a1b2c3d4e5f60718", "description": "AWS Lambda VPC ENI-orders-processor-" + a.UUID(),
				"groupSet":    map[string]any{"items": []any{map[string]any{"groupId": "sg-0f1e2d3c4b5a69788"}}},
				"clientToken": a.UUID(),
			}).
			Response(map[string]any{"networkInterface": map[string]any{
				"networkInterfaceId": eni, "subnetId": "subnet-0a1b2c3d4e5f60718", "vpcId": "vpc-0918273645abcdef0", "status": "pending",
			}}),
		a.Read(network, at.Add(2*time.Second), ec2, "DescribeNetworkInterfaces").From("lambda.amazonaws.com", "lambda.amazonaws.com").
			Params(map[string]any{
				"networkInterfaceIdSet": map[string]any{"items": []any{map[string]any{"networkInterfaceId": eni}}}, "filterSet": map[string]any{},
			}),
		a.Call(network, at.Add(300*time.Second), ec2, "DeleteNetworkInterface").From("lambda.amazonaws.com", "lambda.amazonaws.com").
			Params(map[string]any{"networkInterfaceId": eni}).Response(map[string]any{"_return": true}),
		a.Call(a.session, at.Add(3*time.Second), "logs.amazonaws.com", "CreateLogGroup").From("203.0.113.24", "awslambda-worker/1.0").
			Params(map[string]any{"logGroupName": "/aws/lambda/" + function}),
	)
}

// coldStart records a new environment of the function: its session, its log stream, and what its code
// loads before the first order.
func (a *actor) coldStart(at time.Time) {
	a.session = a.FunctionSession(a.role, function, at)
	stream := at.Format("2006/01/02/") + "[$LATEST]" + a.Hex(32)
	secret := a.Key(a.session, at.Add(3*time.Second), "Decrypt", secretsKey, map[string]any{
		"encryptionAlgorithm": "SYMMETRIC_DEFAULT",
		"encryptionContext":   map[string]any{"SecretARN": secretARN, "SecretVersionId": "7c9a2b4d-61e8-4f05-a3d7-9b8c5e1f2064"},
	})
	a.record(
		a.AssumeByLambda(a.role, function, a.session, at),
		a.Call(a.session, at.Add(time.Second), "logs.amazonaws.com", "CreateLogStream").From("203.0.113.24", "awslambda-worker/1.0").
			Params(map[string]any{"logGroupName": "/aws/lambda/" + function, "logStreamName": stream}),
		a.object(at.Add(2*time.Second), "GetObject", account, "orders-incoming", "config/settings.json"),
		a.Read(a.session, at.Add(3*time.Second), "secretsmanager.amazonaws.com", "GetSecretValue").
			Params(map[string]any{"secretId": "orders/payment-api"}),
		secret.Forwarded("secretsmanager.amazonaws.com"),
		a.Key(a.session, at.Add(4*time.Second), "Decrypt", cardsKey, map[string]any{
			"encryptionAlgorithm": "SYMMETRIC_DEFAULT", "encryptionContext": map[string]any{"purpose": "card-vault"},
		}),
	)
}

// processOrder records one message from the queue to the receipt.
func (a *actor) processOrder(at time.Time, poller trailtest.Identity) {
	a.order += 1 + a.Int(3)
	id := fmt.Sprint(a.order)
	second := func(n int) time.Time { return at.Add(time.Duration(n) * time.Second) }

	a.record(
		a.message(poller, at, "ReceiveMessage", map[string]any{
			"maxNumberOfMessages": 10, "waitTimeSeconds": 20, "attributeNames": []any{"All"}, "messageAttributeNames": []any{"All"},
		}),
		a.object(second(1), "GetObject", account, "orders-incoming", at.Format("incoming/2006/01/02/")+a.UUID()+".json"),
		a.writeOrder(second(2), id),
		a.item(second(3), "UpdateItem", "inventory").Params(map[string]any{
			"tableName": "inventory", "key": map[string]any{"sku": "SKU-" + fmt.Sprint(100+a.Int(40))},
			"updateExpression": "SET #s = #s - :n", "expressionAttributeNames": map[string]any{"#s": "stock"},
		}),
		a.object(second(4), "PutObject", account, "orders-receipts", "receipts/"+id+".pdf"),
		a.Key(a.session, second(4), "GenerateDataKey", receiptsKey, map[string]any{
			"keyId": "arn:aws:kms:" + region + ":" + account + ":key/" + receiptsKey, "keySpec": "AES_256",
			"encryptionContext": map[string]any{"aws:s3:arn": "arn:aws:s3:::orders-receipts"},
		}).Forwarded("s3.amazonaws.com"),
		a.Message(a.session, second(5), "SendMessage", "notifications", map[string]any{"messageBody": trailtest.Hidden}).
			Response(map[string]any{"mD5OfMessageBody": a.Hex(32), "messageId": a.UUID()}),
		a.item(second(6), "UpdateItem", "orders").Params(map[string]any{
			"tableName": "orders", "key": map[string]any{"orderId": id},
			"updateExpression": "SET #s = :s", "expressionAttributeNames": map[string]any{"#s": "status"},
		}),
		a.message(poller, second(8), "DeleteMessage", map[string]any{"receiptHandle": a.Hex(40)}),
	)
}

// writeOrder stores an order: alone, or together with the stock that it takes.
func (a *actor) writeOrder(at time.Time, id string) *trailtest.Record {
	if a.order%4 != 0 {
		return a.item(at, "PutItem", "orders").Params(map[string]any{
			"tableName": "orders", "key": map[string]any{"orderId": id}, "items": []any{"orderId", "customerId", "lines", "status"},
		})
	}
	return a.item(at, "TransactWriteItems", "orders", "inventory").Params(map[string]any{
		"requestItems": []any{
			map[string]any{
				"operation": "Put", "tableName": "orders", "key": map[string]any{"orderId": id},
				"items": []any{"orderId", "customerId", "lines", "status"}, "conditionExpression": "attribute_not_exists(orderId)",
			},
			map[string]any{
				"operation": "Update", "tableName": "inventory", "key": map[string]any{"sku": "SKU-117"},
				"updateExpression": "SET #s = #s - :n", "expressionAttributeNames": map[string]any{"#s": "stock"},
			},
		},
		"returnConsumedCapacity": "NONE", "returnItemCollectionMetrics": "NONE",
	})
}

// daily records what the function and Lambda do once a day.
func (a *actor) daily(at time.Time, poller trailtest.Identity) {
	a.record(
		a.message(poller, at, "GetQueueAttributes", map[string]any{"attributeNames": []any{"All"}}),
		a.item(at.Add(time.Minute), "Query", "orders").Params(map[string]any{
			"tableName": "orders", "indexName": "customer-index", "keyConditionExpression": "#c = :c",
			"expressionAttributeNames": map[string]any{"#c": "customerId"},
		}),
	)
}

// The endpoints of the function's network for Amazon S3 and DynamoDB.
const (
	s3Endpoint       = "vpce-0a7d5c1e93b2f4861"
	dynamodbEndpoint = "vpce-05c8e1b7f2a94d036"
)

func (a *actor) object(at time.Time, eventName, owner, bucket, key string) *trailtest.Record {
	return a.Object(a.session, at, eventName, owner, bucket, key).Through(s3Endpoint, "10.0.12.34")
}

func (a *actor) item(at time.Time, eventName string, tables ...string) *trailtest.Record {
	return a.Item(a.session, at, eventName, tables...).Through(dynamodbEndpoint, "10.0.12.34")
}

// message is a call of Lambda's event source mapping on the queue that triggers the function.
func (a *actor) message(poller trailtest.Identity, at time.Time, eventName string, params map[string]any) *trailtest.Record {
	return a.Message(poller, at, eventName, "orders-queue", params).From("lambda.amazonaws.com", "lambda.amazonaws.com")
}
