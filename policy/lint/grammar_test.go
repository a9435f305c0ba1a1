package lint_test

import (
	"strings"
	"testing"
)

const fine = `"Effect":"Allow"`

func TestGrammar(t *testing.T) {
	runCases(t, []textCase{
		{"invalid-json", `{"Statement":[}`, []string{"1:16 not JSON: invalid character '}' looking for beginning of value"}, ""},
		{"invalid-json", ``, []string{"1:1 not JSON: unexpected end of JSON input"}, ""},
		{"invalid-json", `"Action":"s3:GetObject","Action":"s3:PutObject"`, []string{"2:25 a statement has \"Action\" twice"}, "JSON decoders keep one of the two, and not all the same"},
		{"invalid-json", fine, nil, ""},
		{"wrong-type", `"Action":["s3:GetObject",1,null]`, []string{"2:26 Action must hold strings, not a number", "2:28 Action must hold strings, not null"}, "all problems are found"},
		{"wrong-type", `"Condition":{"Bool":{"aws:SecureTransport":true}}`, nil, "a Boolean may be written as one"},
		{"wrong-type", `{"Version":2012,"Statement":"x"}`, []string{"1:12 Version must be a string, not a number", "1:29 a statement must be an object, not a string"}, ""},
		{"unknown-element", `"effect":"Allow"`, []string{`2:1 a statement has no element "effect": it is spelt "Effect"`}, ""},
		{"unknown-element", `{"PolicyDocument":{}}`, []string{`1:2 this is not a policy but an answer or a template that holds one: pass only what stands under "PolicyDocument"`}, ""},
		{"unknown-element", fine, nil, ""},
		{"element-of-other-policies", `"Principal":"*"`, []string{"2:1 Principal belongs to resource and trust policies, which this looks like; an identity policy has none"}, ""},
		{"element-of-other-policies", fine, nil, ""},
		{"repeated-condition-key", `"Condition":{"StringLike":{"aws:Referer":"a","AWS:referer":"b"}}`, []string{`2:46 Condition StringLike has the key "AWS:referer" twice, in different case`}, ""},
		{"repeated-condition-key", `"Condition":{"StringLike":{"aws:userid":"a"},"StringNotLike":{"aws:userid":"b"}}`, nil, "under different operators a key may stand twice"},
		{"missing-statement", `{"Version":"2012-10-17"}`, []string{"1:1 a policy must have a Statement"}, ""},
		{"missing-statement", fine, nil, ""},
		{"missing-effect", `{"Statement":{"Action":"s3:GetObject","Resource":"*"}}`, []string{"1:14 a statement must have an Effect"}, ""},
		{"missing-effect", `"Effect":"allow"`, nil, "a wrong one is there"},
		{"missing-action", `{"Statement":[{"Effect":"Allow","Resource":"*"}]}`, []string{"1:15 a statement must have either Action or NotAction"}, ""},
		{"missing-action", `"NotAction":"iam:*"`, nil, ""},
		{"missing-resource", `{"Statement":[{"Effect":"Allow","Action":"*"}]}`, []string{"1:15 a statement must have either Resource or NotResource"}, ""},
		{"missing-resource", `"NotResource":"*"`, nil, ""},
		{"clashing-elements", `"Action":"s3:*","NotAction":"s3:GetObject"`, []string{"1:37 a statement must have either Action or NotAction"}, ""},
		{"clashing-elements", `"NotAction":"iam:*","NotResource":"arn:aws:s3:::b"`, nil, "the two negations do not exclude each other"},
		{"invalid-effect", `"Effect":"DENY"`, []string{`2:10 Effect must be "Allow" or "Deny", not "DENY"`}, ""},
		{"invalid-effect", `"Effect":"Deny"`, nil, ""},
		{"invalid-version", `{"Version":"2012-10-18","Statement":[]}`, []string{`1:12 Version must be "2012-10-17" or "2008-10-17", not "2012-10-18"`}, ""},
		{"invalid-version", `{"Version":"2008-10-17","Statement":[]}`, nil, ""},
		{"invalid-sid", `"Sid":"a-b"`, []string{`2:7 Sid "a-b" may hold only the letters A-Z, a-z and digits`}, ""},
		{"invalid-sid", `"Sid":"ab1"`, nil, ""},
		{"repeated-sid", `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}`,
			[]string{`1:79 Sid "A" is taken by an earlier statement`}, ""},
		{"repeated-sid", `{"Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"}]}`,
			nil, "Sids are compared with case"},
	})
}

func TestElements(t *testing.T) {
	large := `"Resource":["arn:aws:s3:::` + strings.Repeat("b", 6200) + `"]`
	runCases(t, []textCase{
		{"missing-version", `{"Statement":[]}`, []string{"1:1 the policy has no Version: variables are literal text in it"}, ""},
		{"missing-version", `{"Version":"2008-10-17","Statement":[]}`, nil, ""},
		{"missing-version", `not JSON`, nil, "that is enough to say"},
		{"old-version", `{"Version":"2008-10-17","Statement":[]}`, []string{`1:12 Version "2008-10-17" is the old policy language`}, ""},
		{"old-version", `{"Statement":[]}`, nil, ""},
		{"empty-sid", `"Sid":""`, []string{"2:7 Sid is empty"}, ""},
		{"empty-sid", fine, nil, ""},
		{"empty-action", `"Action":[]`, []string{"2:10 Action is an empty list"}, ""},
		{"empty-action", `"Action":[null]`, nil, "it is of the wrong type, which another rule says"},
		{"empty-resource", `"NotResource":[]`, []string{"2:15 NotResource is an empty list"}, ""},
		{"empty-resource", `"Resource":""`, nil, ""},
		{"empty-condition", `"Condition":{}`, []string{"2:13 Condition is empty: it always holds"}, ""},
		{"empty-condition", `"Condition":{"Bool":{}}`, []string{`2:14 "Bool" has no keys: it always holds`}, ""},
		{"empty-condition", `"Condition":{"StringEquals":{"aws:userid":[]}}`, []string{`2:30 "aws:userid" has no values: no request with the key satisfies it`}, ""},
		{"empty-condition", `"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":[]},"StringLikeIfExists":{"aws:userid":[]}}`, []string{
			`2:43 "aws:TagKeys" has no values: it holds only for a request without the key, which Null says better`,
			`2:83 "aws:userid" has no values: it holds only for a request without the key, which Null says better`,
		}, ""},
		{"empty-condition", `"Condition":{"Null":{"aws:userid":"true"}}`, nil, ""},
		{"policy-too-large", large, []string{"1:1 the policy has 6,308 characters, and a managed policy may have 6,144"}, ""},
		{"policy-too-large", strings.Repeat(" ", 7000) + fine, nil, "white space does not count"},
	})
}
