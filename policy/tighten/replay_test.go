package tighten

import (
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/trail"
)

func TestReplay(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
	put := made("dynamodb", "PutItem", map[string]string{"tableName": "orders"})
	hidden := made("dynamodb", "PutItem", nil)
	fromVPC := put
	fromVPC.VPCEndpoint = "vpce-0a"
	bare := put
	bare.Function = "orders"
	forwarded := put
	forwarded.InvokedBy = "lakeformation.amazonaws.com"
	folded := made("s3", "GetObject", map[string]string{"bucketName": "b", "key": "in/"}, func(u *trail.Usage) { u.Params[1].Open = true })

	for _, test := range []struct {
		reason, policy             string
		usage                      trail.Usage
		allowed, denied, undecided int
	}{
		{"the very permission", `{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"` + table + `"}`, put, 1, 0, 0},
		{"a wildcard", `{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}`, put, 1, 0, 0},
		{"another table", `{"Effect":"Allow","Action":"dynamodb:*","Resource":"` + table + `2"}`, put, 0, 1, 0},
		{"another action", `{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}`, put, 0, 1, 0},
		{"an explicit deny", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"dynamodb:Put*","Resource":"*"}`, put, 0, 1, 0},
		{"a condition that the log decides, for", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}`, put, 1, 0, 0},
		{"a condition that the log decides, against", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0a"}}}`, put, 0, 1, 0},
		{"through the endpoint", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0a"}}}`, fromVPC, 1, 0, 0},
		{"a condition that the log does not have", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`, put, 0, 0, 1},
		{"a deny under such a condition", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, put, 0, 0, 1},
		{"such a condition, but another statement allows", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}},{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"` + table + `"}`, put, 1, 0, 0},
		{"such a condition, but no action", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`, put, 0, 1, 0},
		{"a hidden resource, all allowed", `{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"}`, hidden, 1, 0, 0},
		{"a hidden resource, one allowed", `{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"` + table + `"}`, hidden, 0, 0, 1},
		{"folded names, covered", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/in/*"}`, folded, 1, 0, 0},
		{"folded names, covered in part", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/in/a*"}`, folded, 0, 0, 1},
		{"folded names, none of them", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/out/*"}`, folded, 0, 1, 0},
		{"a hidden resource, none allowed", `{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/*"}`, hidden, 0, 1, 0},
		{"Allow on a variable that the log does not have", `{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}"}`, put, 0, 0, 1},
		{"Deny on such a variable", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}"}`, put, 0, 0, 1},
		{"Allow on NotResource with such a variable", `{"Effect":"Allow","Action":"*","NotResource":"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}"}`, put, 0, 0, 1},
		{"Deny on NotResource with such a variable", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","NotResource":"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}"}`, put, 0, 0, 1},
		{"such a variable where it cannot matter", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team}"}`, put, 1, 0, 0},
		{"such a variable in a condition value", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalTag/account}"}}}`, put, 0, 0, 1},
		{"a variable that the log has", `{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:${aws:PrincipalAccount}:table/*"},{"Effect":"Allow","Action":"dynamodb:*","Resource":"` + table + `"}`, put, 1, 0, 0},
		{"a Deny on the function, which the event names", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"` + fn + `"}}}`, put, 0, 1, 0},
		{"a Deny on the function, which the event does not name", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"` + fn + `"}}}`, bare, 0, 0, 1},
		{"a Deny on a service in between", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:CalledViaFirst":"athena.amazonaws.com"}}}`, forwarded, 0, 0, 1},
	} {
		t.Run(test.reason, func(t *testing.T) {
			doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + test.policy + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			got := Replay([]policy.Document{*doc}, []trail.Usage{test.usage}, newMapper(t))
			if int(got.Allowed) != test.allowed || len(got.Denied) != test.denied || len(got.Undecided) != test.undecided {
				t.Errorf("allowed %d, denied %+v, undecided %+v; want %d, %d, %d",
					got.Allowed, got.Denied, got.Undecided, test.allowed, test.denied, test.undecided)
			}
			for _, row := range append(got.Denied, got.Undecided...) {
				if row.Why == "" || row.Evidence.Count != 1 {
					t.Errorf("a row without its reason or evidence: %+v", row)
				}
			}
		})
	}
}
