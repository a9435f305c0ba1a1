package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// An answer is what a server says to every request.
type answer struct {
	status int
	header map[string]string
	body   string
}

func serve(t *testing.T, a answer) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range a.header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(a.status)
		fmt.Fprint(w, a.body)
	}))
	t.Cleanup(server.Close)
	return awsfake.Config(server.URL, "eu-west-1")
}

// The calls that the tests make, each in its service's protocol.
var (
	getObject = func(ctx context.Context, cfg aws.Config) error {
		_, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).
			GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("logs"), Key: aws.String("a.json.gz")})
		return err
	}
	listObjects = func(ctx context.Context, cfg aws.Config) error {
		_, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).
			ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("logs")})
		return err
	}
	getRole = func(ctx context.Context, cfg aws.Config) error {
		_, err := iam.NewFromConfig(cfg).GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("orders")})
		return err
	}
	lookupEvents = func(ctx context.Context, cfg aws.Config) error {
		_, err := cloudtrail.NewFromConfig(cfg).LookupEvents(ctx, &cloudtrail.LookupEventsInput{})
		return err
	}
	startQuery = func(ctx context.Context, cfg aws.Config) error {
		_, err := athena.NewFromConfig(cfg).StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1")})
		return err
	}
	listFunctions = func(ctx context.Context, cfg aws.Config) error {
		_, err := lambda.NewFromConfig(cfg).ListFunctions(ctx, &lambda.ListFunctionsInput{})
		return err
	}
	// assumed looks events up with the credentials of a role.
	assumed = func(ctx context.Context, cfg aws.Config) error {
		behind := cfg.Copy()
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(behind), "arn:aws:iam::111122223333:role/audit"))
		return lookupEvents(ctx, cfg)
	}
)

func s3Error(code, message string) string {
	return "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>"
}

func queryError(code, message string) string {
	return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message + "</Message></Error><RequestId>1</RequestId></ErrorResponse>"
}

func jsonError(code, message string) string {
	return fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)
}

func TestExplainAnswers(t *testing.T) {
	denied := "User: arn:aws:iam::111122223333:user/a is not authorized to perform: "
	tests := []struct {
		reason string
		call   func(context.Context, aws.Config) error
		answer answer
		want   string
	}{
		{"S3 names no action: both that it may be", getObject, answer{403, nil, s3Error("AccessDenied", "Access Denied")}, "missing: s3:GetObject on the object, or kms:Decrypt"},
		{"S3 lists by another action than the operation's name", listObjects, answer{403, nil, s3Error("AccessDenied", "Access Denied")}, "missing: s3:ListBucket on the bucket"},
		{"S3 names the key's action", getObject, answer{403, nil, s3Error("AccessDenied", denied+"kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no resource-based policy allows the kms:Decrypt action")},
			"missing: kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/1, which the resource's own policy does not allow"},
		{"an explicit deny of the organisation", lookupEvents, answer{400, nil, jsonError("AccessDeniedException", denied+"cloudtrail:LookupEvents with an explicit deny in a service control policy")},
			"missing: cloudtrail:LookupEvents, which a service control policy denies"},
		{"IAM, in XML", getRole, answer{403, nil, queryError("AccessDenied", denied+"iam:GetRole on resource: role orders because no identity-based policy allows the iam:GetRole action")},
			"missing: iam:GetRole on role orders; "},
		{"Lambda, REST, by header", listFunctions, answer{403, map[string]string{"X-Amzn-Errortype": "AccessDeniedException"}, `{"Message":"no"}`}, "missing: lambda:ListFunctions; "},
		{"Athena speaks for Glue", startQuery, answer{400, nil, jsonError("InvalidRequestException", "Insufficient permissions to execute the query. "+denied+"glue:GetTable on resource: arn:aws:glue:eu-west-1:111122223333:catalog because no identity-based policy allows the glue:GetTable action")},
			"missing: glue:GetTable on arn:aws:glue:eu-west-1:111122223333:catalog; "},
		{"the role behind the call is refused, not the call", assumed, answer{403, nil, queryError("AccessDenied", "no")}, "missing: sts:AssumeRole on the role, whose trust policy"},
		{"no such bucket", getObject, answer{404, nil, s3Error("NoSuchBucket", "The specified bucket does not exist")}, "there is no such bucket"},
		{"another Region's bucket", listObjects, answer{301, map[string]string{"X-Amz-Bucket-Region": "us-east-1"}, s3Error("PermanentRedirect", "use the endpoint")}, "the bucket is in another Region"},
		{"a disabled key", getObject, answer{400, nil, s3Error("KMS.DisabledException", "key is disabled")}, "the KMS key"},
		{"expired, S3", getObject, answer{400, nil, s3Error("ExpiredToken", "The provided token has expired.")}, "the credentials have expired"},
		{"expired, JSON", lookupEvents, answer{400, nil, jsonError("ExpiredTokenException", "The security token included in the request is expired")}, "the credentials have expired"},
		{"request expired", getRole, answer{400, nil, queryError("RequestExpired", "Request has expired")}, "the credentials have expired"},
		{"an unknown key, IAM", getRole, answer{403, nil, queryError("InvalidClientTokenId", "The security token included in the request is invalid.")}, "AWS does not know these credentials"},
		{"an unknown key, JSON", startQuery, answer{400, nil, jsonError("UnrecognizedClientException", "The security token included in the request is invalid.")}, "AWS does not know these credentials"},
		{"a wrong secret", getRole, answer{403, nil, queryError("SignatureDoesNotMatch", "The request signature we calculated does not match")}, "the signature is wrong"},
		{"throttled to the end", lookupEvents, answer{400, nil, jsonError("ThrottlingException", "Rate exceeded")}, "AWS throttled every attempt"},
		{"throttled by status", listFunctions, answer{429, map[string]string{"X-Amzn-Errortype": "TooManyRequestsException"}, `{"Message":"Rate exceeded"}`}, "AWS throttled every attempt"},
		{"a service that fails", listFunctions, answer{500, map[string]string{"X-Amzn-Errortype": "ServiceException"}, `{"Message":"sorry"}`}, "the service failed on its side"},
		{"a Region that is not enabled", lookupEvents, answer{403, nil, jsonError("OptInRequired", "not subscribed")}, "the account has not enabled"},
		{"what its own text says", getRole, answer{404, nil, queryError("NoSuchEntity", "The role with name orders cannot be found.")}, ""},
	}
	for _, tt := range tests {
		err := tt.call(t.Context(), serve(t, tt.answer))
		if err == nil {
			t.Errorf("%s: no error", tt.reason)
			continue
		}
		if got := Explain(fmt.Errorf("read logs: %w", err)); !strings.HasPrefix(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s: %q, want it to begin with %q; the error is %v", tt.reason, got, tt.want, err)
		}
	}
}

func TestExplainConnections(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + silent.Addr().String()
	t.Cleanup(func() { silent.Close() })
	closed := httptest.NewServer(nil)
	closed.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(broken.Close)
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = nil
	t.Cleanup(untrusted.Close)

	unresolved := awsfake.Config("http://cloudtrail.eu-wset-1.amazonaws.com", "eu-wset-1")
	unresolved.HTTPClient = &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "cloudtrail.eu-wset-1.amazonaws.com", IsNotFound: true}
		},
	}}
	waits := awsfake.Config(address, "eu-west-1")
	waits.HTTPClient = &http.Client{Timeout: time.Millisecond}

	for name, tt := range map[string]struct {
		cfg  aws.Config
		want string
	}{
		"no such host": {unresolved, "there is no host cloudtrail.eu-wset-1.amazonaws.com: look at the Region"},
		"refused":      {awsfake.Config(closed.URL, "eu-west-1"), "nothing listens at that address"},
		"no answer":    {waits, "no answer came in time"},
		"broken":       {awsfake.Config(broken.URL, "eu-west-1"), "the connection broke"},
		"certificate":  {awsfake.Config(untrusted.URL, "eu-west-1"), "the server's certificate is not trusted"},
	} {
		if err := lookupEvents(t.Context(), tt.cfg); !strings.HasPrefix(Explain(err), tt.want) {
			t.Errorf("%s: %q, want %q; the error is %v", name, Explain(err), tt.want, err)
		}
	}
}

// failing is a provider that fails with an error.
func failing(err error) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, err })
}

func TestExplainCredentials(t *testing.T) {
	for name, tt := range map[string]struct {
		provider aws.CredentialsProvider
		want     string
	}{
		"empty keys":         {credentials.NewStaticCredentialsProvider("", "", ""), noCredentials},
		"credential_process": {processcreds.NewProvider("exit 3"), "the credential_process"},
		"a token that cannot be refreshed": {failing(errors.New("refresh cached SSO token failed, cached SSO token is expired, or not present, and cannot be refreshed")),
			"the session of IAM Identity Center"},
	} {
		cfg := serve(t, answer{200, nil, "{}"})
		cfg.Credentials = aws.NewCredentialsCache(tt.provider)
		if err := lookupEvents(t.Context(), cfg); !strings.HasPrefix(Explain(err), tt.want) {
			t.Errorf("%s: %q, want %q; the error is %v", name, Explain(err), tt.want, err)
		}
	}
}

// isolate gives a test no AWS configuration but the one that it writes.
func isolate(t *testing.T) {
	for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestExplainConfiguration has the SDK's own chain fail.
func TestExplainConfiguration(t *testing.T) {
	isolate(t)
	if _, err := config.LoadDefaultConfig(t.Context(), config.WithSharedConfigProfile("audit")); !strings.HasPrefix(Explain(fmt.Errorf("x: %w", err)), "the AWS configuration has no such profile") {
		t.Errorf("%v: %q", err, Explain(err))
	}
	text := `[profile new]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = audit
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.com/start
[profile old]
sso_region = eu-west-1
sso_start_url = https://example.com/start
sso_account_id = 111122223333
sso_role_name = audit
`
	for _, profile := range []string{"new", "old"} {
		write(t, os.Getenv("AWS_CONFIG_FILE"), text)
		cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("eu-west-1"), config.WithSharedConfigProfile(profile))
		if err != nil {
			t.Fatal(err)
		}
		if err := lookupEvents(t.Context(), cfg); !strings.HasPrefix(Explain(err), "the session of IAM Identity Center") {
			t.Errorf("profile %s: %v: %q", profile, err, Explain(err))
		}
	}
	write(t, os.Getenv("AWS_CONFIG_FILE"), "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("eu-west-1"), config.WithBaseEndpoint("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := lookupEvents(t.Context(), cfg); Explain(err) != noCredentials {
		t.Errorf("%v: %q", err, Explain(err))
	}
}

func TestExplainOthers(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{
		nil, errors.New("logs/a.json: not JSON"), ErrNoRegion, context.DeadlineExceeded,
		lookupEvents(cancelled, serve(t, answer{200, nil, "{}"})),
	} {
		if got := Explain(err); got != "" {
			t.Errorf("%v: %q", err, got)
		}
	}
	query := errors.New("query 1 failed: User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::logs because no identity-based policy allows it")
	if got := Explain(query); !strings.HasPrefix(got, "missing: s3:ListBucket on arn:aws:s3:::logs; ") {
		t.Errorf("a query's reason: %q", got)
	}
}
