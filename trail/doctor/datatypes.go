package doctor

// A dataType is a kind of data event that the execution roles of Lambda functions cause often.
type dataType struct {
	// name is the value of resources.type.
	name string
	// source is the eventSource of its events.
	source string
	// arn is how the ARNs of its resources begin, after the partition; empty where its events have none.
	arn string
	// shows is what its events show.
	shows string
}

// dataTypes are in the order in which they are reported.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
var dataTypes = []dataType{
	{"AWS::S3::Object", "s3.amazonaws.com", "s3:::", "reading, writing, deleting and listing S3 objects"},
	{"AWS::DynamoDB::Table", "dynamodb.amazonaws.com", "dynamodb:", "DynamoDB items"},
	{"AWS::DynamoDB::Stream", "dynamodb.amazonaws.com", "dynamodb:", "records of DynamoDB streams, also those that Lambda polls"},
	{"AWS::SQS::Queue", "sqs.amazonaws.com", "sqs:", "SQS messages, also those that Lambda polls"},
	{"AWS::SNS::Topic", "sns.amazonaws.com", "sns:", "SNS messages"},
	{"AWS::Lambda::Function", "lambda.amazonaws.com", "lambda:", "invocations of Lambda functions"},
	{"AWS::Kinesis::Stream", "kinesis.amazonaws.com", "kinesis:", "records of Kinesis streams, also those that Lambda polls"},
	{"AWS::KinesisFirehose::DeliveryStream", "firehose.amazonaws.com", "firehose:", "records sent to Firehose"},
	{"AWS::Events::EventBus", "events.amazonaws.com", "events:", "events put on EventBridge buses"},
	{"AWS::StepFunctions::StateMachine", "states.amazonaws.com", "states:", "synchronous executions of Step Functions"},
	{"AWS::RDS::DBCluster", "rdsdata.amazonaws.com", "rds:", "statements sent through the RDS Data API"},
	{"AWS::SES::EmailIdentity", "ses.amazonaws.com", "ses:", "mail sent with SES"},
	{"AWS::CloudWatch::Metric", "monitoring.amazonaws.com", "", "CloudWatch metrics written and read"},
	{"AWS::XRay::Trace", "xray.amazonaws.com", "", "X-Ray segments"},
}

// DataTypes are the kinds of data events that the execution roles of Lambda functions cause often.
func DataTypes() []string {
	var out []string
	for _, d := range dataTypes {
		out = append(out, d.name)
	}
	return out
}

// dataTypeOf returns what is known of a kind of data events, its name at least.
func dataTypeOf(name string) dataType {
	for _, d := range dataTypes {
		if d.name == name {
			return d
		}
	}
	return dataType{name: name, shows: "events of " + name}
}

// events are the two halves of a kind of data events, reads and writes, as calls by a Lambda function: with
// a role's credentials, and from no console.
func (d dataType) events(partition string) [2]event {
	e := event{
		"eventCategory":                exactly("Data"),
		"resources.type":               exactly(d.name),
		"eventType":                    exactly("AwsApiCall"),
		"userIdentity.arn":             begins("arn:" + partition + ":sts::"),
		"sessionCredentialFromConsole": exactly(""),
	}
	if d.source != "" {
		e["eventSource"] = exactly(d.source)
	}
	if d.arn != "" {
		e["resources.ARN"] = begins("arn:" + partition + ":" + d.arn)
	}
	return halves(e)
}

// halves are a kind of event as reads and as writes.
func halves(e event) [2]event {
	var out [2]event
	for i, readOnly := range []string{"true", "false"} {
		out[i] = event{"readOnly": exactly(readOnly)}
		for k, v := range e {
			out[i][k] = v
		}
	}
	return out
}

// managementSources are event sources whose management events functions cause often. The first two can be
// left out of a trail on their own (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html).
var managementSources = []string{
	"kms.amazonaws.com", "rdsdata.amazonaws.com", "sts.amazonaws.com", "secretsmanager.amazonaws.com", "ssm.amazonaws.com",
	"states.amazonaws.com", "logs.amazonaws.com", "ec2.amazonaws.com",
}

func management(source string) [2]event {
	return halves(event{"eventCategory": exactly("Management"), "eventSource": exactly(source), "eventType": exactly("AwsApiCall"),
		"sessionCredentialFromConsole": exactly("")})
}
