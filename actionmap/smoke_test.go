package actionmap

import (
	"testing"

	"github.com/whittle-iam/whittle/trail"
)

func TestSmoke(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	u := func(src, name string, ps ...trail.Param) *trail.Usage {
		k := trail.Key{EventSource: src, EventName: name, Region: "us-east-1", Params: ps}
		k.Account = "111122223333"
		k.Role = "arn:aws:iam::111122223333:role/r"
		return &trail.Usage{Key: k}
	}
	for _, x := range []*trail.Usage{
		u("s3.amazonaws.com", "GetObject", trail.Param{Path: "bucketName", Values: []string{"b"}}, trail.Param{Path: "key", Values: []string{"a/*b"}}),
		u("s3.amazonaws.com", "GetObject", trail.Param{Path: "bucketName", Values: []string{"b"}}),
		u("s3.amazonaws.com", "GetObject", trail.Param{Path: "bucketName", Values: []string{"b"}}, trail.Param{Path: "key", Values: []string{"a/"}, Open: true}),
		u("dynamodb.amazonaws.com", "Query", trail.Param{Path: "tableName", Values: []string{"T"}}, trail.Param{Path: "indexName", Values: []string{"I"}}, trail.Param{Path: "?indexName", Values: []string{"true"}}),
		u("sqs.amazonaws.com", "SendMessage", trail.Param{Path: "queueUrl", Values: []string{"https://sqs.us-east-1.amazonaws.com/444455556666/q"}}),
		u("sqs.amazonaws.com", "SendMessage"),
		u("ecr.amazonaws.com", "DescribeImages", trail.Param{Path: "repositoryName", Values: []string{"r/x"}}),
		u("lambda.amazonaws.com", "GetFunction20150331v2", trail.Param{Path: "functionName", Values: []string{"f"}}),
		u("foo.amazonaws.com", "GetFunction20150331v2"),
	} {
		t.Logf("%s %+v", x.EventName, m.Fields(x.EventSource, x.EventName))
		r := m.Map(x)
		for _, g := range r.Grants {
			t.Logf("  %+v", g)
		}
		if r.Unmapped != nil {
			t.Logf("  %+v", *r.Unmapped)
		}
	}
}
