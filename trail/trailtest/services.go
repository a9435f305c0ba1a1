package trailtest

import "time"

// AssumeByLambda returns the record of Lambda assuming role for function: an AWS service's call, from
// which the session's name is known to be a function.
func (g *Generator) AssumeByLambda(role Role, function string, session Identity, at time.Time) *Record {
	return g.AssumeBy("lambda.amazonaws.com", role, function, session, at)
}

// AssumeBy returns the record of an AWS service assuming role, with the session name that it chose.
func (g *Generator) AssumeBy(service string, role Role, name string, session Identity, at time.Time) *Record {
	r := g.Read(Service(service), at, "sts.amazonaws.com", "AssumeRole")
	r.TLSDetails, r.SharedEventID = nil, g.UUID()
	return r.From(service, service).
		Params(map[string]any{"roleArn": role.ARN, "roleSessionName": name}).
		Response(map[string]any{
			"assumedRoleUser": map[string]any{"arn": session.ARN, "assumedRoleId": session.PrincipalID},
			"credentials": map[string]any{
				"accessKeyId": session.AccessKeyID, "expiration": at.Add(12 * time.Hour).UTC().Format("Jan 2, 2006, 3:04:05 PM"),
				"sessionToken": "EXAMPLE",
			},
		}).
		Uses(g.Account, "AWS::IAM::Role", role.ARN)
}

// Object returns the record of a call on one object. The owner is the bucket's account.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
func (g *Generator) Object(who Identity, at time.Time, eventName, owner, bucket, key string) *Record {
	host := bucket + ".s3." + g.Region + ".amazonaws.com"
	r := g.Call(who, at, "s3.amazonaws.com", eventName).Data().
		Params(map[string]any{"bucketName": bucket, "Host": host, "key": key}).
		Uses("", "AWS::S3::Object", "arn:aws:s3:::"+bucket+"/"+key).
		Uses(owner, "AWS::S3::Bucket", "arn:aws:s3:::"+bucket)
	r.TLSDetails.ClientProvidedHostHeader = host
	r.RequestID = g.upper(16)
	r.ReadOnly = eventName == "GetObject" || eventName == "HeadObject"
	in, out := 0, 400+g.Int(4000)
	if !r.ReadOnly {
		in, out = out, 0
	}
	r.AdditionalEventData = map[string]any{
		"SignatureVersion": "SigV4", "CipherSuite": r.TLSDetails.CipherSuite, "AuthenticationMethod": "AuthHeader",
		"bytesTransferredIn": in, "bytesTransferredOut": out, "x-amz-id-2": g.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 20) + "=",
	}
	return r
}

// Item returns the record of a call on the items of DynamoDB tables. It names the first table, or all
// of them in the transaction that Params sets.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/understanding-ddb-log-entries.html
func (g *Generator) Item(who Identity, at time.Time, eventName string, tables ...string) *Record {
	r := g.Call(who, at, "dynamodb.amazonaws.com", eventName).Data().
		Params(map[string]any{"tableName": tables[0]})
	r.APIVersion = "2012-08-10"
	r.RequestID = g.upper(52)
	r.ReadOnly = eventName == "GetItem" || eventName == "Query" || eventName == "Scan"
	for _, table := range tables {
		r.Uses(g.Account, "AWS::DynamoDB::Table", g.arn("dynamodb", "table/"+table))
	}
	return r
}

// Message returns the record of a call on a queue, with more parameters than queueUrl in params.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html
func (g *Generator) Message(who Identity, at time.Time, eventName, queue string, params map[string]any) *Record {
	all := map[string]any{"queueUrl": "https://sqs." + g.Region + ".amazonaws.com/" + g.Account + "/" + queue}
	for name, value := range params {
		all[name] = value
	}
	r := g.Call(who, at, "sqs.amazonaws.com", eventName).Data().Params(all).
		Uses(g.Account, "AWS::SQS::Queue", g.arn("sqs", queue))
	r.ReadOnly = eventName == "GetQueueAttributes"
	return r
}

// Hidden is what CloudTrail writes in place of a sensitive parameter.
const Hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// Key returns the record of a cryptographic operation with a KMS key.
// https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
func (g *Generator) Key(who Identity, at time.Time, eventName, keyID string, params map[string]any) *Record {
	return g.Read(who, at, "kms.amazonaws.com", eventName).Params(params).
		Uses(g.Account, "AWS::KMS::Key", g.arn("kms", "key/"+keyID))
}
