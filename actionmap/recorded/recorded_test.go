package recorded

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

func TestOf(t *testing.T) {
	tests := []struct {
		reason, action string
		kind           Kind
		eventType      string
	}{
		{"an object call", "s3:GetObject", Data, "AWS::S3::Object"},
		{"any case", "S3:getobject", Data, "AWS::S3::Object"},
		{"ListObjects is recorded with the objects", "s3:ListBucket", Data, "AWS::S3::Object"},
		{"part of another call", "s3:PutObjectAcl", Data, "AWS::S3::Object"},
		{"a bucket call", "s3:CreateBucket", Management, ""},
		{"made by the service", "s3:ReplicateObject", Unknown, ""},
		{"items", "dynamodb:PutItem", Data, "AWS::DynamoDB::Table"},
		{"part of TransactWriteItems", "dynamodb:ConditionCheckItem", Data, "AWS::DynamoDB::Table"},
		{"streams", "dynamodb:GetRecords", Data, "AWS::DynamoDB::Stream"},
		{"same name, other service", "kinesis:GetRecords", Data, "AWS::Kinesis::Stream"},
		{"enhanced fan-out", "kinesis:SubscribeToShard", Data, "AWS::Kinesis::StreamConsumer"},
		{"the control plane of a table", "dynamodb:DescribeTable", Management, ""},
		{"looks like management", "sqs:GetQueueAttributes", Data, "AWS::SQS::Queue"},
		{"messages", "sqs:SendMessage", Data, "AWS::SQS::Queue"},
		{"topics", "sns:Publish", Data, "AWS::SNS::Topic"},
		{"rest of a service", "sns:Subscribe", Management, ""},
		{"invocation", "lambda:InvokeFunction", Data, "AWS::Lambda::Function"},
		{"functions", "lambda:GetFunction", Management, ""},
		{"cryptography", "kms:Decrypt", Management, ""},
		{"two actions of one call", "kms:ReEncryptFrom", Management, ""},
		{"secrets", "secretsmanager:GetSecretValue", Management, ""},
		{"parameters", "ssm:GetParameter", Management, ""},
		{"exception to a rest", "ssm:UpdateInstanceInformation", Unknown, ""},
		{"roles", "sts:AssumeRole", Management, ""},
		{"workflows", "states:StartExecution", Management, ""},
		{"documented as both", "states:StartSyncExecution", Data, "AWS::StepFunctions::StateMachine"},
		{"buses", "events:PutEvents", Data, "AWS::Events::EventBus"},
		{"log groups", "logs:CreateLogGroup", Management, ""},
		{"log events", "logs:PutLogEvents", Never, ""},
		{"metrics", "cloudwatch:PutMetricData", Data, "AWS::CloudWatch::Metric"},
		{"alarms", "cloudwatch:PutMetricAlarm", Management, ""},
		{"traces", "xray:PutTraceSegments", Data, "AWS::XRay::Trace"},
		{"network interfaces", "ec2:CreateNetworkInterface", Management, ""},
		{"a permission only", "iam:PassRole", Never, ""},
		{"a database login", "rds-db:connect", Never, ""},
		{"an HTTP API of one's own", "execute-api:Invoke", Never, ""},
		{"a search", "es:ESHttpGet", Never, ""},
		{"Kafka records", "kafka-cluster:WriteData", Never, ""},
		{"Kafka topics", "kafka-cluster:CreateTopic", Management, ""},
		{"a service's own event", "elasticfilesystem:ClientMount", Unknown, ""},
		{"a service without an entry", "robomaker:CreateFleet", Unknown, ""},
		{"not named in an entry without a rest", "lambda:InvokeAsync", Unknown, ""},
		{"a page of which all calls are logged", "glue:GetTable", Management, ""},
		{"no operation, under such a page", "glue:UseGlueStudio", Unknown, ""},
		{"the runtime of models", "bedrock:InvokeModel", Management, ""},
		{"the runtime of agents", "bedrock:InvokeAgent", Data, "AWS::Bedrock::AgentAlias"},
		{"a permission only that has events", "bedrock:RenderPrompt", Data, "AWS::Bedrock::Prompt"},
		{"mail", "ses:SendEmail", Data, "AWS::SES::EmailIdentity"},
		{"credentials of an identity pool", "cognito-identity:GetCredentialsForIdentity", Data, "AWS::Cognito::IdentityPool"},
		{"the rest of identity pools", "cognito-identity:DescribeIdentityPool", Management, ""},
		{"user pools", "cognito-idp:AdminGetUser", Management, ""},
		{"statements to a cluster", "rds-data:ExecuteStatement", Data, "AWS::RDS::DBCluster"},
		{"the other Data API", "redshift-data:ExecuteStatement", Management, ""},
		{"time series written", "timestream:WriteRecords", Never, ""},
		{"records delivered", "firehose:PutRecord", Data, "AWS::KinesisFirehose::DeliveryStream"},
		{"a table as an object", "s3tables:PutTableData", Data, "AWS::S3Tables::Table"},
		{"vectors", "s3vectors:QueryVectors", Data, "AWS::S3Vectors::Index"},
		{"sessions of directory buckets", "s3express:CreateSession", Data, "AWS::S3Express::Object"},
		{"inference", "sagemaker:InvokeEndpoint", Data, "AWS::SageMaker::Endpoint"},
		{"a device's message", "iot:Publish", Never, ""},
		{"an HTTP verb", "apigateway:POST", Management, ""},
		{"governed tables", "lakeformation:GetWorkUnitResults", Never, ""},
		{"the configuration of domains", "es:DescribeDomain", Management, ""},
		{"no such action, in a service with a rest", "kms:Encipher", Unknown, ""},
		{"no such service", "nosuch:Get", Unknown, ""},
		{"no action at all", "s3", Unknown, ""},
		{"a pattern", "s3:*", Unknown, ""},
	}
	for _, tt := range tests {
		got := Of(tt.action)
		if got.Kind != tt.kind || got.EventType != tt.eventType {
			t.Errorf("%s: Of(%q) = %+v, want %s %s", tt.reason, tt.action, got, tt.kind, tt.eventType)
		}
		if got.Kind != Unknown && got.Source == "" {
			t.Errorf("Of(%q) has no source", tt.action)
		}
	}
}

func TestTableNamesOnlyActionsOfTheReference(t *testing.T) {
	if len(table()) == 0 {
		t.Fatal("no services")
	}
	for prefix, s := range table() {
		known, ok := reference.Lookup(prefix)
		if !ok {
			t.Errorf("there is no service %s", prefix)
			continue
		}
		for name := range s.actions {
			if a, ok := known.Action(name); !ok || a.Name != name {
				t.Errorf("there is no action %s:%s in this spelling", prefix, name)
			}
		}
	}
}

// TestServicesThatAreCovered lists what must have an entry, and which entries leave nothing open.
func TestServicesThatAreCovered(t *testing.T) {
	for _, prefix := range []string{
		"s3", "dynamodb", "sqs", "sns", "lambda", "kms", "secretsmanager", "ssm", "sts", "states", "events",
		"kinesis", "logs", "cloudwatch", "xray", "ec2", "iam", "rds-db", "elasticfilesystem", "execute-api",
		"es", "kafka-cluster",
		"apigateway", "appconfig", "appsync", "athena", "batch", "bedrock", "cassandra", "cloudformation",
		"cloudfront", "cognito-identity", "cognito-idp", "ecr", "ecs", "firehose", "glue", "iot", "rds-data",
		"redshift-data", "rekognition", "route53", "s3express", "s3tables", "s3vectors", "sagemaker", "scheduler",
		"servicediscovery", "ses", "textract", "timestream", "transcribe",
	} {
		if table()[prefix] == nil {
			t.Errorf("no entry for %s", prefix)
		}
	}
	for _, prefix := range []string{"sqs", "sns", "kms", "secretsmanager", "rds-db", "kafka-cluster"} {
		service, _ := reference.Lookup(prefix)
		for _, a := range service.Actions() {
			if Of(a.ID()).Kind == Unknown {
				t.Errorf("%s is unknown", a.ID())
			}
		}
	}
}

// TestTotals prints how much of the reference is known, and does not let it fall back.
func TestTotals(t *testing.T) {
	totals, all := map[Kind]int{}, 0
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, a := range service.Actions() {
			totals[Of(a.ID()).Kind]++
			all++
		}
	}
	t.Logf("of %d actions: management %d, data %d, never %d, unknown %d",
		all, totals[Management], totals[Data], totals[Never], totals[Unknown])
	if known := all - totals[Unknown]; known < 8700 {
		t.Errorf("only %d actions are known", known)
	}
}

func TestParse(t *testing.T) {
	got, err := parse("x.txt", `# comment
service x
source https://docs.aws.amazon.com/x
data AWS::X::Box Open
  Shut	# is a word
`)
	if err == nil || err.Error() != `x.txt:5: "#" is no action name` {
		t.Errorf("a comment after actions: %v, %v", got, err)
	}
	got, err = parse("x.txt", strings.Join([]string{
		"service x", "source https://a", "data AWS::X::Box Open", "  Shut", "",
		"    # a comment between", "", "\tLift", "management *", "service y-z", "source https://b",
		"never Go", "source https://c", "unknown", "  Come\r"}, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	box := Recording{Data, "AWS::X::Box", "https://a"}
	want := map[string]*service{
		"x": {
			actions: map[string]Recording{"Open": box, "Shut": box, "Lift": box},
			rest:    Recording{Kind: Management, Source: "https://a"},
			hasRest: true,
		},
		"y-z": {
			actions: map[string]Recording{
				"Go":   {Kind: Never, Source: "https://b"},
				"Come": {Kind: Unknown, Source: "https://c"},
			},
			rest: Recording{Kind: Unknown},
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(service{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		reason string
		lines  []string
		want   string
	}{
		{"no service", []string{"management Get"}, "x.txt:1: a rule before any source"},
		{"no source", []string{"service x", "management Get"}, "x.txt:2: a rule before any source"},
		{"source of another service", []string{"service x", "source https://a", "service y", "never Get"}, "x.txt:4: a rule before any source"},
		{"source first", []string{"source https://a"}, "x.txt:1: source before any service"},
		{"two prefixes", []string{"service x y"}, "x.txt:1: service is not followed by one prefix"},
		{"capital prefix", []string{"service S3"}, "x.txt:1: service is not followed by one prefix"},
		{"service twice", []string{"service x", "service x"}, "x.txt:2: service x a second time"},
		{"no address", []string{"service x", "source the manual"}, "x.txt:2: source is not followed by one https address"},
		{"unknown keyword", []string{"service x", "source https://a", "manegement Get"}, `x.txt:3: unknown keyword "manegement"`},
		{"no event type", []string{"service x", "source https://a", "data Get"}, "x.txt:3: data is not followed by an event type such as AWS::S3::Object"},
		{"nothing after data", []string{"service x", "source https://a", "data"}, "x.txt:3: data is not followed by an event type such as AWS::S3::Object"},
		{"prefixed action", []string{"service x", "source https://a", "never x:Get"}, `x.txt:3: "x:Get" is no action name`},
		{"pattern", []string{"service x", "source https://a", "never Get*"}, `x.txt:3: "Get*" is no action name`},
		{"action twice", []string{"service x", "source https://a", "never Get", "management Put Get"}, "x.txt:4: Get a second time"},
		{"two rests", []string{"service x", "source https://a", "never *", "management *"}, "x.txt:4: * a second time"},
		{"continues nothing", []string{"service x", "  Get"}, "x.txt:2: an indented line continues no rule"},
		{"continues a source", []string{"service x", "source https://a", "never Get", "source https://b", "  Put"}, "x.txt:5: an indented line continues no rule"},
	}
	for _, tt := range tests {
		if _, err := parse("x.txt", strings.Join(tt.lines, "\n")); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.reason, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(text)
	f.Add("service x\nsource https://a\ndata AWS::X::Box *\n  Get")
	kinds := []Kind{Management, Data, Never, Unknown}
	f.Fuzz(func(t *testing.T, text string) {
		services, err := parse("x.txt", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x.txt:") {
				t.Errorf("error without place: %v", err)
			}
			return
		}
		for prefix, s := range services {
			for name, r := range s.actions {
				if !slices.Contains(kinds, r.Kind) || (r.Kind == Data) != (r.EventType != "") || r.Source == "" {
					t.Errorf("%s:%s is %+v", prefix, name, r)
				}
			}
		}
	})
}

func BenchmarkOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if Of("s3:GetObject").Kind != Data {
			b.Fatal("wrong")
		}
	}
}
