package lint_test

import "testing"

func TestKeys(t *testing.T) {
	runCases(t, []textCase{
		{"invalid-condition-key", `"Condition":{"StringEquals":{"SourceIp":"a","aws:":"a","aws:x y":"a"}}`, []string{
			`2:30 "SourceIp" is not of the form service:key`, `2:45 "aws:" is not of the form service:key`, `2:56 "aws:x y" is not of the form service:key`,
		}, ""},
		{"invalid-condition-key", `"Condition":{"StringEquals":{"kms:EncryptionContext:aws:s3:arn":"a"}}`, nil, ""},
		{"unknown-condition-key", `"Condition":{"StringEquals":{"aws:SourceVcp":"a","s3:prefx":"a","nosuch:Key":"a"}}`, []string{
			`2:30 there is no condition key "aws:SourceVcp": did you mean aws:SourceVpc?`,
			`2:50 there is no condition key "s3:prefx": did you mean s3:prefix?`, `2:65 there is no condition key "nosuch:Key"`,
		}, ""},
		{"unknown-condition-key", `"Condition":{"StringEquals":{"AWS:sourcevpc":"a","S3:Prefix":"a","saml:aud":"a","my.idp.example:sub":"a","lambda:SourceFunctionArn":"a"}}`, nil,
			"case does not matter, identity providers name keys as they like, some services' keys are in all requests"},
		{"unknown-condition-key", `"Condition":{"StringEquals":{"aws:ResourceTag/a b/c":"a","secretsmanager:ResourceTag/x":"a","s3:ExistingObjectTag/x":"a"}}`, nil, "tags have any name"},
		{"unknown-condition-key", `"Condition":{"StringEquals":{"aws:ResourceTags/team":"a","s3:x-amz-acll":"a"}}`, []string{
			`2:30 there is no condition key "aws:ResourceTags/team": did you mean aws:ResourceTag/${TagKey}?`,
			`2:58 there is no condition key "s3:x-amz-acll": did you mean s3:x-amz-acl?`,
		}, ""},
		{"deprecated-condition-key", `"Condition":{"ArnLike":{"aws:arn":"a"}}`, []string{`2:25 "aws:arn" is not supported: use aws:PrincipalArn or aws:SourceArn`}, ""},
		{"deprecated-condition-key", `"Condition":{"ArnLike":{"aws:PrincipalArn":"a"}}`, nil, ""},
		{"missing-tag-key", `"Condition":{"StringEquals":{"aws:ResourceTag":"a","aws:RequestTag/":"a"}}`, []string{
			`2:30 "aws:ResourceTag" does not name a tag: write aws:ResourceTag/ and the tag's key`,
			`2:52 "aws:RequestTag/" does not name a tag: write aws:RequestTag/ and the tag's key`,
		}, ""},
		{"missing-tag-key", `"Condition":{"StringEquals":{"aws:ResourceTag/x":"a","aws:TagKeys":"a","s3:prefix":"a"}}`, nil, ""},
		{"condition-key-without-action", `"Condition":{"StringEquals":{"s3:prefix":"a"}}`, []string{`2:30 no action of the statement supports "s3:prefix"`}, "s3:GetObject does not"},
		{"condition-key-without-action", `"Action":["s3:List*","s3:GetObject"],"Condition":{"StringEquals":{"s3:prefix":"a"}}`, nil, "what the wildcard stands for does"},
		{"condition-key-without-action", `"NotAction":"iam:*","Condition":{"StringEquals":{"s3:prefix":"a"}}`, nil, ""},
		{"unsupported-condition-key", `"Action":["s3:ListBucket","s3:GetObject"],"Condition":{"StringEquals":{"s3:prefix":"a"}}`, []string{`2:72 "s3:prefix" is not supported by s3:GetObject`}, ""},
		{"unsupported-condition-key", `"Action":["s3:ListBucket","s3:GetObject"],"Condition":{"StringEqualsIfExists":{"s3:prefix":"a"},"StringEquals":{"aws:SourceVpc":"a"}}`, nil,
			"IfExists says that the key may be missing, and keys of all requests are supported by all"},
		{"unsupported-condition-key", `"Action":["ec2:StartInstances","ec2:StopInstances"],"Condition":{"StringEquals":{"ec2:ResourceTag/x":"a"}}`, nil, "the key belongs to the resource type"},
		{"unsupported-condition-key", `"Action":"sts:AssumeRole","Condition":{"StringEquals":{"iam:ResourceTag/x":"a"}}`, nil, "a service may support another's key"},
	})
}

func TestOperators(t *testing.T) {
	runCases(t, []textCase{
		{"unknown-operator", `"Condition":{"StringMatches":{"aws:userid":"a"},"stringequals":{"aws:userid":"a"}}`, []string{
			`2:14 there is no condition operator "StringMatches"`, `2:49 there is no condition operator "stringequals"`,
		}, ""},
		{"unknown-operator", `"Condition":{"ForAnyValue:StringNotLikeIfExists":{"aws:TagKeys":"a"},"NullIfExists":{"aws:userid":"true"}}`, nil, ""},
		{"null-if-exists", `"Condition":{"NullIfExists":{"aws:userid":"true"}}`, []string{`2:14 "NullIfExists": Null takes no IfExists`}, ""},
		{"null-if-exists", `"Condition":{"BoolIfExists":{"aws:SecureTransport":"true"}}`, nil, ""},
		{"null-with-qualifier", `"Condition":{"ForAllValues:Null":{"aws:TagKeys":"true"},"ForAnyValue:Null":{"aws:TagKeys":"true"}}`, []string{
			`2:35 "ForAllValues:Null" is always true`, `2:77 "ForAnyValue:Null" is always false`,
		}, ""},
		{"null-with-qualifier", `"Condition":{"Null":{"aws:TagKeys":"true"}}`, nil, ""},
		{"missing-qualifier", `"Condition":{"StringEquals":{"aws:TagKeys":"a"}}`, []string{`2:30 "aws:TagKeys" has many values: StringEquals needs ForAnyValue or ForAllValues`}, ""},
		{"missing-qualifier", `"Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"false"}}`, nil, ""},
		{"forallvalues-single-value", `"Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1"}}`, []string{
			`2:43 "aws:PrincipalOrgID" has one value: ForAllValues holds for every request without it`,
		}, ""},
		{"forallvalues-single-value", `"Effect":"Deny","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1"}}`, nil, "a Deny errs on the safe side"},
		{"forallvalues-single-value", `"Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1"},"Null":{"aws:PrincipalOrgID":"false"}}`, nil, "the key has to be there"},
		{"forallvalues-single-value", `"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}`, nil, ""},
		{"forallvalues-single-value", `"Condition":{"ForAllValues:StringEquals":{"my.idp.example:groups":"a"}}`, nil, "what providers say may have many values"},
		{"operator-mismatch", `"Condition":{"StringEquals":{"aws:SecureTransport":"true"},"NumericEquals":{"aws:userid":"1"},"StringLike":{"aws:SourceIp":"10.*"}}`, []string{
			`2:30 "aws:SecureTransport" is of type Bool, and StringEquals is for another`,
			`2:77 "aws:userid" is of type String, and NumericEquals is for another`,
			`2:109 "aws:SourceIp" is of type IPAddress, and StringLike is for another`,
		}, ""},
		{"operator-mismatch", `"Condition":{"StringEquals":{"aws:PrincipalArn":"a"},"NumericLessThan":{"aws:EpochTime":"1","aws:MultiFactorAuthAge":"1"},"DateLessThan":{"aws:CurrentTime":"2026"},"ArnLike":{"aws:ResourceTag/x":"a"},"Null":{"aws:SourceIp":"true"}}`, nil,
			"an ARN is text too, the time may be seconds, a tag may be an ARN, and Null is for all types"},
		{"stringlike-on-arn", `"Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`, []string{`2:28 "aws:PrincipalArn" is an ARN: use ArnLike in place of StringLike`}, ""},
		{"stringlike-on-arn", `"Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/${aws:username}"},"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}`, nil, "without a wildcard the two are equal"},
	})
}

func TestValues(t *testing.T) {
	runCases(t, []textCase{
		{"mixed-value-types", `"Condition":{"NumericEquals":{"s3:max-keys":["1",2,3]}}`, []string{`2:50 "2" is a number, and the value before it a string`}, "one finding a key"},
		{"mixed-value-types", `"Condition":{"NumericEquals":{"s3:max-keys":[1,2]}}`, nil, ""},
		{"several-booleans", `"Condition":{"Bool":{"aws:SecureTransport":["true","false"]}}`, []string{`2:22 "aws:SecureTransport" is compared with 2 Booleans, and takes one`}, ""},
		{"several-booleans", `"Condition":{"Bool":{"aws:SecureTransport":["true"]}}`, nil, ""},
		{"invalid-boolean", `"Condition":{"Bool":{"aws:SecureTransport":"yes"},"Null":{"aws:userid":"no"}}`, []string{`2:44 "yes" is neither true nor false`, `2:72 "no" is neither true nor false`}, ""},
		{"invalid-boolean", `"Condition":{"Bool":{"aws:SecureTransport":"True"},"Null":{"aws:userid":true}}`, nil, ""},
		{"invalid-number", `"Condition":{"NumericLessThan":{"s3:max-keys":"ten"}}`, []string{`2:47 "ten" is no number`}, ""},
		{"invalid-number", `"Condition":{"NumericLessThan":{"s3:max-keys":["10",1e3,"-1.5"]}}`, nil, ""},
		{"invalid-date", `"Condition":{"DateLessThan":{"aws:CurrentTime":["2026-13-01","tomorrow"]}}`, []string{`2:49 "2026-13-01" is no date`, `2:62 "tomorrow" is no date`}, ""},
		{"invalid-date", `"Condition":{"DateLessThan":{"aws:CurrentTime":["2026","2026-01-31","2026-01-31T12:00:00Z","1700000000"]}}`, nil, ""},
		{"epoch-date", `"Condition":{"DateLessThan":{"aws:CurrentTime":"1700000000"}}`, []string{`2:48 "1700000000" is a date in seconds: write it as 2026-01-31T12:00:00Z`}, ""},
		{"epoch-date", `"Condition":{"DateLessThan":{"aws:CurrentTime":["2026","2026-01-31","tomorrow"]}}`, nil, "four digits are a year"},
		{"invalid-binary", `"Condition":{"BinaryEquals":{"aws:userid":"a"}}`, []string{`2:43 "a" is not base64`}, ""},
		{"invalid-binary", `"Condition":{"BinaryEquals":{"aws:userid":"YQ=="}}`, nil, ""},
		{"wildcard-without-like", `"Condition":{"StringEquals":{"aws:userid":["a*","b?","c"]}}`, []string{
			`2:44 StringEquals takes "a*" literally: StringLike knows wildcards`, `2:49 StringEquals takes "b?" literally: StringLike knows wildcards`,
		}, ""},
		{"wildcard-without-like", `"Condition":{"StringEquals":{"aws:userid":"a${*}"},"StringLike":{"aws:userid":"a*"},"ArnEquals":{"aws:PrincipalArn":"*"}}`, nil, "it is escaped, or a wildcard: ArnEquals is ArnLike"},
	})
}

func TestNetworks(t *testing.T) {
	runCases(t, []textCase{
		{"invalid-ip-range", `"Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/33","203.0.113","*"]}}`, []string{
			`2:43 "203.0.113.0/33" is neither an IP address nor a network`, `2:60 "203.0.113" is neither an IP address nor a network`,
			`2:72 "*" is neither an IP address nor a network`,
		}, ""},
		{"invalid-ip-range", `"Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.7","2001:db8::/32","::1"]}}`, nil, ""},
		{"host-bits", `"Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.7/24","2001:db8::1/32"]}}`, []string{
			`2:43 "203.0.113.7/24" has bits set after its mask: write 203.0.113.0/24`, `2:60 "2001:db8::1/32" has bits set after its mask: write 2001:db8::/32`,
		}, ""},
		{"host-bits", `"Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.7"]}}`, nil, ""},
		{"private-source-ip", `"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.1.1"]}}`, []string{`2:27 aws:SourceIp is compared with only private networks: it is always a public address`}, ""},
		{"private-source-ip", `"Effect":"Deny","Condition":{"NotIpAddress":{"aws:SourceIp":"172.16.0.0/12"}}`, []string{`2:46 aws:SourceIp is compared with only private networks: it is always a public address`}, ""},
		{"private-source-ip", `"Condition":{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8","aws:SourceIp":["8.0.0.0/5","0.0.0.0/0"]}}`, nil, "the address within a VPC is private, and wider networks hold public addresses"},
		{"some-private-source-ip", `"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}`, []string{`2:27 aws:SourceIp is compared with some private networks, which have no effect`}, ""},
		{"some-private-source-ip", `"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}`, nil, "that is the other rule"},
	})
}
