package trail

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOutcomeOf(t *testing.T) {
	for _, test := range []struct {
		code, message string
		want          Outcome
		reason        string
	}{
		{"", "", Authorised, "success"},
		{"NoSuchKey", "", Authorised, "S3 looked for the key"},
		{"NoSuchBucket", "The specified bucket does not exist", Inconclusive, "S3 says so to whoever calls"},
		{"NoSuchBucketPolicy", "The bucket policy does not exist", Authorised, "the bucket is there, and was looked at"},
		{"ResourceNotFoundException", "Requested resource not found", Authorised, ""},
		{"AWS.SimpleQueueService.NonExistentQueue", "", Inconclusive, "SQS's old spelling"},
		{"AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist or you do not have access to it.", Inconclusive, "with its message"},
		{"QueueDoesNotExist", "The specified queue does not exist.", Inconclusive, "the same in JSON"},
		{"QueueDoesNotExistException", "", Inconclusive, "with the suffix"},
		{"NotFoundException", "The topic does not exist or you do not have access to it.", Inconclusive, "the message leaves it open"},
		{"ResourceNotFoundException", "Stream not found, or not authorized", Inconclusive, "in other words"},
		{"ResourceNotFoundException", "It doesn't exist or you don't have permission to see it", Inconclusive, "in other words"},
		{"ResourceNotFoundException", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: x:Y", Denied, "a message that does not leave it open"},
		{"ConditionalCheckFailedException", "", Authorised, ""},
		{"TransactionCanceledException", "", Authorised, ""},
		{"ResourceConflictException", "", Authorised, ""},
		{"ResourceInUseException", "", Authorised, ""},
		{"EntityAlreadyExists", "", Authorised, ""},
		{"LimitExceededException", "", Authorised, ""},
		{"Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.", Authorised, "EC2"},
		{"DryRunOperationException", "", Authorised, "KMS"},
		{"Client.InvalidInstanceID.NotFound", "", Authorised, "EC2"},
		{"AccessDenied", "", Denied, ""},
		{"AccessDeniedException", "", Denied, ""},
		{"accessdenied", "", Denied, "case varies"},
		{"Client.UnauthorizedOperation", "You are not authorized to perform this operation.", Denied, "EC2"},
		{"AuthorizationError", "", Denied, "SNS"},
		{"AuthorizationErrorException", "", Denied, "SNS"},
		{"AuthorizationException", "", Denied, ""},
		{"NotAuthorizedException", "", Denied, ""},
		{"ForbiddenException", "", Denied, ""},
		{"VpceAccessDenied", "", Denied, ""},
		{"OpsItemAccessDeniedException", "", Denied, ""},
		{"AccessDeniedFault", "", Denied, "DMS"},
		{"KMSAccessDeniedException", "", Denied, "downstream"},
		{"KmsAccessDenied", "", Denied, "downstream, SQS"},
		{"EC2AccessDeniedException", "", Denied, "downstream"},
		{"EncryptionKeyAccessDeniedException", "", Denied, "downstream"},
		{"S3AccessDeniedFault", "", Denied, "downstream"},
		{"InvalidRequestException", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:GetObject", Denied, "the message tells"},
		{"", "User: arn:aws:iam::1:user/u is not authorized to perform: s3:GetObject", Denied, "no code at all"},
		{"", "Failed authentication", Inconclusive, "a message alone"},
		{"ThrottlingException", "Rate exceeded", Inconclusive, ""},
		{"ProvisionedThroughputExceededException", "", Inconclusive, ""},
		{"Client.RequestLimitExceeded", "", Inconclusive, "throttling, in spite of LimitExceeded"},
		{"TooManyRequestsException", "", Inconclusive, ""},
		{"SlowDown", "", Inconclusive, "S3"},
		{"ValidationException", "", Inconclusive, ""},
		{"InvalidParameterValueException", "", Inconclusive, ""},
		{"MalformedPolicyDocument", "", Inconclusive, ""},
		{"ExpiredTokenException", "", Inconclusive, "credentials"},
		{"InvalidClientTokenId", "", Inconclusive, "credentials"},
		{"SignatureDoesNotMatch", "", Inconclusive, "credentials"},
		{"InternalFailure", "", Inconclusive, ""},
		{"ServiceUnavailable", "", Inconclusive, ""},
		{"SomethingNewException", "", Inconclusive, "an unknown code proves nothing"},
	} {
		if got := OutcomeOf(test.code, test.message); got != test.want {
			t.Errorf("OutcomeOf(%q, %q) = %s, want %s: %s", test.code, test.message, got, test.want, test.reason)
		}
	}
}

func TestParseDenial(t *testing.T) {
	const user = "User: arn:aws:sts::111122223333:assumed-role/r/f is not authorized to perform: "
	long := user + "s3:GetObject on resource: arn:aws:s3:::b/"
	for len(long) < maxMessage {
		long += "k"
	}
	for _, test := range []struct {
		message string
		want    Denial
	}{
		{"", Denial{}},
		{"Access Denied", Denial{}},
		{user, Denial{}},
		{user + "something odd", Denial{}},
		{user + "sqs:SendMessage", Denial{Action: "sqs:SendMessage"}},
		{
			user + "dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/t because no identity-based policy allows the dynamodb:PutItem action",
			Denial{Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/t", By: "identity"},
		},
		{
			user + `s3:GetObject on resource: "arn:aws:s3:::b/a key with "quotes" in it" because no resource-based policy allows the s3:GetObject action`,
			Denial{Action: "s3:GetObject", Resource: `arn:aws:s3:::b/a key with "quotes" in it`, By: "resource"},
		},
		{
			user + "s3:GetObject on resource: arn:aws:s3:::b/a key with an explicit deny in a resource-based policy",
			Denial{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/a key", By: "resource", Explicit: true},
		},
		{user + `s3:GetObject on resource: "arn:aws:s3:::b/k"`, Denial{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}},
		{user + "x:Y on resource: * because no permissions boundary allows the x:Y action", Denial{Action: "x:Y", Resource: "*", By: "boundary"}},
		{user + "x:Y on resource: * because no session policy allows the x:Y action", Denial{Action: "x:Y", Resource: "*", By: "session"}},
		{user + "x:Y on resource: * with an explicit deny in a service control policy", Denial{Action: "x:Y", Resource: "*", By: "scp", Explicit: true}},
		{user + "x:Y on resource: * with an explicit deny in a resource control policy", Denial{Action: "x:Y", Resource: "*", By: "rcp", Explicit: true}},
		{user + "x:Y because no VPC endpoint policy allows the x:Y action", Denial{Action: "x:Y", By: "vpce"}},
		{
			"You are not authorized to perform this operation. " + user + "ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: abc...",
			Denial{Action: "ec2:RunInstances", Resource: "arn:aws:ec2:eu-west-1:111122223333:instance/*", By: "identity"},
		},
		{long, Denial{Action: "s3:GetObject"}}, // cut short, so the resource is not the whole one
		{user + "lambda:GetFunction on resource: arn:aws:lambda:us-west-2:999999999999:function:f", Denial{Action: "lambda:GetFunction", Resource: "arn:aws:lambda:us-west-2:999999999999:function:f"}},
	} {
		if diff := cmp.Diff(test.want, ParseDenial(test.message)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.message, diff)
		}
	}
}

func FuzzParseDenial(f *testing.F) {
	f.Add("User: a is not authorized to perform: s3:GetObject on resource: \"x\" with an explicit deny in a session policy")
	f.Fuzz(func(t *testing.T, message string) {
		if d := ParseDenial(message); d.Action == "" && d != (Denial{}) {
			t.Errorf("%+v without an action", d)
		}
	})
}

func TestNormalizeSession(t *testing.T) {
	for session, want := range map[string]string{
		"orders":                                 "orders",
		"orders-2":                               "orders-2",
		"report-v12":                             "report-v12",
		"aws-go-sdk-1722375070115152000":         "aws-go-sdk-#",
		"botocore-session-1700000000":            "botocore-session-#",
		"i-0123456789abcdef0":                    "i-#",
		"x-6b1d0f0e-8d3e-4d6e-9d39-3b1d0f0e8d3a": "x-#",
		"awslambda_761_20201224093307366":        "awslambda_#_#",
		"alice@example.com":                      "alice@example.com",
		"deadbeefface":                           "deadbeefface",
		"":                                       "",
	} {
		if got := NormalizeSession(session); got != want {
			t.Errorf("NormalizeSession(%q) = %q, want %q", session, got, want)
		}
	}
}
