package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
)

func TestParseARN(t *testing.T) {
	tests := []struct {
		name, text string
		want       policy.ARN
		err        string
	}{
		{"no Region, no account", "arn:aws:s3:::b/k:x", policy.ARN{Partition: "aws", Service: "s3", Resource: "b/k:x"}, ""},
		{"all fields", "arn:aws-cn:sqs:cn-north-1:111122223333:q",
			policy.ARN{Partition: "aws-cn", Service: "sqs", Region: "cn-north-1", Account: "111122223333", Resource: "q"}, ""},
		{"too short", "arn:aws:s3::b", policy.ARN{}, `"arn:aws:s3::b" is not an ARN: want arn:partition:service:region:account:resource`},
		{"other scheme", "urn:a:b:c:d:e", policy.ARN{}, `"urn:a:b:c:d:e" is not an ARN: want arn:partition:service:region:account:resource`},
		{"no resource", "arn:aws:s3:::", policy.ARN{}, `"arn:aws:s3:::" is not an ARN: the partition, the service or the resource is empty`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := policy.ParseARN(test.text)
			if err != nil || test.err != "" {
				if fmt.Sprint(err) != test.err {
					t.Fatalf("error %v, want %s", err, test.err)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if got.String() != test.text {
				t.Errorf("String() = %q", got)
			}
		})
	}
}
