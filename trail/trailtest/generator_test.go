package trailtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

var noon = time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC)

// What the builders make is what trail takes it for.
func TestRecordsAreUnderstood(t *testing.T) {
	const roleARN = "arn:aws:iam::111122223333:role/service-role/orders-role"
	const functionARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
	g := New(1, "111122223333", "eu-west-1")
	role := g.Role("service-role/orders-role")
	code := g.FunctionSession(role, "orders", noon)
	other := g.Session(role, "somebody", noon)
	inFunction := trail.Principal{Account: g.Account, Role: roleARN, Function: functionARN}
	path := trail.Fields{Paths: []string{"bucketName", "key", "tableName", "queueUrl", "keyId", "resources:"}}
	for _, test := range []struct {
		reason string
		record *Record
		want   trail.Observation
	}{
		{"an object read by a function", g.Object(code, noon, "GetObject", g.Account, "b", "k"), trail.Observation{
			DataEvent: true,
			Key: trail.Key{
				Kind: trail.Call, Principal: inFunction, EventSource: "s3.amazonaws.com", EventName: "GetObject", Region: "eu-west-1", Outcome: trail.Authorised,
				Params: []trail.Param{
					{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{"k"}},
					{Path: "resources:", Values: []string{"arn:aws:s3:::b", "arn:aws:s3:::b/k"}},
				},
			},
		}},
		{"an item through an endpoint, denied", g.Item(code, noon, "PutItem", "t").Through("vpce-1", "10.0.0.1").
			Denied("AccessDenied", "dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"), trail.Observation{
			DataEvent: true,
			Key: trail.Key{
				Kind: trail.Call, Principal: inFunction, EventSource: "dynamodb.amazonaws.com", EventName: "PutItem", Region: "eu-west-1",
				VPCEndpoint: "vpce-1", Outcome: trail.Denied, ErrorCode: "AccessDenied",
				Denial: trail.Denial{Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/t", By: "identity"},
				Params: []trail.Param{
					{Path: "resources:", Values: []string{"arn:aws:dynamodb:eu-west-1:111122223333:table/t"}}, {Path: "tableName", Values: []string{"t"}},
				},
			},
		}},
		{"a message polled by Lambda", g.Message(g.LambdaSession(role, noon), noon, "ReceiveMessage", "q", nil), trail.Observation{
			DataEvent: true,
			Key: trail.Key{
				Kind: trail.Call, Principal: trail.Principal{Account: g.Account, Role: roleARN, Session: "awslambda_#_#", ByLambda: true},
				EventSource: "sqs.amazonaws.com", EventName: "ReceiveMessage", Region: "eu-west-1", Outcome: trail.Authorised,
				Params: []trail.Param{
					{Path: "queueUrl", Values: []string{"https://sqs.eu-west-1.amazonaws.com/111122223333/q"}},
					{Path: "resources:", Values: []string{"arn:aws:sqs:eu-west-1:111122223333:q"}},
				},
			},
		}},
		{"a key used by a service with forwarded credentials", g.Key(code, noon, "Decrypt", "id", map[string]any{}).Forwarded("secretsmanager.amazonaws.com"), trail.Observation{
			Key: trail.Key{
				Kind: trail.Call, Principal: inFunction, EventSource: "kms.amazonaws.com", EventName: "Decrypt", Region: "eu-west-1",
				InvokedBy: "secretsmanager.amazonaws.com", Outcome: trail.Authorised,
				Params: []trail.Param{{Path: "resources:", Values: []string{"arn:aws:kms:eu-west-1:111122223333:key/id"}}},
			},
		}},
		{"Lambda assuming the role", g.AssumeByLambda(role, "orders", code, noon), trail.Observation{
			Key: trail.Key{
				Kind: trail.Assumption, Principal: trail.Principal{Account: g.Account, Role: roleARN, Session: "orders"},
				EventSource: "sts.amazonaws.com", EventName: "AssumeRole", Region: "eu-west-1",
				InvokedBy: "lambda.amazonaws.com", Outcome: trail.Authorised,
				Params: []trail.Param{{Path: "resources:", Values: []string{roleARN}}},
			},
		}},
		{"another service assuming the role", g.AssumeBy("ec2.amazonaws.com", role, "i-1", other, noon), trail.Observation{Skip: trail.SkipAWSService}},
		{"a user", g.Read(g.User("alice"), noon, "s3.amazonaws.com", "ListBuckets"), trail.Observation{Skip: trail.SkipIAMUser}},
	} {
		query := trail.Query{Fields: func(_, _ string) trail.Fields { return path }}
		got := trail.NewObserver(query).Observe(test.record.JSON())
		test.want.Time, test.want.EventID, test.want.SharedEventID = noon, test.record.EventID, test.record.SharedEventID
		test.want.Sort = sortOf(test.record)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.reason, diff)
		}
	}
}

// sortOf is what a record adds to the coverage of its log.
func sortOf(r *Record) trail.Sort {
	s := trail.Sort{Account: r.RecipientAccountID, Region: r.AWSRegion, Source: r.EventSource, Data: !r.ManagementEvent, ReadOnly: r.ReadOnly}
	if s.Data {
		for _, resource := range r.Resources {
			s.Types = append(s.Types, resource.Type)
		}
	}
	return s
}

// The members and their order, as AWS's examples have them.
func TestRecordJSON(t *testing.T) {
	g := New(7, "111122223333", "us-east-1")
	r := g.Message(g.User("alice"), noon, "SendMessage", "q", map[string]any{"messageBody": Hidden}).From("AWS Internal", "agent <&>")
	r.RequestID, r.EventID = "r", "e"
	r.UserIdentity.PrincipalID, r.UserIdentity.AccessKeyID = "p", "k"
	want := `{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"p","arn":"arn:aws:iam::111122223333:user/alice",` +
		`"accountId":"111122223333","accessKeyId":"k","userName":"alice"},"eventTime":"2026-10-01T12:00:00Z",` +
		`"eventSource":"sqs.amazonaws.com","eventName":"SendMessage","awsRegion":"us-east-1","sourceIPAddress":"AWS Internal",` +
		`"userAgent":"agent <&>","requestParameters":{"messageBody":"HIDDEN_DUE_TO_SECURITY_REASONS",` +
		`"queueUrl":"https://sqs.us-east-1.amazonaws.com/111122223333/q"},"responseElements":null,"requestID":"r","eventID":"e",` +
		`"readOnly":false,"resources":[{"accountId":"111122223333","type":"AWS::SQS::Queue","ARN":"arn:aws:sqs:us-east-1:111122223333:q"}],` +
		`"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data",` +
		`"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"sqs.us-east-1.amazonaws.com"}}`
	if diff := cmp.Diff(want, string(r.JSON())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !r.Time().Equal(noon) {
		t.Errorf("Time() = %v", r.Time())
	}
	r.EventTime = "yesterday"
	if !r.Time().IsZero() {
		t.Errorf("the time of a malformed record is %v", r.Time())
	}
}

func TestGeneratorIsDeterministic(t *testing.T) {
	file := func(seed uint64) string {
		g := New(seed, "111122223333", "us-east-1")
		who := g.FunctionSession(g.Role("r"), "f", noon)
		records := []*Record{g.Object(who, noon, "PutObject", g.Account, "b", g.UUID()), g.Item(who, noon, "Query", "t"), g.Call(who, noon, "a", "b")}
		g.Shuffle(records)
		f := g.LogFile(noon, records...)
		return f.Path + string(f.Content)
	}
	first := file(1)
	if diff := cmp.Diff(first, file(1)); diff != "" {
		t.Errorf("equal seeds gave different files:\n%s", diff)
	}
	if first == file(2) {
		t.Error("different seeds gave equal files")
	}
}

func TestWriteTree(t *testing.T) {
	g := New(1, "111122223333", "us-east-1")
	record := g.Call(g.User("alice"), noon, "iam.amazonaws.com", "CreateUser")
	files := []File{g.LogFile(noon, record), g.SiblingFile("CloudTrail-Digest", noon, []byte("{}"))}
	path := regexp.MustCompile(`^AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/01/111122223333_CloudTrail_us-east-1_20261001T1200Z_[0-9A-Za-z]{16}\.json\.gz$`)
	if !path.MatchString(files[0].Path) {
		t.Errorf("path %s", files[0].Path)
	}
	dir := t.TempDir()
	if err := WriteTree(dir, files); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(files[0].Path)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var delivered struct{ Records []json.RawMessage }
	if err := json.Unmarshal(content, &delivered); err != nil || len(delivered.Records) != 1 || !bytes.Equal(delivered.Records[0], record.JSON()) {
		t.Errorf("delivered %s, error %v", content, err)
	}
	if err := WriteTree(filepath.Join(dir, filepath.FromSlash(files[0].Path)), files); err == nil {
		t.Error("writing below a file gave no error")
	}
}

func ExampleGenerator() {
	g := New(1, "111122223333", "us-east-1")
	at := time.Date(2026, time.October, 1, 9, 30, 0, 0, time.UTC)
	code := g.FunctionSession(g.Role("service-role/orders-role"), "orders", at)
	file := g.LogFile(at.Add(5*time.Minute),
		g.Object(code, at, "GetObject", g.Account, "orders-in", "a.json"),
		g.Object(code, at, "GetObject", g.Account, "orders-in", "b.json").Fails("NoSuchKey", "The specified key does not exist."),
	)
	os.Stdout.WriteString(file.Path[:50] + "\n")
	// Output: AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/
}
