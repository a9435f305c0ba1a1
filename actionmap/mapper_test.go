package actionmap

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

func TestFields(t *testing.T) {
	m := mustNew(t)
	got := m.Fields("s3.amazonaws.com", "GetObject")
	want := trail.Fields{
		Paths: []string{
			"?versionId", "bucketName", "key", "name", "resources:AWS::S3::AccessPoint", "resources:AWS::S3::Bucket",
			"resources:AWS::S3ObjectLambda::AccessPoint", // of s3-object-lambda, to which some of these events belong
		},
		Wide: "key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields of GetObject (-want +got):\n%s", diff)
	}
	if got := m.Fields("example.amazonaws.com", "Do"); len(got.Paths) != 0 {
		t.Errorf("fields of an unknown service: %+v", got)
	}
}

// Each block of the overrides is found among the kinds, under every source that the service writes.
func TestKinds(t *testing.T) {
	m := mustNew(t)
	kinds := m.Kinds()
	if !slices.IsSortedFunc(kinds, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) || len(kinds) < 1000 {
		t.Errorf("%d kinds, or not sorted", len(kinds))
	}
	for _, want := range [][2]string{
		{"s3.amazonaws.com", "GetObject"}, {"monitoring.amazonaws.com", "PutMetricAlarm"}, {"s3.amazonaws.com", "WriteGetObjectResponse"},
		{"secretsmanager.amazonaws.com", "GetSecretValue"}, {"dynamodb.amazonaws.com", "PutItem"}, {"sqs.amazonaws.com", "ReceiveMessage"},
	} {
		if !slices.Contains(kinds, want) {
			t.Errorf("%v is missing", want)
		}
	}
	named := map[string]bool{}
	for _, k := range kinds {
		named[k[1]] = true
	}
	for prefix, s := range m.table.Services {
		for event := range s.Events {
			if !named[event] {
				t.Errorf("no kind for %s %s", prefix, event)
			}
		}
	}
}

// The names of services that are no prefix: facts that only a list can know.
func TestSources(t *testing.T) {
	m := mustNew(t)
	tests := []struct{ source, event, want string }{
		{"monitoring.amazonaws.com", "DescribeAlarms", "cloudwatch:DescribeAlarms"},
		{"tagging.amazonaws.com", "GetResources", "tag:GetResources"},
		{"streams.dynamodb.amazonaws.com", "GetRecords", "dynamodb:GetRecords"},
		{"rdsdataapi.amazonaws.com", "ExecuteStatement", "rds-data:ExecuteStatement"},
		{"email.amazonaws.com", "SendEmail", "ses:SendEmail"},
		{"runtime.lex.amazonaws.com", "PostText", "lex:PostText"},
		{"kms.amazonaws.com", "decrypt", "kms:Decrypt"},
		{"cloudfront.amazonaws.com", "createdistribution2015_07_27", "cloudfront:CreateDistribution"},
		{"lambda.amazonaws.com", "GetFunction20150331v2", "lambda:GetFunction"},
		{"lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"},
		{"ec2.amazonaws.com", "DescribeVpcEndpoints20", ""},
		{"bedrock.amazonaws.com", "InvokeModel", "bedrock:InvokeModel"},
		{"S3.amazonaws.com", "ListBuckets", "s3:ListAllMyBuckets"},
		{"s3", "ListBuckets", ""},
		{".amazonaws.com", "ListBuckets", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.source+" "+tt.event, func(t *testing.T) {
			u := &trail.Usage{Key: trail.Key{EventSource: tt.source, EventName: tt.event, Region: "us-east-1"}}
			actions := map[string]bool{}
			for _, g := range m.Map(u).Grants {
				actions[g.Action] = true
			}
			if tt.want == "" != (len(actions) == 0) || tt.want != "" && !actions[tt.want] {
				t.Errorf("actions %v, want %s", actions, tt.want)
			}
		})
	}
}

func TestPlace(t *testing.T) {
	m := mustNew(t)
	tests := []struct{ name, role, account, region, want string }{
		{"role's partition", "arn:aws-cn:iam::111122223333:role/r", "111122223333", "cn-north-1", "arn:aws-cn:sqs:cn-north-1:111122223333:q"},
		{"partition by Region", "", "111122223333", "us-gov-west-1", "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:q"},
		{"isolated", "", "111122223333", "us-isob-east-1", "arn:aws-iso-b:sqs:us-isob-east-1:111122223333:q"},
		{"account by role", "arn:aws:iam::111122223333:role/r", "", "eu-west-1", "arn:aws:sqs:eu-west-1:111122223333:q"},
		{"nothing known", "", "", "", "arn:aws:sqs:*:*:q"},
		{"nonsense", "arn:*:iam::*:role/r", "1:2", "*:*", "arn:aws:sqs:*:*:q"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := &trail.Usage{Key: trail.Key{
				EventSource: "sqs.amazonaws.com", EventName: "GetQueueUrl", Region: tt.region,
				Principal: trail.Principal{Role: tt.role, Account: tt.account},
				Params:    []trail.Param{{Path: "queueName", Values: []string{"q"}}},
			}}
			r := m.Map(u)
			if len(r.Grants) != 1 || r.Grants[0].Resource.Pattern != tt.want {
				t.Errorf("got %s, want %s", describe(r), tt.want)
			}
		})
	}
}

func TestFolded(t *testing.T) {
	m := mustNew(t)
	u := &trail.Usage{Key: trail.Key{
		EventSource: "s3.amazonaws.com", EventName: "PutObject", Region: "us-east-1",
		Params: []trail.Param{
			{Path: "bucketName", Values: []string{"b"}},
			{Path: "key", Values: []string{"2026/"}, Open: true, Wide: true},
		},
	}}
	want := Result{Grants: []Grant{{
		Action:   "s3:PutObject",
		Resource: Resource{Pattern: "arn:aws:s3:::b/", Name: "2026/", Separator: "/", Open: true},
		Rule:     m.Map(u).Grants[0].Rule,
	}}}
	if diff := cmp.Diff(want, m.Map(u)); diff != "" {
		t.Errorf("folded keys (-want +got):\n%s", diff)
	}
	u.Params[1].Values = []string{""}
	want.Grants[0].Resource.Name = ""
	if diff := cmp.Diff(want, m.Map(u)); diff != "" {
		t.Errorf("all keys (-want +got):\n%s", diff)
	}
}

// Folded ARNs keep what they have of a name without bound, and else become the type's pattern.
func TestFoldedARN(t *testing.T) {
	m := mustNew(t)
	tests := []struct{ source, event, path, value, want string }{
		{"lambda.amazonaws.com", "GetDurableExecution", "durableExecutionArn", "arn:aws:lambda:us-east-1:111122223333:function:f:1/durable-execution/n/",
			"lambda:GetDurableExecution arn:aws:lambda:us-east-1:111122223333:function:f:1/durable-execution/n/ + …\n"},
		{"lambda.amazonaws.com", "GetDurableExecution", "durableExecutionArn", "arn:aws:lambda:us-east-1:111122223333:function:f:1/",
			"lambda:GetDurableExecution arn:aws:lambda:us-east-1:111122223333:function:*:*/durable-execution/*/*\n  hidden-resource: the event does not name the durable execution\n"},
		{"states.amazonaws.com", "GetExecutionHistory", "executionArn", "",
			"states:GetExecutionHistory arn:aws:states:us-east-1:111122223333:execution:*/*:*\n  hidden-resource: the event does not name the labelled execution\n" +
				"states:GetExecutionHistory arn:aws:states:us-east-1:111122223333:execution:*:*\n  hidden-resource: the event does not name the execution\n" +
				"states:GetExecutionHistory arn:aws:states:us-east-1:111122223333:express:*/*:*:*\n  hidden-resource: the event does not name the labelled express\n" +
				"states:GetExecutionHistory arn:aws:states:us-east-1:111122223333:express:*:*:*\n  hidden-resource: the event does not name the express\n"},
	}
	for _, tt := range tests {
		t.Run(tt.event+" "+tt.value, func(t *testing.T) {
			if got := m.Fields(tt.source, tt.event).Wide; got != tt.path {
				t.Errorf("wide path %q", got)
			}
			u := &trail.Usage{Key: trail.Key{
				EventSource: tt.source, EventName: tt.event, Region: "us-east-1",
				Principal: trail.Principal{Account: "111122223333"},
				Params:    []trail.Param{{Path: tt.path, Values: []string{tt.value}, Open: true, Wide: true}},
			}}
			if diff := cmp.Diff(tt.want, describe(m.Map(u))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A batch of which one name cannot be read grants the others and says so.
func TestPartlyHidden(t *testing.T) {
	m := mustNew(t)
	u := &trail.Usage{Key: trail.Key{
		EventSource: "ssm.amazonaws.com", EventName: "GetParameters", Region: "us-east-1",
		Principal: trail.Principal{Account: "111122223333"},
		Params:    []trail.Param{{Path: "names[]", Values: []string{"**********", "/a"}}},
	}}
	want := `ssm:GetParameters arn:aws:ssm:us-east-1:111122223333:parameter/*
  hidden-resource: the event does not name the parameter
ssm:GetParameters arn:aws:ssm:us-east-1:111122223333:parameter/a
`
	if diff := cmp.Diff(want, describe(m.Map(u))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkMap(b *testing.B) {
	m := mustNew(b)
	u := &trail.Usage{Key: trail.Key{
		EventSource: "s3.amazonaws.com", EventName: "GetObject", Region: "us-east-1",
		Principal: trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
		Params: []trail.Param{
			{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{"a/b/c"}},
		},
	}}
	b.ReportAllocs()
	for b.Loop() {
		m.Map(u)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		mustNew(b)
	}
}
