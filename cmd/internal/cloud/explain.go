package cloud

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/whittle-iam/whittle/trail"
)

// Explain says what an error of the AWS SDK means and what to do, in a sentence or two, and names the IAM
// action that is missing if that is the cause. It returns "" for errors of other sorts, and for those
// whose own text says it all.
func Explain(err error) string {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, ErrNoRegion) {
		return ""
	}
	for _, explain := range []func(error) string{explainProfile, explainCredentials, explainAnswer, explainConnection} {
		if hint := explain(err); hint != "" {
			return hint
		}
	}
	return ""
}

func explainProfile(err error) string {
	var profile config.SharedConfigProfileNotExistError
	var file config.SharedConfigLoadError
	var mfa config.AssumeRoleTokenProviderNotSetError
	switch {
	case errors.As(err, &profile):
		return "the AWS configuration has no such profile: look at --profile and AWS_PROFILE; \"aws configure list-profiles\" lists those there are"
	case errors.As(err, &file):
		return "the AWS configuration cannot be read: look at ~/.aws/config and ~/.aws/credentials, and at AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE"
	case errors.As(err, &mfa):
		return "the profile assumes a role with a code of a device, which whittle does not ask for: get a session with the AWS CLI and hand it over in the environment (\"aws configure export-credentials --format env\")"
	}
	return ""
}

// noCredentials is what to do where there are none.
const noCredentials = "no AWS credentials were found: set AWS_PROFILE or --profile, run \"aws sso login\", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

// explainCredentials is about those that could not be had; those that AWS refuses are in explainAnswer.
func explainCredentials(err error) string {
	var sso *ssocreds.InvalidTokenError
	var static *credentials.StaticCredentialsEmptyError
	var process *processcreds.ProviderError
	operation := innermost(err)
	switch {
	case errors.As(err, &sso), strings.Contains(err.Error(), "cached SSO token"),
		operation != nil && (operation.Service() == "SSO OIDC" || operation.Service() == "SSO"):
		return "the session of IAM Identity Center has expired or was never begun: run \"aws sso login\" with the same profile"
	case errors.As(err, &process):
		return "the credential_process of the profile failed: run its command by hand and see what it says"
	case errors.As(err, &static), operation != nil && operation.Service() == "ec2imds":
		// The instance metadata service is the last place where the SDK looks.
		return noCredentials
	}
	return ""
}

// innermost returns the operation that failed, where others failed because of it, nil if there is none: a
// call fails because the role behind it could not be assumed.
func innermost(err error) *smithy.OperationError {
	var found *smithy.OperationError
	for {
		var next *smithy.OperationError
		if !errors.As(err, &next) {
			return found
		}
		found, err = next, next.Unwrap()
	}
}

// explainAnswer is about what AWS answered.
func explainAnswer(err error) string {
	operation := innermost(err)
	if operation != nil {
		err = operation
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		if d := trail.ParseDenial(err.Error()); operation == nil && d.Action != "" {
			return missing(d) // such as the reason of a query's failure
		}
		return ""
	}
	code := api.ErrorCode()
	if d := trail.ParseDenial(api.ErrorMessage()); d.Action != "" {
		return missing(d)
	}
	status := 0
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) {
		status = answer.HTTPStatusCode()
	}
	if slices.Contains(deniedCodes, code) || status == 403 && code == "Forbidden" {
		return refused(operation)
	}
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok || status == 429 {
		return "AWS throttled every attempt, since the account makes too many such requests: run it again later, or over fewer accounts, Regions or days"
	}
	for _, c := range codes {
		if slices.Contains(c.codes, code) {
			return c.hint
		}
	}
	if status >= 500 {
		return "the service failed on its side in every attempt: run it again later"
	}
	return ""
}

var deniedCodes = []string{
	"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "NotAuthorized",
	"InsufficientDependencyServiceAccessPermissionException", "AccessDeniedForDependencyException", "AllAccessDisabled",
}

// codes are answers that mean the same for every operation.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var codes = []struct {
	codes []string
	hint  string
}{
	{
		[]string{"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"},
		"the credentials have expired: log in again (\"aws sso login\", or a new session in the environment) and run the command again",
	},
	{
		[]string{"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken", "AuthFailure"},
		"AWS does not know these credentials: the access key was deleted or mistyped, its session token (AWS_SESSION_TOKEN) is missing, or it belongs to another partition, such as China's",
	},
	{
		[]string{"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "RequestTimeTooSkewed", "RequestInTheFuture"},
		"the signature is wrong: the secret key does not belong to the access key, or this machine's clock is off by more than five minutes",
	},
	{
		[]string{"NoSuchBucket", "NotFound"}, // the second answers HEAD requests
		"there is no such bucket: look at its name, and whether the credentials are of the account and partition that has it",
	},
	{
		[]string{"PermanentRedirect", "AuthorizationHeaderMalformed", "MovedPermanently", "TemporaryRedirect", "IllegalLocationConstraintException"},
		"the bucket is in another Region: name it with --region",
	},
	{
		[]string{"KMS.DisabledException", "KMS.NotFoundException", "KMS.KMSInvalidStateException", "KMS.InvalidStateException"},
		"the KMS key that encrypts the object is disabled, deleted or of another account: what it encrypts cannot be read until it is enabled again",
	},
	{
		[]string{"OptInRequired", "SubscriptionRequiredException", "InvalidRegion", "RegionDisabledException"},
		"the account has not enabled this service or Region: leave the Region out with --regions, or enable it",
	},
	{
		[]string{"AWSOrganizationsNotInUseException"},
		"the account is in no organisation: name the accounts with --accounts, or the role to assume without {account}",
	},
	{
		[]string{"InvalidHomeRegionException"},
		"the trail has to be asked for in the Region that made it: name it with --region",
	},
	{
		[]string{"EventDataStoreNotFoundException", "EventDataStoreARNInvalidException", "ResourceNotFoundException", "NoSuchConfigurationAggregatorException"},
		"there is nothing of this name in this account and Region: look at the name, at --region and at whose credentials these are",
	},
	{
		[]string{"InactiveEventDataStoreException"},
		"the event data store does not answer queries: it is being made, or deleted",
	},
	{
		[]string{"UnknownOperationException", "InvalidAction", "NotImplemented"},
		"the server behind this endpoint does not have the operation: look at AWS_ENDPOINT_URL and the Region",
	},
}

// missing is the hint for a refusal that names the action.
func missing(d trail.Denial) string {
	text := "missing: " + d.Action
	if strings.ContainsAny(d.Resource, ":* ") { // one word may be the first of several
		text += " on " + d.Resource
	}
	return text + by(d) + "; \"whittle doctor --policy\" prints all that whittle needs"
}

// by says whose policy has to change.
func by(d trail.Denial) string {
	kinds := map[string]string{
		"resource": "the resource's own policy", "boundary": "the permissions boundary", "session": "the session policy",
		"scp": "a service control policy", "rcp": "a resource control policy", "vpce": "the VPC endpoint's policy",
	}
	switch kind := kinds[d.By]; {
	case kind != "" && d.Explicit:
		return ", which " + kind + " denies"
	case kind != "":
		return ", which " + kind + " does not allow"
	case d.Explicit:
		return ", which a policy of the caller denies"
	}
	return ""
}

// refused is the hint for a refusal that names no action.
func refused(operation *smithy.OperationError) string {
	if operation == nil {
		return "a permission is missing; \"whittle doctor --policy\" prints all that whittle needs"
	}
	actions := actionsOf(operation.Service(), operation.Operation())
	if len(actions) == 0 {
		return fmt.Sprintf("a permission for %s of %s is missing; \"whittle doctor --policy\" prints all that whittle needs",
			operation.Operation(), operation.Service())
	}
	text := "missing: " + strings.Join(actions, ", ")
	switch operation.Service() + " " + operation.Operation() {
	case "S3 GetObject":
		text += " on the object, or kms:Decrypt on the KMS key that encrypts it; the bucket's policy has to allow it too if another account owns the bucket"
	case "S3 ListObjectsV2":
		text += " on the bucket (not on its objects); the bucket's policy has to allow it too if another account owns the bucket"
	case "STS AssumeRole":
		text += " on the role, whose trust policy has to name the caller, too"
	}
	return text + "; \"whittle doctor --policy\" prints all that whittle needs"
}

// explainConnection is about requests that got no answer.
func explainConnection(err error) string {
	var name *net.DNSError
	var timeout net.Error
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var sent *smithyhttp.RequestSendError
	switch {
	case innermost(err) == nil:
		return "" // not AWS's
	case errors.As(err, &name):
		return fmt.Sprintf("there is no host %s: look at the Region, which makes part of the name, at AWS_ENDPOINT_URL, and at the network", name.Name)
	case errors.As(err, &authority), errors.As(err, &host):
		return "the server's certificate is not trusted: behind a proxy that opens TLS, name its authority's certificate in AWS_CA_BUNDLE"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at that address: look at AWS_ENDPOINT_URL, HTTPS_PROXY and the network"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer came in time: look at the network, HTTPS_PROXY, and whether the VPC has an endpoint for the service"
	case errors.As(err, &sent), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke in every attempt: look at the network, and run the command again"
	}
	return ""
}
