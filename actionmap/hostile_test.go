package actionmap

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

// TestNamesThatLookLikeARNs: whoever may choose a key or a stream may begin it with "arn:". It stays a
// name, and the bucket or group that it is in stays known.
func TestNamesThatLookLikeARNs(t *testing.T) {
	m := mustNew(t)
	for _, test := range []struct {
		source, event string
		params        []trail.Param
		want          Resource
	}{
		{"s3", "GetObject", []trail.Param{{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{"arn:x"}}},
			Resource{Pattern: "arn:aws:s3:::b/", Name: "arn:x", Separator: "/"}},
		{"s3", "PutObject", []trail.Param{{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{"arn:aws:s3:::other/secret"}}},
			Resource{Pattern: "arn:aws:s3:::b/", Name: "arn:aws:s3:::other/secret", Separator: "/"}},
		{"s3", "GetObject", []trail.Param{{Path: "bucketName", Values: []string{"b"}}, {Path: "key", Values: []string{"arn:aws:s3:::other/"}, Open: true}},
			Resource{Pattern: "arn:aws:s3:::b/", Name: "arn:aws:s3:::other/", Separator: "/", Open: true}},
	} {
		u := trail.Usage{Key: trail.Key{
			Kind: trail.Call, Outcome: trail.Authorised, Region: "us-east-1",
			Principal:   trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
			EventSource: test.source + ".amazonaws.com", EventName: test.event, Params: test.params,
		}}
		var got []Resource
		for _, g := range m.Map(&u).Grants {
			got = append(got, g.Resource)
		}
		if diff := cmp.Diff([]Resource{test.want}, got); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", test.event, test.params, diff)
		}
	}
}
