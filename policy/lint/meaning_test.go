package lint_test

import "testing"

func TestVariables(t *testing.T) {
	old := func(s string) string { return `{"Statement":{"Effect":"Allow","Action":"s3:GetObject",` + s + `}}` }
	runCases(t, []textCase{
		{"empty-variable", `"Resource":"arn:aws:s3:::b/${}"`, []string{`2:12 a variable of "arn:aws:s3:::b/${}" is empty`}, ""},
		{"empty-variable", `"Resource":"arn:aws:s3:::b/${aws:username}"`, nil, ""},
		{"unclosed-variable", `"Resource":"arn:aws:s3:::b/${aws:username"`, []string{`2:12 a variable of "arn:aws:s3:::b/${aws:username" is not closed by "}"`}, ""},
		{"unclosed-variable", `"Resource":"arn:aws:s3:::b/${$}{x"`, nil, "the escape for the dollar"},
		{"space-in-variable", `"Resource":"arn:aws:s3:::b/${ aws:username}"`, []string{`2:12 a variable of "arn:aws:s3:::b/${ aws:username}" has a space in its name`}, ""},
		{"space-in-variable", `"Resource":"arn:aws:s3:::b/${aws:username, 'a b'}"`, nil, "before the default, and in it, spaces may stand"},
		{"unquoted-variable-default", `"Resource":"arn:aws:s3:::b/${aws:username, none}"`, []string{`2:12 a variable of "arn:aws:s3:::b/${aws:username, none}" has a default without quotes`}, ""},
		{"unquoted-variable-default", `"Resource":["arn:aws:s3:::b/${aws:username, 'none'}","arn:aws:s3:::b/${aws:username,'a}b'}"]`, nil, ""},
		{"variable-in-old-version", old(`"Resource":"arn:aws:s3:::${aws:username}"`), []string{`1:67 "arn:aws:s3:::${aws:username}" has a variable, which is literal text without Version "2012-10-17"`}, ""},
		{"variable-in-old-version", old(`"Resource":"arn:aws:s3:::b/${*}"`), nil, "that is no variable"},
		{"variable-in-old-version", `"Resource":"arn:aws:s3:::${aws:username}"`, nil, ""},
		{"variable-out-of-place", `"Action":"s3:${aws:username}","Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q","Condition":{"StringEquals":{"aws:ResourceTag/${aws:username}":"a"}}`, []string{
			`2:10 "s3:${aws:username}": variables are not replaced in Action`,
			`2:42 "arn:aws:sqs:*:${aws:PrincipalAccount}:q" has a variable before the last field of the ARN`,
			`2:113 "aws:ResourceTag/${aws:username}": variables are not replaced in condition keys`,
		}, ""},
		{"variable-out-of-place", `"Resource":"arn:aws:s3:::${aws:username}","Condition":{"NumericEquals":{"s3:max-keys":"${aws:username}"}}`, nil, "that is another rule's"},
		{"variable-under-operator", `"Condition":{"NumericEquals":{"s3:max-keys":"${aws:username}"}}`, []string{`2:45 NumericEquals does not replace variables such as "${aws:username}"`}, ""},
		{"variable-under-operator", `"Condition":{"StringEquals":{"s3:prefix":"${aws:username}"},"ArnLike":{"aws:SourceArn":"${aws:PrincipalArn}"}}`, nil, ""},
		{"unknown-variable", `"Resource":["arn:aws:s3:::${aws:usrname}","arn:aws:s3:::${AWS::AccountId}"]`, []string{
			`2:13 there is no condition key "aws:usrname" for the variable in "arn:aws:s3:::${aws:usrname}"`,
			`2:43 there is no condition key "AWS::AccountId" for the variable in "arn:aws:s3:::${AWS::AccountId}"`,
		}, ""},
		{"unknown-variable", `"Resource":["arn:aws:s3:::${aws:PrincipalTag/x}","arn:aws:s3:::${cognito-identity.amazonaws.com:sub}"]`, nil, ""},
		{"multivalued-variable", `"Resource":"arn:aws:s3:::${aws:PrincipalOrgPaths}"`, []string{`2:12 "aws:PrincipalOrgPaths" has many values, so that the variable in "arn:aws:s3:::${aws:PrincipalOrgPaths}" has none`}, ""},
		{"multivalued-variable", `"Resource":"arn:aws:s3:::${aws:PrincipalOrgID}"`, nil, ""},
	})
}

func TestTags(t *testing.T) {
	runCases(t, []textCase{
		{"allow-by-unsupported-tag", `"Action":["ec2:CreateTags","iam:GetRole"],"Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"a"}}`, []string{
			`2:87 "aws:TagKeys" is not in the requests of "iam:GetRole": the condition never holds for them`,
		}, ""},
		{"allow-by-unsupported-tag", `"NotAction":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/x":"a"}}`, []string{
			`2:65 the statement is about all actions but a few, and "aws:ResourceTag/x" is not in the requests of many`,
		}, ""},
		{"allow-by-unsupported-tag", `"Action":["ec2:StartInstances","ec2:*"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/x":"a"}}`, nil, "they know it, or some of them do"},
		{"allow-by-unsupported-tag", `"Action":"iam:GetRole","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"true"}}`, nil, "the key may be missing"},
		{"deny-by-unsupported-tag", `"Effect":"Deny","Action":"iam:GetRole","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestTag/x":"a"}}`, []string{
			`2:87 "aws:RequestTag/x" is not in the requests of "iam:GetRole": the condition always holds for them`,
		}, ""},
		{"deny-by-unsupported-tag", `"Action":"iam:GetRole","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/x":"a"}}`, nil, "an Allow is another rule's"},
	})
}

func TestSensitiveKeys(t *testing.T) {
	runCases(t, []textCase{
		{"wildcard-on-sensitive-key", `"Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`, []string{`2:49 "aws:PrincipalOrgID" accepts identifiers of others by "o-*"`}, ""},
		{"wildcard-on-sensitive-key", `"Effect":"Deny","Condition":{"StringNotLike":{"aws:SourceVpce":"vpce-0*"}}`, []string{`2:64 "aws:SourceVpce" accepts identifiers of others by "vpce-0*"`}, "what a Deny spares"},
		{"wildcard-on-sensitive-key", `"Effect":"Deny","Condition":{"StringLike":{"aws:SourceVpce":"vpce-0*"}}`, nil, "it denies more"},
		{"wildcard-on-sensitive-key", `"Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}`, nil, "that is another rule's"},
		{"variable-on-sensitive-key", `"Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalTag/account}"}}`, []string{
			`2:52 the value of the variable "aws:PrincipalTag/account" decides what "aws:ResourceAccount" accepts`,
		}, ""},
		{"variable-on-sensitive-key", `"Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}","aws:PrincipalOrgID":"o-1"}}`, nil, "AWS sets it"},
		{"always-true-condition", `"Condition":{"StringLikeIfExists":{"aws:userid":"*"},"ForAllValues:StringLike":{"aws:TagKeys":["a","*"]}}`, []string{
			`2:36 StringLikeIfExists "aws:userid" "*" always holds`, `2:81 ForAllValues:StringLike "aws:TagKeys" "*" always holds`,
		}, ""},
		{"always-true-condition", `"Condition":{"StringLike":{"aws:userid":"*"}}`, nil, "not without the key"},
		{"never-true-condition", `"Condition":{"ForAnyValue:StringNotLike":{"aws:TagKeys":"*"}}`, []string{`2:43 ForAnyValue:StringNotLike "aws:TagKeys" "*" never holds, so that the statement never applies`}, ""},
		{"never-true-condition", `"Condition":{"StringNotLike":{"aws:userid":"*"}}`, nil, "it holds without the key"},
		{"null-false-in-disguise", `"Condition":{"StringLike":{"aws:userid":"*"}}`, []string{`2:28 StringLike "aws:userid" "*" only asks whether the key is there: Null with "false" says so`}, ""},
		{"null-false-in-disguise", `"Condition":{"StringEquals":{"aws:userid":"*"},"StringLike":{"aws:username":"a*"}}`, nil, ""},
		{"null-true-in-disguise", `"Condition":{"StringNotLike":{"aws:userid":"*"}}`, []string{`2:31 StringNotLike "aws:userid" "*" only asks whether the key is missing: Null with "true" says so`}, ""},
		{"null-true-in-disguise", `"Condition":{"StringNotLike":{"aws:userid":"a*"}}`, nil, ""},
		{"untrustworthy-key", `"Condition":{"StringLike":{"aws:Referer":"https://example.com/*"}}`, []string{`2:28 "aws:Referer" is what the caller says it is`}, ""},
		{"untrustworthy-key", `"Condition":{"StringLike":{"aws:SourceVpce":"vpce-1"}}`, nil, ""},
	})
}

func TestIdentifiers(t *testing.T) {
	runCases(t, []textCase{
		{"invalid-region", `"Condition":{"StringEquals":{"aws:RequestedRegion":["eu-west-1","eu-wset-1"]}}`, []string{`2:65 "eu-wset-1" is no Region`}, ""},
		{"invalid-region", `"Condition":{"StringLike":{"aws:RequestedRegion":["eu-*","us-gov-west-1","aws-global"]}}`, nil, ""},
		{"invalid-vpc", `"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-123"}}`, []string{`2:46 "vpc-123" is no VPC ID: that is vpc- and 8 or 17 hexadecimal digits`}, ""},
		{"invalid-vpc", `"Condition":{"StringEquals":{"aws:SourceVpc":["vpc-12345678","vpc-1234567890abcdef0"]}}`, nil, ""},
		{"invalid-vpc-endpoint", `"Condition":{"StringEquals":{"aws:SourceVpce":"vpc-12345678"}}`, []string{`2:47 "vpc-12345678" is no VPC endpoint ID: that is vpce- and 8 or 17 hexadecimal digits`}, ""},
		{"invalid-vpc-endpoint", `"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-12345678"}}`, nil, ""},
		{"invalid-kms-key", `"Action":"s3:PutObject","Condition":{"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"alias/k"}}`, []string{`2:103 "alias/k" is no ARN of a KMS key`}, ""},
		{"invalid-kms-key", `"Action":"s3:PutObject","Condition":{"ArnEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}`, nil, ""},
		{"invalid-service-principal", `"Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":["lambda","lambda.amazonaws.com"],"kms:ViaService":"s3.amazonaws.com"}}`, []string{
			`2:77 "lambda" is no service principal such as lambda.amazonaws.com`, `2:127 "s3.amazonaws.com" is not of the form s3.eu-west-1.amazonaws.com`,
		}, ""},
		{"invalid-service-principal", `"Condition":{"StringLike":{"kms:ViaService":["s3.*.amazonaws.com","s3.eu-west-1.amazonaws.com","rds.cn-north-1.amazonaws.com.cn"]}}`, nil, ""},
	})
}

func TestPairs(t *testing.T) {
	runCases(t, []textCase{
		{"missing-paired-key", `"Condition":{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}`, []string{`2:27 "aws:VpcSourceIp" says little without aws:SourceVpc or aws:SourceVpce or aws:SourceVpcArn`}, ""},
		{"missing-paired-key", `"Condition":{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-12345678"}}`, nil, ""},
		{"attributes-without-select", `"Action":"dynamodb:Query","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":"a"}}`, []string{
			`2:84 "dynamodb:Attributes" does not limit what a query returns without dynamodb:Select`,
		}, ""},
		{"attributes-without-select", `"Action":"dynamodb:Query","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":"a"},"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}`, nil, ""},
		{"attributes-without-select", `"Action":"dynamodb:PutItem","Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":"a"}}`, nil, "nothing is selected"},
		{"key-of-few-services", `"Action":["s3:GetObject","sqs:SendMessage"],"Resource":"*","Condition":{"StringEquals":{"aws:VpceAccount":"111122223333"}}`, []string{`2:89 "aws:VpceAccount" is not in the requests of sqs`}, ""},
		{"key-of-few-services", `"Condition":{"StringEquals":{"aws:VpceAccount":"111122223333"}}`, nil, "S3 supports it"},
		{"redundant-number", `"Action":"s3:ListBucket","Condition":{"NumericLessThan":{"s3:max-keys":[10,20]}}`, []string{`2:73 "10" is covered by "20" under NumericLessThan`}, ""},
		{"redundant-number", `"Action":"s3:ListBucket","Condition":{"NumericEquals":{"s3:max-keys":["10","20","10.0"]}}`, []string{`2:81 "10.0" is covered by "10" under NumericEquals`}, ""},
		{"redundant-number", `"Action":"s3:ListBucket","Condition":{"NumericGreaterThan":{"s3:max-keys":[10]},"NumericEquals":{"s3:max-keys":[10,20]}}`, nil, ""},
	})
}
