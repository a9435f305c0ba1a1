package tighten

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

func through(endpoint string) func(*trail.Usage) {
	return func(u *trail.Usage) { u.VPCEndpoint = endpoint }
}

func by(function string) func(*trail.Usage) {
	return func(u *trail.Usage) { u.Function = "arn:aws:lambda:us-east-1:111122223333:function:" + function }
}

func wide(path string) func(*trail.Usage) {
	return func(u *trail.Usage) {
		for i := range u.Params {
			u.Params[i].Wide = u.Params[i].Path == path
		}
	}
}

func TestConditions(t *testing.T) {
	table := map[string]string{"tableName": "orders"}
	list := func(prefix string) trail.Usage {
		return made("s3", "ListObjects", map[string]string{"bucketName": "b", "prefix": prefix}, wide("prefix"))
	}
	secret := "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
	for _, test := range []struct {
		name   string
		usages []trail.Usage
		want   []string
	}{
		{"one endpoint", []trail.Usage{made("dynamodb", "PutItem", table, through("vpce-1"))}, []string{"dynamodb:PutItem StringEquals aws:SourceVpce vpce-1"}},
		{"two endpoints", []trail.Usage{made("dynamodb", "PutItem", table, through("vpce-1")), made("dynamodb", "PutItem", table, through("vpce-2"))}, nil},
		{"some calls without endpoint", []trail.Usage{made("dynamodb", "PutItem", table, through("vpce-1")), made("dynamodb", "PutItem", table)}, nil},
		{"an action without resource", []trail.Usage{made("s3", "ListBuckets", nil)}, []string{"s3:ListAllMyBuckets StringEquals aws:RequestedRegion us-east-1"}},
		{"a shared role", []trail.Usage{made("dynamodb", "PutItem", table, by("a")), made("dynamodb", "GetItem", table, by("b"))}, []string{
			"dynamodb:GetItem ArnEquals lambda:SourceFunctionArn arn:aws:lambda:us-east-1:111122223333:function:b",
			"dynamodb:PutItem ArnEquals lambda:SourceFunctionArn arn:aws:lambda:us-east-1:111122223333:function:a",
		}},
		{"a shared role, Lambda's own call", []trail.Usage{made("dynamodb", "PutItem", table, by("a")), made("dynamodb", "GetItem", table, by("b")), made("dynamodb", "GetItem", table, byLambda)}, []string{
			"dynamodb:PutItem ArnEquals lambda:SourceFunctionArn arn:aws:lambda:us-east-1:111122223333:function:a",
		}},
		{"prefixes", []trail.Usage{list("in/"), list("out/")}, []string{"s3:ListBucket StringEquals s3:prefix in/, out/"}},
		{"a hostile prefix", []trail.Usage{list("in/*")}, []string{"s3:ListBucket StringLike s3:prefix in/${*}"}},
		{"a listing without prefix", []trail.Usage{list("in/"), made("s3", "ListObjects", map[string]string{"bucketName": "b"})}, nil},
		{"a secret's encryption context", []trail.Usage{made("kms", "Decrypt", map[string]string{
			"resources:": "arn:aws:kms:us-east-1:111122223333:key/5b7e2a90-14cd-4f83-9e6a-c81b0d3f7e42", "encryptionContext.SecretARN": secret,
			"?encryptionContext.SecretARN": "true",
		})}, []string{"kms:Decrypt StringEquals kms:EncryptionContext:SecretARN " + secret}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, apply := range []bool{false, true} {
				r := propose(t, Options{NoOverlay: true, Conditions: apply}, test.usages...)
				var got []string
				for _, p := range r.Permissions {
					for _, s := range p.Suggested {
						got = append(got, fmt.Sprintf("%s %s %s %s", p.Action, s.Condition.Operator, s.Condition.Key, strings.Join(s.Condition.Values, ", ")))
						if s.Applied != apply || s.Why == "" {
							t.Errorf("suggestion %+v", s)
						}
					}
					if apply != (len(p.Conditions) > 0) && len(p.Suggested) > 0 {
						t.Errorf("apply %v, conditions %v", apply, p.Conditions)
					}
				}
				if d := cmp.Diff(test.want, got); d != "" {
					t.Errorf("apply %v, suggestions (-want +got):\n%s", apply, d)
				}
			}
		})
	}
}
