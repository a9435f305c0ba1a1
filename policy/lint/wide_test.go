package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/lint"
)

// A ruleCase is one policy and what one rule says of it.
type ruleCase struct {
	reason string
	rule   string
	policy string
	// want are the findings as "severity element value", or what of them the case is about.
	want []string
	// message is in that of the first finding.
	message string
}

// statements makes a policy of the text of its statements.
func statements(texts ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(texts, ",") + `]}`
}

func allow(actions, resources string) string {
	return `{"Effect":"Allow","Action":` + actions + `,"Resource":` + resources + `}`
}

func allowIf(actions, resources, condition string) string {
	return `{"Effect":"Allow","Action":` + actions + `,"Resource":` + resources + `,"Condition":` + condition + `}`
}

func deny(actions, resources string) string {
	return `{"Effect":"Deny","Action":` + actions + `,"Resource":` + resources + `}`
}

func checkCases(t *testing.T, cases []ruleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.rule+"/"+c.reason, func(t *testing.T) {
			if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == c.rule }) {
				t.Fatalf("there is no rule %s", c.rule)
			}
			var got []string
			message := ""
			for _, f := range lint.Check(lint.Input{Text: []byte(c.policy)}) {
				if f.Rule != c.rule {
					continue
				}
				if !slices.IsSortedFunc(f.Actions, policy.CompareActions) {
					t.Errorf("the actions are not sorted: %q", f.Actions)
				}
				if f.Pos.Line != 1 || f.Value != "" && !strings.HasPrefix(c.policy[f.Pos.Column-1:], `"`+f.Value) {
					t.Errorf("%q is not at %s", f.Value, f.Pos)
				}
				if message == "" {
					message = f.Message
				}
				got = append(got, strings.TrimSpace(strings.Join([]string{string(f.Severity), f.Element, f.Value}, " ")))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if !strings.Contains(message, c.message) {
				t.Errorf("the message %q does not say %q", message, c.message)
			}
		})
	}
}

func TestWildcards(t *testing.T) {
	checkCases(t, []ruleCase{
		{"a star", "all-actions", statements(allow(`"*"`, `"*"`)), []string{"security Action *"}, "manage permissions"},
		{"two stars", "all-actions", statements(allow(`"*:*"`, `"*"`)), []string{"security Action *:*"}, ""},
		{"in a Deny", "all-actions", statements(deny(`"*"`, `"*"`)), nil, ""},
		{"a service is not all", "all-actions", statements(allow(`"s3:*"`, `"*"`)), nil, ""},
		{"manages permissions", "service-wildcard", statements(allow(`["s3:*","s3:**"]`, `"*"`)), []string{"security Action s3:*", "security Action s3:**"}, "manage permissions"},
		{"writes", "service-wildcard", statements(allow(`"account:*"`, `"*"`)), []string{"warning Action account:*"}, "write"},
		{"reads", "service-wildcard", statements(allow(`"pricing:*"`, `"*"`)), []string{"suggestion Action pricing:*"}, "all only read"},
		{"part of a service", "service-wildcard", statements(allow(`"s3:G*"`, `"*"`)), nil, ""},
		{"writes", "wildcard-action", statements(allow(`"dynamodb:Put*"`, `"*"`)), []string{"warning Action dynamodb:Put*"}, "write"},
		{"reads", "wildcard-action", statements(allow(`["dynamodb:Describe*","s3:GetObject"]`, `"*"`)), []string{"suggestion Action dynamodb:Describe*"}, "all only read"},
		{"question mark", "wildcard-action", statements(allow(`"s3:GetObjec?"`, `"*"`)), []string{"suggestion Action s3:GetObjec?"}, "1 action today"},
		{"in a Deny", "wildcard-action", statements(deny(`"s3:Put*"`, `"*"`)), nil, ""},
		{"in NotAction", "wildcard-action", statements(`{"Effect":"Allow","NotAction":"s3:Put*","Resource":"*"}`), nil, ""},
		{"prefix", "wildcard-in-service", statements(allow(`["s*:GetObject","*:*"]`, `"*"`)), []string{"suggestion Action s*:GetObject"}, "service"},
		{"name", "wildcard-in-service", statements(allow(`["s3:*","*"]`, `"*"`)), nil, ""},
	})
}

func TestExcept(t *testing.T) {
	checkCases(t, []ruleCase{
		{"Allow", "allow-not-action", statements(`{"Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*"}`), []string{"security NotAction"}, fmt.Sprintf(" in %d services", reference.ServiceCount-2)},
		{"Deny", "allow-not-action", statements(`{"Effect":"Deny","NotAction":["iam:*"],"Resource":"*"}`), nil, ""},
		{"Allow", "allow-not-resource", statements(`{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::a/*"}`), []string{"security NotResource"}, `on all resources but "arn:aws:s3:::a/*"`},
		{"Deny", "allow-not-resource", statements(`{"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::a/*"}`), nil, ""},
	})
}

func TestUnknownActions(t *testing.T) {
	checkCases(t, []ruleCase{
		{"misspelt service", "unknown-service", statements(allow(`"dynamdb:GetItem"`, `"*"`)), []string{"error Action dynamdb:GetItem"}, "did you mean dynamodb?"},
		{"name of the SDK", "unknown-service", statements(allow(`"stepfunctions:StartExecution"`, `"*"`)), []string{"error Action stepfunctions:StartExecution"}, "did you mean states?"},
		{"no service like it", "unknown-service", statements(allow(`"zzzzzzzz:Get"`, `"*"`)), []string{"error Action zzzzzzzz:Get"}, `no service has the prefix "zzzzzzzz"`},
		{"case", "unknown-service", statements(allow(`"S3:getobject"`, `"*"`)), nil, ""},
		{"misspelt action", "unknown-action", statements(allow(`"s3:GetObejct"`, `"*"`)), []string{"error Action s3:GetObejct"}, "did you mean s3:GetObject?"},
		{"operation HeadObject", "unknown-action", statements(allow(`"s3:HeadObject"`, `"*"`)), []string{"error Action s3:HeadObject"}, "it is an API operation, and its permission is s3:GetObject"},
		{"operation ListObjectsV2", "unknown-action", statements(allow(`"s3:listobjectsv2"`, `"*"`)), []string{"error Action s3:listobjectsv2"}, "its permission is s3:ListBucket"},
		{"operation ListBuckets", "unknown-action", statements(allow(`"s3:ListBuckets"`, `"*"`)), []string{"error Action s3:ListBuckets"}, "its permission is s3:ListAllMyBuckets"},
		{"of another service", "unknown-action", statements(allow(`"s3:ReceiveMessage"`, `"*"`)), []string{"error Action s3:ReceiveMessage"}, "there is sqs:ReceiveMessage"},
		{"in NotAction of a Deny", "unknown-action", statements(`{"Effect":"Deny","NotAction":"s3:GetObjects","Resource":"*"}`), []string{"error NotAction s3:GetObjects"}, "did you mean s3:GetObject?"},
		{"known", "unknown-action", statements(allow(`["s3:GetObject","s3:Get*","*"]`, `"*"`)), nil, ""},
		{"no service", "action-without-service", statements(allow(`["*GetObject","foo"]`, `"*"`)), []string{"error Action *GetObject", "error Action foo"}, "has no service before it"},
		{"every action", "action-without-service", statements(allow(`["*","s3:*"]`, `"*"`)), nil, ""},
		{"wildcard", "action-matches-nothing", statements(allow(`"s3:Gett*"`, `"*"`)), []string{"error Action s3:Gett*"}, "no action of Amazon S3 matches"},
		{"wildcard service", "action-matches-nothing", statements(allow(`"zz*:Get*"`, `"*"`)), []string{"error Action zz*:Get*"}, "no action of any service matches"},
		{"wildcard that matches", "action-matches-nothing", statements(allow(`["s3:Get*","*:GetItem"]`, `"*"`)), nil, ""},
	})
}

func TestActionsAndResources(t *testing.T) {
	const rule, other = "action-not-on-resource", "resource-without-action"
	checkCases(t, []ruleCase{
		{"bucket action on objects", rule, statements(allow(`"s3:ListBucket"`, `"arn:aws:s3:::b/*"`)), []string{"warning Action s3:ListBucket"}, "the form arn:${Partition}:s3:"},
		{"object action on a bucket", rule, statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::b"`)), []string{"warning Action s3:GetObject"}, "${BucketName}/${ObjectName}"},
		{"object action on a pattern of buckets", rule, statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::b*"`)), nil, ""},
		{"both in one statement", rule, statements(allow(`["s3:ListBucket","s3:GetObject"]`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`)), nil, ""},
		{"some of a wildcard's actions fit", rule, statements(allow(`"s3:*"`, `"arn:aws:s3:::b"`)), nil, ""},
		{"none of a wildcard's actions fits", rule, statements(allow(`"sqs:*"`, `"arn:aws:s3:::b"`)), []string{"warning Action sqs:*"}, ""},
		{"no resource", rule, statements(allow(`"s3:ListAllMyBuckets"`, `"arn:aws:s3:::*"`)), []string{"warning Action s3:ListAllMyBuckets"}, "takes no resource"},
		{"no resource, on a star", rule, statements(allow(`["s3:ListAllMyBuckets","xray:PutTraceSegments"]`, `["arn:aws:s3:::b","*"]`)), nil, ""},
		{"many without a resource are one finding", rule, statements(allow(`["ec2:DescribeInstances","ec2:DescribeVpcs","ec2:DescribeSubnets","ec2:DescribeRegions"]`, `"arn:aws:ec2:us-east-1:111122223333:vpc/*"`)),
			[]string{"warning Action ec2:DescribeInstances"}, "4 actions take no resource"},
		{"a Deny that does nothing", rule, statements(deny(`"s3:DeleteObject"`, `"arn:aws:s3:::b"`)), []string{"warning Action s3:DeleteObject"}, "does not deny it"},
		{"a task definition without revision", rule, statements(allow(`"ecs:RunTask"`, `"arn:aws:ecs:us-east-1:111122223333:task-definition/web"`)), []string{"warning Action ecs:RunTask"}, ""},
		{"a log group for its streams", rule, statements(allow(`"logs:PutLogEvents"`, `"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f"`)), []string{"warning Action logs:PutLogEvents"}, ""},
		{"a log group with a star", rule, statements(allow(`["logs:PutLogEvents","logs:CreateLogGroup"]`, `"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*"`)), nil, ""},
		{"the reference lacks the resource", rule, statements(allow(`"logs:DescribeLogGroups"`, `"arn:aws:logs:*:*:log-group:*"`)), nil, ""},
		{"parliament 3: not all resource types in one statement", rule, statements(allow(`"ec2:RunInstances"`, `"arn:aws:ec2:*:111122223333:instance/*"`)), nil, ""},
		{"parliament 208: one of the required types elsewhere", rule, statements(allow(`"ec2:CreateTags"`, `"arn:aws:ec2:us-east-1:111122223333:volume/*"`), allow(`"ec2:AttachVolume"`, `"arn:aws:ec2:us-east-1:111122223333:instance/*"`)), nil, ""},
		{"parliament 10: formats with a path", rule, statements(allow(`"apigateway:GET"`, `"arn:aws:apigateway:us-east-1::/restapis/a1b2/*"`)), nil, ""},
		{"parliament 172: an ARN of a template", rule, statements(allow(`"s3:GetObject"`, `["arn:${AWS::Partition}:s3:::${Bucket}/*"]`), allow(`"sqs:SendMessage"`, `"${Queue.Arn}"`)), nil, ""},
		{"a name of a template that is of another service", rule, statements(allow(`"sqs:SendMessage"`, `"arn:${AWS::Partition}:s3:::${Bucket}/*"`)), []string{"warning Action sqs:SendMessage"}, ""},
		{"fewer fields", rule, statements(allow(`"sqs:SendMessage"`, `"arn:aws:sqs:*"`)), nil, ""},
		{"a star that runs on", rule, statements(allow(`"dynamodb:GetItem"`, `"arn:aws:dynamodb:*:table/orders"`)), nil, ""},
		{"fewer fields of another service", rule, statements(allow(`"sqs:SendMessage"`, `"arn:aws:s3:*"`)), []string{"warning Action sqs:SendMessage"}, ""},
		{"an unknown action", rule, statements(allow(`"s3:GetObjects"`, `"arn:aws:sqs:*:*:q"`)), nil, ""},
		{"the old name of a service", other, statements(allow(`"codeconnections:UseConnection"`, `["arn:aws:codestar-connections:*:*:connection/*","arn:aws:codeconnections:*:*:connection/*"]`)), nil, ""},

		{"of another service", other, statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/*","arn:aws:sqs:us-east-1:111122223333:q"]`)), []string{"warning Resource arn:aws:sqs:us-east-1:111122223333:q"}, "no action of the statement acts on"},
		{"a bucket without an action for it", other, statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/*","arn:aws:s3:::b"]`)), []string{"warning Resource arn:aws:s3:::b"}, ""},
		{"an unknown action may act on it", other, statements(allow(`["s3:GetObject","sqs:Sennd"]`, `["arn:aws:s3:::b/*","arn:aws:sqs:us-east-1:111122223333:q"]`)), nil, ""},
		{"beside a star", other, statements(allow(`"s3:GetObject"`, `["*","arn:aws:sqs:us-east-1:111122223333:q"]`)), nil, ""},
		{"NotAction", other, statements(`{"Effect":"Deny","NotAction":"s3:*","Resource":"arn:aws:s3:::b"}`), nil, ""},
	})
}

func TestUnscoped(t *testing.T) {
	checkCases(t, []ruleCase{
		{"a star", "unscoped-read", statements(allow(`"dynamodb:GetItem"`, `"*"`)), []string{"suggestion Resource *"}, "dynamodb:GetItem could be limited to arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"},
		{"a star", "unscoped-write", statements(allow(`["dynamodb:PutItem","dynamodb:DeleteItem","dynamodb:GetItem"]`, `"*"`)), []string{"warning Resource *"}, "2 actions could be limited"},
		{"a star", "unscoped-permissions-management", statements(allow(`"s3:PutBucketPolicy"`, `"*"`)), []string{"security Resource *"}, "s3:PutBucketPolicy"},
		{"only a star is possible", "unscoped-read", statements(allow(`["ecr:GetAuthorizationToken","ec2:DescribeInstances","s3:ListAllMyBuckets"]`, `"*"`)), nil, ""},
		{"only a star is possible", "unscoped-write", statements(allow(`["xray:PutTraceSegments","cloudwatch:PutMetricData"]`, `"*"`)), nil, ""},
		{"amounts to a star", "unscoped-write", statements(allow(`"s3:PutObject"`, `"arn:aws:s3:::*"`)), []string{"warning Resource arn:aws:s3:::*"}, ""},
		{"amounts to a star for objects", "unscoped-write", statements(allow(`"s3:PutObject"`, `"arn:aws:s3:::*/*"`)), []string{"warning Resource arn:aws:s3:::*/*"}, ""},
		{"all of a type in all accounts", "unscoped-write", statements(allow(`"sqs:SendMessage"`, `"arn:aws:sqs:*:*:*"`)), []string{"warning Resource arn:aws:sqs:*:*:*"}, ""},
		{"all of one account", "unscoped-write", statements(allow(`"sqs:SendMessage"`, `"arn:aws:sqs:us-east-1:111122223333:*"`)), nil, ""},
		{"all of one type that is needed", "unscoped-write", statements(allow(`"ec2:RunInstances"`, `["arn:aws:ec2:*:*:instance/*","arn:aws:ec2:*:*:volume/*"]`)), nil, ""},
		{"all of the types that are needed", "unscoped-write", statements(allow(`"ec2:RunInstances"`, `"arn:aws:ec2:*:*:*"`)), []string{"warning Resource arn:aws:ec2:*:*:*"}, ""},
		{"the one that is all", "unscoped-write", statements(allow(`"sqs:SendMessage"`, `["arn:aws:sqs:*:*:a*","arn:aws:sqs:*:*:*"]`)), []string{"warning Resource arn:aws:sqs:*:*:*"}, ""},
		{"a bucket", "unscoped-write", statements(allow(`"s3:PutObject"`, `"arn:aws:s3:::b/*"`)), nil, ""},
		{"tags of the resource", "unscoped-write", statements(allowIf(`"ec2:StopInstances"`, `"*"`, `{"StringEquals":{"ec2:ResourceTag/team":"a"}}`)), nil, ""},
		{"aws:ResourceTag", "unscoped-write", statements(allowIf(`"dynamodb:PutItem"`, `"*"`, `{"StringEquals":{"aws:resourcetag/team":"a"}}`)), nil, ""},
		{"the resource's account", "unscoped-write", statements(allowIf(`"s3:PutObject"`, `"*"`, `{"StringEquals":{"s3:ResourceAccount":"111122223333"}}`)), nil, ""},
		{"the account of any resource", "unscoped-write", statements(allowIf(`"kms:Decrypt"`, `"*"`, `{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}`)), nil, ""},
		{"a key's aliases", "unscoped-write", statements(allowIf(`"kms:Decrypt"`, `"*"`, `{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/a"}}`)), nil, ""},
		{"leading keys", "unscoped-read", statements(allowIf(`"dynamodb:Query"`, `"*"`, `{"ForAnyValue:StringEquals":{"dynamodb:LeadingKeys":"a"}}`)), nil, ""},
		{"a tag or none", "unscoped-write", statements(allowIf(`"dynamodb:PutItem"`, `"*"`, `{"StringEqualsIfExists":{"aws:ResourceTag/team":"a"}}`)), []string{"suggestion Resource *"}, "the conditions do not limit the resource"},
		{"any value", "unscoped-write", statements(allowIf(`"dynamodb:PutItem"`, `"*"`, `{"StringLike":{"aws:ResourceTag/team":"*"}}`)), []string{"suggestion Resource *"}, ""},
		{"not a tag", "unscoped-write", statements(allowIf(`"dynamodb:PutItem"`, `"*"`, `{"StringNotEquals":{"aws:ResourceTag/team":"a"}}`)), []string{"suggestion Resource *"}, ""},
		{"where the call comes from", "unscoped-write", statements(allowIf(`"dynamodb:PutItem"`, `"*"`, `{"StringEquals":{"aws:SourceVpce":"vpce-12345678"}}`)), []string{"suggestion Resource *"}, "the conditions do not limit the resource"},
		{"a role for a service", "unscoped-write", statements(allowIf(`"iam:PassRole"`, `"*"`, `{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}`)), []string{"suggestion Resource *"}, ""},
		{"new tags", "unscoped-write", statements(allowIf(`"ec2:RunInstances"`, `"*"`, `{"StringEquals":{"aws:RequestTag/team":"a"}}`)), []string{"suggestion Resource *"}, ""},
		{"a Deny", "unscoped-write", statements(deny(`"s3:PutObject"`, `"*"`)), nil, ""},
		{"all actions are another rule's matter", "unscoped-write", statements(allow(`"*"`, `"*"`)), nil, ""},
		{"a variable", "unscoped-write", statements(allow(`"s3:PutObject"`, `"arn:aws:s3:::${aws:PrincipalTag/team}"`)), nil, ""},
		{"a template's resource", "unscoped-write", statements(allow(`"s3:PutObject"`, `"${Bucket.Arn}"`)), nil, ""},
	})
}
