package main

import (
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest"
)

// A neighbourhood is everybody else in the account.
type neighbourhood struct {
	alice    trailtest.Identity
	deployer trailtest.Role
	reports  trailtest.Role
}

func newNeighbourhood(a *actor) neighbourhood {
	return neighbourhood{alice: a.User("alice"), deployer: a.Role("ci/github-deploy"), reports: a.Role("reports-task-role")}
}

// day records what the others do: a container that reads the same bucket, a person who looks around, a
// pipeline that deploys, and AWS itself. None of them acts for Lambda, so the function's role is the
// only one that is looked at by default.
func (n neighbourhood) day(a *actor, day int, at time.Time) {
	const agent = "Boto3/1.42.97 md/Botocore#1.42.97 os/linux exec-env/AWS_ECS_FARGATE Botocore/1.42.97"
	task := a.Hex(32)
	session := a.Session(n.reports, task, at)
	a.record(
		a.AssumeBy("ecs-tasks.amazonaws.com", n.reports, task, session, at),
		a.Object(session, at.Add(time.Second), "GetObject", account, "orders-receipts", fmt.Sprintf("receipts/%d.pdf", a.order)).
			From("203.0.113.31", agent),
		a.Object(session, at.Add(2*time.Second), "PutObject", account, "orders-reports", at.Format("daily/2006-01-02.csv")).
			From("203.0.113.31", agent),
	)
	switch day % 7 {
	case 1:
		a.record(
			a.Read(n.alice, at.Add(time.Hour), "s3.amazonaws.com", "ListBuckets").From("198.51.100.7", "aws-cli/2.31.2").
				Params(map[string]any{"Host": "s3." + region + ".amazonaws.com"}),
			a.Read(n.alice, at.Add(61*time.Minute), "dynamodb.amazonaws.com", "DescribeTable").From("198.51.100.7", "aws-cli/2.31.2").
				Params(map[string]any{"tableName": "orders"}),
		)
	case 4:
		deploy := a.Session(n.deployer, "GitHubActions", at)
		arn := "arn:aws:lambda:" + region + ":" + account + ":function:" + function
		a.record(
			a.Read(deploy, at.Add(2*time.Hour), "lambda.amazonaws.com", "GetFunction20150331v2").From("192.0.2.55", "aws-cli/2.31.2").
				Params(map[string]any{"functionName": function}),
			a.Call(deploy, at.Add(121*time.Minute), "lambda.amazonaws.com", "UpdateFunctionCode20150331v2").From("192.0.2.55", "aws-cli/2.31.2").
				Params(map[string]any{"functionName": function, "publish": false, "dryRun": false}).
				Response(map[string]any{"functionName": function, "functionArn": arn, "role": a.role.ARN}),
		)
	case 6:
		rotation := a.Call(trailtest.Identity{AccountID: account, InvokedBy: "AWS Internal"}, at.Add(3*time.Hour), "kms.amazonaws.com", "RotateKey").
			From("AWS Internal", "AWS Internal").Uses(account, "AWS::KMS::Key", "arn:aws:kms:"+region+":"+account+":key/"+receiptsKey)
		rotation.EventType, rotation.RequestID, rotation.TLSDetails = "AwsServiceEvent", "", nil
		rotation.UserIdentity.Type = "AWSService"
		rotation.ServiceEventDetails = map[string]any{"keyId": receiptsKey, "rotationType": "AUTOMATIC"}
		a.record(rotation)
	}
}

// siblings are the files beside the logs that hold no calls.
func siblings(g *trailtest.Generator) []trailtest.File {
	at := start.AddDate(0, 0, 12)
	digest := fmt.Sprintf(`{"awsAccountId":%q,"digestStartTime":"2026-10-13T00:00:00Z","digestEndTime":"2026-10-13T01:00:00Z",`+
		`"digestS3Bucket":"example-trail","digestSignatureAlgorithm":"SHA256withRSA","previousDigestS3Bucket":null,"logFiles":[]}`, account)
	insight := fmt.Sprintf(`{"Records":[{"eventVersion":"1.11","eventTime":"2026-10-13T09:20:00Z","awsRegion":%q,"eventID":%q,`+
		`"eventType":"AwsCloudTrailInsight","recipientAccountId":%q,"sharedEventID":%q,"insightDetails":{"state":"Start",`+
		`"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","insightType":"ApiErrorRateInsight","errorCode":"AccessDenied"},`+
		`"eventCategory":"Insight"}]}`, region, g.UUID(), account, g.UUID())
	return []trailtest.File{
		g.SiblingFile("CloudTrail-Digest", at.Add(time.Hour), []byte(digest)),
		g.SiblingFile("CloudTrail-Insight", at.Add(9*time.Hour+40*time.Minute), []byte(insight)),
	}
}
