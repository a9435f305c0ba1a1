package lambdaapi

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/glob"
)

const (
	arn     = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	cluster = "arn:aws:kafka:us-east-1:111122223333:cluster/c/5d8b-2"
	secret  = "arn:aws:secretsmanager:us-east-1:111122223333:secret:broker-AbCdEf"
)

// A settingTest is a setting in AWS's JSON, and what it asks for beside the log.
type settingTest struct {
	name, function, mapping, async string
	want                           []string
	unknown                        []string
}

const logs = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders"

// own is what each function asks for.
var own = []string{
	"logs:CreateLogGroup " + logs, "logs:CreateLogGroup " + logs + ":*", "logs:CreateLogStream " + logs + ":*", "logs:PutLogEvents " + logs + ":*",
}

// network is what a source in a VPC asks for whose subnets and security groups are not known.
var network = []string{
	"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:security-group/*", "ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:subnet/*",
	"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:111122223333:network-interface/*", "ec2:DeleteNetworkInterface *", "ec2:DescribeNetworkInterfaces *",
	"ec2:DescribeSecurityGroups *", "ec2:DescribeSubnets *", "ec2:DescribeVpcs *",
}

func mapping(from, more string) string {
	return `{"UUID":"u1","FunctionArn":"` + arn + `","EventSourceArn":"` + from + `"` + more + `}`
}

func merge(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var settings = []settingTest{
	{name: "log group", function: `,"LoggingConfig":{"LogGroup":"/my/app"}`, want: []string{
		"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/my/app", "logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/my/app:*",
		"logs:CreateLogStream arn:aws:logs:us-east-1:111122223333:log-group:/my/app:*", "logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/my/app:*",
	}},
	{name: "VPC", function: `,"VpcConfig":{"SubnetIds":["subnet-1","subnet-2"],"SecurityGroupIds":["sg-1"],"VpcId":"vpc-1"}`, want: []string{
		"ec2:AssignPrivateIpAddresses *", "ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:security-group/sg-1",
		"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:subnet/subnet-1", "ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:subnet/subnet-2",
		"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:111122223333:network-interface/*", "ec2:DeleteNetworkInterface *", "ec2:DescribeNetworkInterfaces *",
		"ec2:DescribeSubnets *", "ec2:UnassignPrivateIpAddresses *",
	}},
	{name: "no VPC", function: `,"VpcConfig":{"SubnetIds":[],"SecurityGroupIds":[],"VpcId":""}`},
	{name: "dead letters", function: `,"DeadLetterConfig":{"TargetArn":"arn:aws:sqs:us-east-1:111122223333:dead"}`, want: []string{"sqs:SendMessage arn:aws:sqs:us-east-1:111122223333:dead"}},
	{name: "tracing", function: `,"TracingConfig":{"Mode":"Active"}`, want: []string{
		"xray:PutTelemetryRecords *", "xray:PutTraceSegments *",
		"xray:GetSamplingRules *?", "xray:GetSamplingStatisticSummaries *?", "xray:GetSamplingTargets *?",
	}},
	{name: "no tracing", function: `,"TracingConfig":{"Mode":"PassThrough"}`},
	{name: "Insights", function: `,"Layers":[{"Arn":"arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"},{"Arn":"arn:aws:lambda:us-east-1:111122223333:layer:x:1"}]`, want: []string{
		"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda-insights", "logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda-insights:*",
		"logs:CreateLogStream arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda-insights:*", "logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda-insights:*",
	}},
	{name: "EFS", function: `,"FileSystemConfigs":[{"Arn":"arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-1","LocalMountPath":"/mnt/x"}]`, want: []string{
		"elasticfilesystem:ClientMount arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/* if elasticfilesystem:AccessPointArn",
		"elasticfilesystem:ClientWrite arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/* if elasticfilesystem:AccessPointArn",
	}},
	{name: "S3 Files", function: `,"FileSystemConfigs":[{"Arn":"arn:aws:s3files:us-east-1:111122223333:file-system/fs-1/access-point/fsap-1","LocalMountPath":"/mnt/x"}]`, want: []string{
		"s3files:ClientMount arn:aws:s3files:us-east-1:111122223333:file-system/fs-1", "s3files:ClientWrite arn:aws:s3files:us-east-1:111122223333:file-system/fs-1",
	}},
	{name: "another file system", function: `,"FileSystemConfigs":[{"Arn":"arn:aws:fsx:us-east-1:111122223333:volume/v"},{"Arn":"x"}]`,
		unknown: []string{"file system access point arn:aws:fsx:us-east-1:111122223333:volume/v", "file system access point x"}},
	{name: "key", function: `,"KMSKeyArn":"arn:aws:kms:us-east-1:111122223333:key/k","Environment":{"Variables":{"A":"b"}}`, want: []string{"kms:Decrypt arn:aws:kms:us-east-1:111122223333:key/k?"}},
	{name: "durable", function: `,"DurableConfig":{"ExecutionTimeout":60}`, want: []string{"lambda:CheckpointDurableExecution " + arn + ":*", "lambda:GetDurableExecutionState " + arn + ":*"}},
	{name: "SnapStart", function: `,"SnapStart":{"ApplyOn":"PublishedVersions","OptimizationStatus":"On"}`},

	{name: "destinations", async: `{"FunctionArn":"` + arn + `:$LATEST","DestinationConfig":{"OnSuccess":{"Destination":"arn:aws:lambda:us-east-1:111122223333:function:next:live"},"OnFailure":{"Destination":"arn:aws:s3:::failed"}}}`,
		want: []string{"s3:ListBucket arn:aws:s3:::failed", "s3:PutObject arn:aws:s3:::failed/*", "lambda:InvokeFunction arn:aws:lambda:us-east-1:111122223333:function:next:live"}},
	{name: "event bus and a new kind", async: `{"FunctionArn":"` + arn + `:$LATEST","DestinationConfig":{"OnSuccess":{"Destination":"arn:aws:events:us-east-1:111122223333:event-bus/b"},"OnFailure":{"Destination":"arn:aws:new:us-east-1:111122223333:x"}}}`,
		want: []string{"events:PutEvents arn:aws:events:us-east-1:111122223333:event-bus/b"}, unknown: []string{"on-failure destination arn:aws:new:us-east-1:111122223333:x"}},

	{name: "SQS", mapping: mapping("arn:aws:sqs:us-east-1:111122223333:in", ""), want: []string{
		"sqs:DeleteMessage arn:aws:sqs:us-east-1:111122223333:in", "sqs:GetQueueAttributes arn:aws:sqs:us-east-1:111122223333:in", "sqs:ReceiveMessage arn:aws:sqs:us-east-1:111122223333:in",
	}},
	{name: "SQS, off, with a key", mapping: mapping("arn:aws:sqs:us-east-1:111122223333:in", `,"State":"Disabled","KMSKeyArn":"arn:aws:kms:us-east-1:111122223333:key/k"`), want: []string{
		"kms:Decrypt arn:aws:kms:us-east-1:111122223333:key/k?",
		"sqs:DeleteMessage arn:aws:sqs:us-east-1:111122223333:in?", "sqs:GetQueueAttributes arn:aws:sqs:us-east-1:111122223333:in?", "sqs:ReceiveMessage arn:aws:sqs:us-east-1:111122223333:in?",
	}},
	{name: "DynamoDB", mapping: mapping("arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-10-01T00:00:00.000", `,"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sns:us-east-1:111122223333:failed"}}`), want: []string{
		"dynamodb:DescribeStream arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-10-01T00:00:00.000", "dynamodb:GetRecords arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-10-01T00:00:00.000",
		"dynamodb:GetShardIterator arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-10-01T00:00:00.000", "dynamodb:ListStreams *", "sns:Publish arn:aws:sns:us-east-1:111122223333:failed",
	}},
	{name: "Kinesis with fan-out", mapping: mapping("arn:aws:kinesis:us-east-1:111122223333:stream/s/consumer/c:1700000000", ""), want: []string{
		"kinesis:DescribeStream arn:aws:kinesis:us-east-1:111122223333:stream/s", "kinesis:DescribeStreamSummary arn:aws:kinesis:us-east-1:111122223333:stream/s",
		"kinesis:GetRecords arn:aws:kinesis:us-east-1:111122223333:stream/s", "kinesis:GetShardIterator arn:aws:kinesis:us-east-1:111122223333:stream/s",
		"kinesis:ListShards arn:aws:kinesis:us-east-1:111122223333:stream/s", "kinesis:ListStreams *",
		"kinesis:SubscribeToShard arn:aws:kinesis:us-east-1:111122223333:stream/s/consumer/c:1700000000",
	}},
	{name: "MSK by role", mapping: mapping(cluster, `,"Topics":["t"],"AmazonManagedKafkaEventSourceConfig":{"ConsumerGroupId":"g*"},"DestinationConfig":{"OnFailure":{"Destination":"kafka://failed"}}`), want: merge(network, []string{
		"kafka-cluster:AlterGroup arn:aws:kafka:us-east-1:111122223333:group/c/5d8b-2/g${*}", "kafka-cluster:Connect " + cluster, "kafka-cluster:DescribeClusterDynamicConfiguration " + cluster,
		"kafka-cluster:DescribeGroup arn:aws:kafka:us-east-1:111122223333:group/c/5d8b-2/g${*}", "kafka-cluster:DescribeTopic arn:aws:kafka:us-east-1:111122223333:topic/c/5d8b-2/t",
		"kafka-cluster:ReadData arn:aws:kafka:us-east-1:111122223333:topic/c/5d8b-2/t", "kafka:DescribeCluster " + cluster + "?", "kafka:DescribeClusterV2 " + cluster, "kafka:GetBootstrapBrokers *",
		"kafka-cluster:DescribeTopic arn:aws:kafka:us-east-1:111122223333:topic/c/5d8b-2/failed", "kafka-cluster:WriteData arn:aws:kafka:us-east-1:111122223333:topic/c/5d8b-2/failed",
	})},
	{name: "MSK with a secret and schemas", mapping: mapping(cluster, `,"Topics":["t"],"SourceAccessConfigurations":[{"Type":"SASL_SCRAM_512_AUTH","URI":"`+secret+`"}],
		"AmazonManagedKafkaEventSourceConfig":{"SchemaRegistryConfig":{"SchemaRegistryURI":"arn:aws:glue:us-east-1:111122223333:registry/r","AccessConfigs":[{"Type":"BASIC_AUTH","URI":"`+secret+`2"}]}},"DestinationConfig":{"OnFailure":{"Destination":"kafka://failed"}}`), want: merge(network, []string{
		"kafka:DescribeCluster " + cluster + "?", "kafka:DescribeClusterV2 " + cluster, "kafka:GetBootstrapBrokers *", "secretsmanager:GetSecretValue " + secret,
		"glue:GetRegistry arn:aws:glue:us-east-1:111122223333:registry/r", "glue:GetSchemaVersion arn:aws:glue:us-east-1:111122223333:registry/r",
		"glue:GetSchemaVersion arn:aws:glue:us-east-1:111122223333:schema/r/*", "secretsmanager:GetSecretValue " + secret + "2",
	})},
	{name: "MSK of another account", mapping: mapping("arn:aws:kafka:us-east-1:111122223333:vpc-connection/444455556666/c/9-1", `,"Topics":["t"],"SourceAccessConfigurations":[{"Type":"CLIENT_CERTIFICATE_TLS_AUTH","URI":"`+secret+`"}]`), want: merge(network, []string{
		"kafka:DescribeCluster arn:aws:kafka:us-east-1:444455556666:cluster/c/*?", "kafka:DescribeClusterV2 arn:aws:kafka:us-east-1:444455556666:cluster/c/*",
		"kafka:DescribeVpcConnection arn:aws:kafka:us-east-1:111122223333:vpc-connection/444455556666/c/9-1", "kafka:GetBootstrapBrokers *", "secretsmanager:GetSecretValue " + secret,
	})},
	{name: "Kafka in a VPC", mapping: `{"UUID":"u1","FunctionArn":"` + arn + `","SelfManagedEventSource":{"Endpoints":{"KAFKA_BOOTSTRAP_SERVERS":["a:9092"]}},"Topics":["t"],"SourceAccessConfigurations":[
		{"Type":"VPC_SUBNET","URI":"subnet:subnet-1"},{"Type":"VPC_SECURITY_GROUP","URI":"security_group:sg-1"},{"Type":"BASIC_AUTH","URI":"` + secret + `"},{"Type":"OAUTHBEARER_SCOPE","URI":"x"},{"Type":"IAM_AUTH"}]}`, want: []string{
		"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:security-group/sg-1", "ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:*:subnet/subnet-1",
		"ec2:CreateNetworkInterface arn:aws:ec2:us-east-1:111122223333:network-interface/*", "ec2:DeleteNetworkInterface *", "ec2:DescribeNetworkInterfaces *",
		"ec2:DescribeSecurityGroups *", "ec2:DescribeSubnets *", "ec2:DescribeVpcs *", "secretsmanager:GetSecretValue " + secret,
	}, unknown: []string{"authentication IAM_AUTH of event source mapping u1"}},
	{name: "MQ", mapping: mapping("arn:aws:mq:us-east-1:111122223333:broker:b:b-1234", `,"Queues":["q"],"SourceAccessConfigurations":[{"Type":"BASIC_AUTH","URI":"`+secret+`"},{"Type":"VIRTUAL_HOST","URI":"/"}]`),
		want: merge(network, []string{"mq:DescribeBroker arn:aws:mq:us-east-1:111122223333:broker:b:b-1234", "secretsmanager:GetSecretValue " + secret})},
	{name: "DocumentDB", mapping: mapping("arn:aws:rds:us-east-1:111122223333:cluster:d", `,"SourceAccessConfigurations":[{"Type":"BASIC_AUTH","URI":"`+secret+`"}]`), want: merge(network, []string{
		"rds:DescribeDBClusterParameters arn:aws:rds:us-east-1:111122223333:cluster-pg:*", "rds:DescribeDBClusters arn:aws:rds:us-east-1:111122223333:cluster:d",
		"rds:DescribeDBSubnetGroups arn:aws:rds:us-east-1:111122223333:subgrp:*", "secretsmanager:GetSecretValue " + secret,
	})},
	{name: "a new source", mapping: mapping("arn:aws:new:us-east-1:111122223333:x", ""), unknown: []string{"event source mapping u1 of arn:aws:new:us-east-1:111122223333:x"}},
	{name: "no source", mapping: mapping("", ""), unknown: []string{"event source mapping u1"}},
}

func (s settingTest) read(t *testing.T) current.Function {
	t.Helper()
	f := &fake{functions: []string{configuration("us-east-1", "orders", "$LATEST", role, s.function)}}
	if s.mapping != "" {
		f.mappings = []string{s.mapping}
	}
	if s.async != "" {
		f.async = map[string][]string{arn: {s.async}}
	}
	got, err := Functions(t.Context(), clients(t, map[string]*fake{"us-east-1": f}), []string{"us-east-1"}, nil)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	return got[0]
}

func TestNeedsOfSettings(t *testing.T) {
	for _, test := range settings {
		t.Run(test.name, func(t *testing.T) {
			got := test.read(t)
			want := test.want
			if !strings.Contains(test.function, "LogGroup") {
				want = merge(want, own)
			}
			var list []string
			for _, n := range got.Needs {
				text := n.Action + " " + n.Resource
				for _, c := range n.Conditions {
					text += " if " + c.Key
				}
				if n.Optional {
					text += "?"
				}
				list = append(list, text)
			}
			less := cmp.Transformer("sorted", func(in []string) map[string]int {
				out := map[string]int{}
				for _, s := range in {
					out[s]++
				}
				return out
			})
			if d := cmp.Diff(want, list, less); d != "" {
				t.Errorf("needs (-want +got):\n%s", d)
			}
			if d := cmp.Diff(test.unknown, got.Unknown); d != "" {
				t.Errorf("unknown settings (-want +got):\n%s", d)
			}
		})
	}
}

// TestNeedsExist: each action is one of the reference, and acts on such a resource, and each need says
// which setting asks for it and where AWS says so.
func TestNeedsExist(t *testing.T) {
	checked := 0
	for _, test := range settings {
		for _, n := range test.read(t).Needs {
			checked++
			if n.Setting == "" || !strings.HasPrefix(n.Page, "https://docs.aws.amazon.com/") {
				t.Errorf("%s: %s by %q, page %q", test.name, n.Action, n.Setting, n.Page)
			}
			a, ok := reference.LookupAction(n.Action)
			if !ok || a.ID() != n.Action {
				t.Errorf("%s: no action %s", test.name, n.Action)
				continue
			}
			if n.Resource == "*" {
				continue
			}
			p, err := glob.CompileARN(n.Resource)
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			if !actsOn(a, p) {
				t.Errorf("%s: %s does not act on %s", test.name, n.Action, n.Resource)
			}
			for _, c := range n.Conditions {
				if !slices.ContainsFunc(a.Resources, func(r reference.ActionResource) bool { return slices.Contains(r.ConditionKeys, c.Key) }) && !slices.Contains(a.ConditionKeys, c.Key) {
					t.Errorf("%s has no condition key %s", n.Action, c.Key)
				}
			}
		}
	}
	if checked == 0 {
		t.Fatal("no needs")
	}
}

var variable = regexp.MustCompile(`\$\{\w+\}`)

func actsOn(a *reference.Action, p glob.ARNPattern) bool {
	service, _ := reference.Lookup(a.Service)
	for _, r := range a.Resources {
		if kind, ok := service.ResourceType(r.Type); ok {
			for _, format := range kind.ARNs {
				if of, err := glob.CompileARN(variable.ReplaceAllString(format, "*")); err == nil && of.Intersects(p) {
					return true
				}
			}
		}
	}
	return false
}
