package lint_test

import "testing"

const (
	assumeAny  = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	lambdaRole = `"arn:aws:iam::111122223333:role/lambda-orders"`
	anyRole    = `"arn:aws:iam::111122223333:role/*"`
)

func TestRoles(t *testing.T) {
	const pass, create = "pass-any-role", "create-any-service-linked-role"
	checkCases(t, []ruleCase{
		{"by name on a star", pass, statements(allow(`"iam:PassRole"`, `"*"`)), []string{"security Resource *"}, "by name"},
		{"by a wildcard", pass, statements(allow(`"iam:P*"`, `"*"`)), []string{"security Resource *"}, `by "iam:P*"`},
		{"all roles of the account", pass, statements(allow(`"iam:passrole"`, anyRole)), []string{`security Resource arn:aws:iam::111122223333:role/*`}, ""},
		{"all roles of any account", pass, statements(allow(`"iam:PassRole"`, `"arn:aws:iam::*:role/*"`)), []string{`security Resource arn:aws:iam::*:role/*`}, ""},
		{"NotResource", pass, statements(`{"Effect":"Allow","Action":"iam:*","NotResource":"arn:aws:iam::111122223333:role/admin"}`), []string{"security Action iam:*"}, "all roles but those of NotResource"},
		{"NotAction", pass, statements(`{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}`), []string{"security Resource *"}, "NotAction does not name it"},
		{"NotAction that names it", pass, statements(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`), nil, ""},
		{"role/Service*", pass, statements(allow(`"iam:PassRole"`, `"arn:aws:iam::111122223333:role/Service*"`)), nil, ""},
		{"one role", pass, statements(allow(`"iam:PassRole"`, lambdaRole)), nil, ""},
		{"to one service", pass, statements(allowIf(`"iam:PassRole"`, `"*"`, `{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}`)), nil, ""},
		{"to whatever service", pass, statements(allowIf(`"iam:PassRole"`, `"*"`, `{"StringLike":{"iam:PassedToService":"*"}}`)), []string{"security Resource *"}, ""},
		{"to all but one service", pass, statements(allowIf(`"iam:PassRole"`, `"*"`, `{"StringNotEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}`)), []string{"security Resource *"}, ""},
		{"NotResource that leaves nothing", pass, statements(`{"Effect":"Allow","Action":"iam:*","NotResource":"*"}`), nil, ""},
		{"denied", pass, statements(allow(`"iam:PassRole"`, `"*"`), deny(`"iam:*"`, `"*"`)), nil, ""},
		{"denied on all roles", pass, statements(allow(`"iam:PassRole"`, `"*"`), deny(`"iam:PassRole"`, `"arn:aws:iam::*:role/*"`)), nil, ""},
		{"denied for one role", pass, statements(allow(`"iam:PassRole"`, `"*"`), deny(`"iam:PassRole"`, lambdaRole)), []string{"security Resource *"}, ""},
		{"administrators", pass, statements(allow(`"*"`, `"*"`)), nil, ""},
		{"bucket", pass, statements(allow(`"iam:*"`, `"arn:aws:s3:::b"`)), nil, ""},

		{"on a star", create, statements(allow(`"iam:CreateServiceLinkedRole"`, `"*"`)), []string{"warning Resource *"}, "by name"},
		{"all services' roles", create, statements(allow(`"iam:CreateServiceLinkedRole"`, `"arn:aws:iam::*:role/aws-service-role/*"`)), []string{"warning Resource arn:aws:iam::*:role/aws-service-role/*"}, ""},
		{"one service's roles", create, statements(allow(`"iam:CreateServiceLinkedRole"`, `"arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*"`)), nil, ""},
		{"for one service", create, statements(allowIf(`"iam:CreateServiceLinkedRole"`, `"*"`, `{"StringLike":{"iam:AWSServiceName":"ecs.amazonaws.com"}}`)), nil, ""},
	})
}

func TestEscalation(t *testing.T) {
	const rule = "privilege-escalation"
	passTo := func(service string) string {
		return allowIf(`"iam:PassRole"`, `"*"`, `{"StringEquals":{"iam:PassedToService":"`+service+`"}}`)
	}
	const code = `["lambda:CreateFunction","lambda:InvokeFunction"]`
	checkCases(t, []ruleCase{
		{"own policy", rule, statements(allow(`"iam:PutRolePolicy"`, `"*"`)), []string{"security Action iam:PutRolePolicy"}, "(iam-005): iam:PutRolePolicy allowed by statement 1; a way up if the role is the one that has this policy"},
		{"policy of a named role", rule, statements(allow(`"iam:PutRolePolicy"`, lambdaRole)), []string{"warning Action iam:PutRolePolicy"}, "on " + lambdaRole},
		{"on what it cannot act on", rule, statements(allow(`"iam:PutRolePolicy"`, `"arn:aws:iam::111122223333:user/*"`)), nil, ""},
		{"under a condition", rule, statements(allowIf(`"iam:AttachRolePolicy"`, `"*"`, `{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`)), []string{"warning Action iam:AttachRolePolicy"}, `under conditions on "iam:PolicyARN"`},
		{"on one role and under a condition", rule, statements(allowIf(`"iam:AttachRolePolicy"`, lambdaRole, `{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}`)), []string{"suggestion Action iam:AttachRolePolicy"}, ""},
		{"the longer path goes with the shorter", rule, statements(allow(`["iam:PutRolePolicy","iam:UpdateAssumeRolePolicy"]`, `"*"`)), []string{"security Action iam:PutRolePolicy", "security Action iam:UpdateAssumeRolePolicy"}, "(and so iam-021)"},
		{"denied", rule, statements(allow(`"iam:PutRolePolicy"`, `"*"`), deny(`"iam:Put*"`, `"*"`)), nil, ""},
		{"denied but for others", rule, statements(allow(`"iam:PutRolePolicy"`, `"*"`), `{"Effect":"Deny","NotAction":["s3:*","lambda:*"],"Resource":"*"}`), nil, ""},
		{"denied under a condition", rule, statements(allow(`"iam:PutRolePolicy"`, `"*"`), `{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`), []string{"security Action iam:PutRolePolicy"}, ""},
		{"denied elsewhere", rule, statements(allow(`"iam:PutRolePolicy"`, lambdaRole), deny(`"iam:*"`, `"arn:aws:iam::111122223333:role/admin"`)), []string{"warning Action iam:PutRolePolicy"}, ""},
		{"denied on all but another", rule, statements(allow(`"iam:PutRolePolicy"`, lambdaRole), `{"Effect":"Deny","Action":"iam:*","NotResource":"arn:aws:iam::111122223333:role/admin"}`), nil, ""},
		{"NotAction", rule, statements(`{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*","ec2:*","sagemaker:*","bedrock-agentcore:*","lambda:*","glue:*","cloudformation:*","ecs:*","codebuild:*","ssm:*","sts:*","apprunner:*","ec2-instance-connect:*"],"Resource":"*"}`), nil, ""},
		{"NotAction that leaves one", rule, statements(`{"Effect":"Allow","NotAction":["organizations:*","account:*","ec2:*","sagemaker:*","bedrock-agentcore:*","lambda:*","cloudformation:*","ecs:*","codebuild:*","ssm:*","sts:*","apprunner:*","ec2-instance-connect:*","iam:*"],"Resource":"*"}`), []string{"security NotAction"}, "glue-002"},

		{"many ways by one pattern", rule, statements(allow(`"iam:*"`, `"*"`)), []string{"security Action iam:*"}, "17 published ways to more rights are open, by statement 1: New default version of an attached policy (iam-001); Older"},

		{"a role for Lambda", rule, statements(allow(`"iam:PassRole"`, `"*"`), allow(code, `"*"`)), []string{"security Action lambda:CreateFunction"}, "(lambda-001): iam:PassRole, lambda:CreateFunction and lambda:InvokeFunction allowed by statement 1 and statement 2"},
		{"to Lambda alone", rule, statements(passTo("lambda.amazonaws.com"), allow(code, `"*"`)), []string{"security Action lambda:CreateFunction"}, ""},
		{"to another service", rule, statements(passTo("ec2.amazonaws.com"), allow(code, `"*"`)), nil, ""},
		{"denied for Lambda", rule, statements(allow(`"iam:PassRole"`, `"*"`), allow(code, `"*"`), `{"Effect":"Deny","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`), nil, ""},
		{"a role", rule, statements(allow(`"iam:PassRole"`, lambdaRole), allow(code, `"*"`)), []string{"warning Action lambda:CreateFunction"}, "on " + lambdaRole},
		{"no role", rule, statements(allow(code, `"*"`)), nil, ""},
		{"a way with alternatives", rule, statements(allow(`["iam:PassRole","autoscaling:CreateAutoScalingGroup","autoscaling:CreateLaunchConfiguration"]`, `"*"`)), []string{"security Action autoscaling:CreateAutoScalingGroup"}, "(autoscaling-launch)"},

		{"on one and the same role", rule, statements(allow(`"iam:AttachRolePolicy"`, `"arn:aws:iam::111122223333:role/a"`), allow(`"iam:UpdateAssumeRolePolicy"`, `"arn:aws:iam::111122223333:role/b"`)), []string{"warning Action iam:AttachRolePolicy", "warning Action iam:UpdateAssumeRolePolicy"}, "(iam-009)"},
		{"the code and start of two functions", rule, statements(allow(`"ec2:ModifyInstanceAttribute"`, `"arn:aws:ec2:us-east-1:111122223333:instance/i-0a"`), allow(`["ec2:StartInstances","ec2:StopInstances"]`, `"arn:aws:ec2:us-east-1:111122223333:instance/i-0b"`)), nil, ""},
		{"a path that depends, on all", rule, statements(assumeAny), []string{"warning Action sts:AssumeRole"}, "(sts-001)"},
		{"a path that depends, on one", rule, statements(allow(`"sts:AssumeRole"`, `"arn:aws:iam::444455556666:role/reader"`)), nil, ""},
		{"administrators", rule, statements(allow(`"*"`, `"*"`)), nil, ""},
		{"administrators", "administrator-access", statements(allow(`"*"`, `"*"`)), []string{"security"}, "administrator access: 73 of 73 published ways"},
		{"administrators without IAM", "administrator-access", statements(allow(`"*"`, `"*"`), deny(`"iam:*"`, `"*"`)), []string{"security"}, "administrator access: 2"},
		{"administrators of a kind", "administrator-access", statements(allowIf(`"*"`, `"*"`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)), nil, ""},
		{"all actions on a bucket", "administrator-access", statements(allow(`"*"`, `"arn:aws:s3:::b"`)), nil, ""},
	})
}

func TestExposure(t *testing.T) {
	const keys, data = "credential-exposure", "data-read-at-scale"
	checkCases(t, []ruleCase{
		{"a user's keys", keys, statements(allow(`"iam:CreateAccessKey"`, `"*"`)), []string{"security Action iam:CreateAccessKey"}, "hands out credentials"},
		{"one user's", keys, statements(allow(`"iam:CreateAccessKey"`, `"arn:aws:iam::111122223333:user/ci"`)), nil, ""},
		{"one's own", keys, statements(allow(`"iam:CreateAccessKey"`, `"arn:aws:iam::*:user/${aws:username}"`)), nil, ""},
		{"a registry's token", keys, statements(allow(`"ecr:GetAuthorizationToken"`, `"*"`)), []string{"suggestion Action ecr:GetAuthorizationToken"}, "a token for what the caller may do"},
		{"a change token is none", keys, statements(allow(`["waf:GetChangeToken","waf-regional:GetChangeToken"]`, `"*"`)), nil, ""},
		{"by a wildcard", keys, statements(allow(`"sts:Assume*"`, `"*"`)), []string{"security Action sts:Assume*"}, "sts:AssumeRole, sts:AssumeRoleWithSAML and sts:AssumeRoleWithWebIdentity"},
		{"denied", keys, statements(assumeAny, deny(`"sts:*"`, `"*"`)), nil, ""},
		{"under a condition", keys, statements(allowIf(`"sts:AssumeRole"`, `"*"`, `{"StringEquals":{"aws:SourceVpc":"vpc-12345678"}}`)), []string{"warning Action sts:AssumeRole"}, ""},
		{"with a tag", keys, statements(allowIf(`"sts:AssumeRole"`, `"*"`, `{"StringEquals":{"aws:ResourceTag/team":"a"}}`)), nil, ""},
		{"all objects", data, statements(allow(`"s3:Get*"`, `"*"`)), []string{"security Action s3:Get*"}, "s3:GetObject"},
		{"all secrets of the account", data, statements(allow(`"secretsmanager:GetSecretValue"`, `"arn:aws:secretsmanager:us-east-1:111122223333:secret:*"`)), []string{"security Action secretsmanager:GetSecretValue"}, "reads all that there is"},
		{"one bucket", data, statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::b/*"`)), nil, ""},
		{"one path", data, statements(allow(`"ssm:GetParameter"`, `"arn:aws:ssm:us-east-1:111122223333:parameter/app/*"`)), nil, ""},
		{"administrators", data, statements(allow(`"*"`, `"*"`)), nil, ""},
	})
}
