package lint_test

import "testing"

func TestARNs(t *testing.T) {
	runCases(t, []textCase{
		{"invalid-arn-prefix", `"Resource":["my-bucket","*"]`, []string{`2:13 "my-bucket" is neither "*" nor an ARN`}, ""},
		{"invalid-arn-prefix", `"Resource":"${Bucket.Arn}"`, nil, "the rules about variables say what is wrong"},
		{"missing-arn-field", `"Resource":"arn:aws:s3:::b","NotResource":"arn:aws:s3*"`, []string{`2:43 "arn:aws:s3*" has 3 fields, and an ARN has 6`}, ""},
		{"missing-arn-field", `"Resource":"arn:aws:sns:eu-west-1:111122223333:t:x"`, nil, "more colons belong to the resource"},
		{"invalid-arn-partition", `"Resource":"arn:asw:s3:::b"`, []string{`2:12 there is no partition "asw"`}, ""},
		{"invalid-arn-partition", `"Resource":["arn:aws-cn:s3:::b","arn:*:s3:::b","arn:aws-us-gov:s3:::b","arn:aws*:s3:::b"]`, nil, ""},
		{"arn-service-case", `"Resource":"arn:aws:S3:::b"`, []string{`2:12 the service of "arn:aws:S3:::b" is not in lower case: write "s3"`}, ""},
		{"arn-service-case", `"Resource":"arn:aws:s3:::B"`, nil, "the resource's name is free"},
		{"unknown-arn-service", `"Resource":"arn:aws:s33:::b"`, []string{`2:12 there is no service "s33"`}, ""},
		{"unknown-arn-service", `"Resource":["arn:aws:S3:::b","arn:aws:route53-recovery-control::111122223333:cluster/x","arn:aws:s3*:::b"]`, nil, "ARNs may name services that no action has, and case is another rule's"},
		{"invalid-arn-region", `"Resource":["arn:aws:sqs:eu-wset-1:111122223333:q","arn:aws:sqs:cn-north-1:111122223333:q"]`, []string{
			`2:13 there is no Region "eu-wset-1"`, `2:52 the Region cn-north-1 is in the partition aws-cn, not in "aws"`,
		}, ""},
		{"invalid-arn-region", `"Resource":["arn:aws:sqs:*:111122223333:q","arn:aws:sqs:eu-*:1:q","arn:*:sqs:cn-north-1:1:q","arn:aws-us-gov:sqs:us-gov-west-1:1:q","arn:aws:sqs:mx-central-1:1:q","arn:aws-eusc:sqs:eusc-de-east-1:1:q"]`, nil, ""},
		{"invalid-arn-account", `"Resource":["arn:aws:sqs:eu-west-1:1234:q","arn:aws:sqs:eu-west-1:11112222333x:q","arn:aws:sqs:eu-west-1:1111222233334*:q"]`, []string{
			`2:13 "1234" is no account ID: that has 12 digits`, `2:44 "11112222333x" is no account ID: that has 12 digits`,
			`2:83 "1111222233334*" is no account ID: that has 12 digits`,
		}, ""},
		{"invalid-arn-account", `"Resource":["arn:aws:sqs:eu-west-1:111122223333:q","arn:aws:iam::aws:policy/ReadOnlyAccess","arn:aws:sqs:*:*:q","arn:aws:sqs:*:1111*:q"]`, nil, ""},
	})
}

func TestARNFormats(t *testing.T) {
	runCases(t, []textCase{
		{"unknown-arn-resource", `"Resource":["arn:aws:lambda:eu-west-1:111122223333:f","arn:aws:states:eu-west-1:111122223333:statemachine:x"]`, []string{
			`2:13 "arn:aws:lambda:eu-west-1:111122223333:f" fits none of the resource types of "lambda"`,
			`2:55 "arn:aws:states:eu-west-1:111122223333:statemachine:x" fits none of the resource types of "states"`,
		}, "the type is missing, and the type is in the wrong case"},
		{"unknown-arn-resource", `"Resource":["arn:aws:lambda:eu-west-1:111122223333:function:f:1","arn:aws:lambda:*:*:*","arn:aws:lambda:*:*:fun*","arn:aws:s3:::b/k/k"]`, nil, ""},
		{"unknown-arn-resource", `"Resource":["arn:aws:iam::111122223333:role/path/${aws:username}","arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31","arn:aws:backup:eu-west-1:111122223333:recovery-point:x"]`, nil,
			"a variable stands for anything, and what AWS documents beside the reference counts"},
		{"unknown-arn-resource", `"Resource":"arn:aws:tiros:eu-west-1:111122223333:x"`, nil, "nothing is known of the service's resources"},
		{"arn-region-not-allowed", `"Resource":["arn:aws:s3:eu-west-1::b","arn:aws:iam:us-east-1:111122223333:role/r"]`, []string{
			`2:13 "arn:aws:s3:eu-west-1::b" has the Region "eu-west-1", and resources of this type have none`,
			`2:39 "arn:aws:iam:us-east-1:111122223333:role/r" has the Region "us-east-1", and resources of this type have none`,
		}, ""},
		{"arn-region-not-allowed", `"Resource":["arn:aws:s3:*:*:b","arn:aws:s3:eu-west-1:111122223333:accesspoint/a"]`, nil, "a star matches the empty field, and access points have a Region"},
		{"arn-account-not-allowed", `"Resource":"arn:aws:s3::111122223333:b/*"`, []string{
			`2:12 "arn:aws:s3::111122223333:b/*" has the account "111122223333", and resources of this type have none`,
		}, ""},
		{"arn-account-not-allowed", `"Resource":"arn:aws:sqs:eu-west-1:111122223333:q"`, nil, ""},
		{"missing-arn-region", `"Resource":"arn:aws:sqs::111122223333:q"`, []string{`2:12 "arn:aws:sqs::111122223333:q" has no Region, and resources of this type have one`}, ""},
		{"missing-arn-region", `"Resource":["arn:aws:sqs:*:111122223333:q","arn:aws:iam::111122223333:role/r"]`, nil, ""},
		{"any-account", `"Resource":["arn:aws:sqs:eu-west-1:*:q","arn:aws:sqs:*:*:r","arn:aws:s3:::b"]`, []string{
			`2:12 "arn:aws:sqs:eu-west-1:*:q" and "arn:aws:sqs:*:*:r" may be in any account`,
		}, "one finding a statement"},
		{"any-account", `"Resource":["*","arn:aws:s3:::b","arn:aws:sqs:eu-west-1:111122223333:q","arn:aws:ec2:*:*:image/ami-1"]`, nil, "images may have none"},
		{"any-account", `"Resource":"arn:aws:sqs:*:*:q","Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}`, nil, "the condition names it"},
		{"any-account", `"Effect":"Deny","Resource":"arn:aws:sqs:*:*:q"`, nil, "a Deny ought to be wide"},
		{"missing-arn-account", `"Resource":"arn:aws:sqs:eu-west-1::q"`, []string{`2:12 "arn:aws:sqs:eu-west-1::q" has no account, and resources of this type have one`}, ""},
		{"missing-arn-account", `"Resource":["arn:aws:ssm:eu-west-1::document/AWS-RunShellScript","arn:aws:ec2:eu-west-1::image/ami-1"]`, nil, "what AWS owns has no account"},
	})
}
