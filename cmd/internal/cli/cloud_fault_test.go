package cli

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// denied is how AWS says no since 2022, with the action.
const denied = "User: arn:aws:iam::111122223333:user/me is not authorized to perform: "

// An accident is something in AWS that goes wrong.
type accident struct {
	name string
	args []string
	// env is set for the command.
	env map[string]string
	// handlers are of AWS's JSON protocol, operations of IAM and STS; bucket is a fault of S3.
	handlers   map[string]awsfake.Handler
	bucket     func(w http.ResponseWriter, r *http.Request, key string) bool
	operations map[string]func(http.ResponseWriter, url.Values)
	// want are parts of what is printed; kept says that what was read before is kept in a profile.
	want []string
	kept bool
}

// lastObject reports whether a key is that of the last record of the suite.
func lastObject(key string) bool {
	return strings.Contains(key, "_000000000000001") && strings.HasSuffix(key, "3.json.gz")
}

// onLast has the last object's request fail.
func onLast(status int, code, message string) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, _ *http.Request, key string) bool {
		return lastObject(key) && s3Fails(w, status, code, message)
	}
}

// onLists has lists fail.
func onLists(status int, code, message string) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, r *http.Request, key string) bool {
		return key == "" && r.Method == http.MethodGet && s3Fails(w, status, code, message)
	}
}

var (
	fromS3   = []string{"generate", "s3://logs", "--role", "orders-role"}
	unusedBy = func(args ...string) []string {
		return append([]string{"unused", quickstart, "--role", "orders-processor-role"}, args...)
	}
)

func accidents() []accident {
	return []accident{
		{
			name: "no credentials", args: fromS3, env: map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
			want: []string{"s3://logs", "hint: no AWS credentials were found: set AWS_PROFILE"},
		},
		{
			name: "no Region", args: []string{"generate", "logs:///aws/cloudtrail/org"}, env: map[string]string{"AWS_REGION": "", "AWS_DEFAULT_REGION": ""},
			want: []string{"no AWS Region is set: use --region"},
		},
		{
			name: "expired token", args: fromS3, bucket: onLists(400, "ExpiredToken", "The provided token has expired."),
			want: []string{"s3://logs", "ExpiredToken", "hint: the credentials have expired: log in again"},
		},
		{
			name: "wrong Region of a bucket", args: fromS3, bucket: onLists(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint."),
			want: []string{"s3://logs", "hint: the bucket is in another Region: name it with --region"},
		},
		{
			name: "missing bucket", args: []string{"generate", "s3://lost"},
			want: []string{"s3://lost", "hint: there is no such bucket: look at its name"},
		},
		{
			name: "bucket denied", args: fromS3, bucket: onLists(403, "AccessDenied", "Access Denied"),
			want: []string{"s3://logs", "hint: missing: s3:ListBucket on the bucket", "whittle doctor --policy"},
		},
		{
			name: "object denied", args: fromS3, bucket: onLast(403, "AccessDenied", "Access Denied"), kept: true,
			want: []string{"s3://logs/AWSLogs/", "hint: missing: s3:GetObject on the object, or kms:Decrypt on the KMS key"},
		},
		{
			name: "key denied", args: fromS3, kept: true,
			bucket: onLast(403, "AccessDenied", denied+"kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action"),
			want:   []string{"s3://logs/AWSLogs/", "hint: missing: kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/1"},
		},
		{
			name: "key disabled", args: fromS3, bucket: onLast(400, "KMS.DisabledException", "arn:aws:kms:eu-west-1:111122223333:key/1 is disabled."), kept: true,
			want: []string{"hint: the KMS key that encrypts the object is disabled"},
		},
		{
			name: "throttled for good", args: fromS3, bucket: onLast(503, "SlowDown", "Please reduce your request rate."), kept: true,
			want: []string{"SlowDown", "hint: AWS throttled every attempt"},
		},
		{
			name: "token expires at 90%", args: fromS3, bucket: onLast(400, "ExpiredToken", "The provided token has expired."), kept: true,
			want: []string{"ExpiredToken", "hint: the credentials have expired", "13 records read before that are kept as a profile"},
		},
		{
			name: "network drops for good", args: fromS3, kept: true,
			bucket: func(w http.ResponseWriter, r *http.Request, key string) bool {
				if !lastObject(key) {
					return false
				}
				conn, _, err := http.NewResponseController(w).Hijack()
				if err == nil && r.Header.Get("Range") == "" {
					fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Records\":[")
				}
				conn.Close()
				return true
			},
			want: []string{"go on with the download after 12 of ", "hint: the connection broke in every attempt"},
		},
		{
			name: "lookup denied", args: []string{"generate", "lookup://eu-west-1"},
			handlers: map[string]awsfake.Handler{"LookupEvents": refuses("AccessDeniedException", denied+"cloudtrail:LookupEvents because no identity-based policy allows the cloudtrail:LookupEvents action")},
			want:     []string{"lookup://eu-west-1: after 0 events", "hint: missing: cloudtrail:LookupEvents"},
		},
		{
			name: "Regions denied", args: []string{"generate", "lookup://"},
			want: []string{"the Regions of the account", "hint: missing: account:ListRegions", "or name the Regions, as in lookup://eu-west-1,us-east-1"},
		},
		{
			name: "Lake query failed", args: []string{"generate", "lake://" + store},
			handlers: map[string]awsfake.Handler{
				"StartQuery": answers(object{"QueryId": "q1"}), "DescribeQuery": answers(object{"QueryStatus": "FAILED", "ErrorMessage": "Query exhausted resources"}),
			},
			want: []string{"lake://" + store, "query q1: failed: Query exhausted resources"},
		},
		{
			name: "no such store", args: []string{"generate", "lake://" + store},
			handlers: map[string]awsfake.Handler{"StartQuery": refuses("EventDataStoreNotFoundException", "Event data store not found")},
			want:     []string{"EventDataStoreNotFoundException", "hint: ", "--region"},
		},
		{
			name: "no such log group", args: []string{"generate", "logs://lost"},
			handlers: map[string]awsfake.Handler{"StartQuery": refuses("ResourceNotFoundException", "Log group 'lost' does not exist for account ID '111122223333'")},
			want:     []string{"logs://lost", "Log group 'lost' does not exist", "hint: ", "--region"},
		},
		{
			name: "IAM denied", args: unusedBy("--current", "aws"),
			operations: map[string]func(http.ResponseWriter, url.Values){"GetRole": queryFails(403, "AccessDenied", denied+"iam:GetRole on resource: role orders-processor-role because no identity-based policy allows the iam:GetRole action")},
			want:       []string{"--current: ", "hint: missing: iam:GetRole on role orders-processor-role"},
		},
		{
			name: "a role refused in one account of two",
			args: []string{"unused", quickstart, "--current", "aws", "--assume-role", "arn:aws:iam::{account}:role/audit", "--accounts", "111122223333,444455556666"},
			operations: map[string]func(http.ResponseWriter, url.Values){
				"AssumeRole": func(w http.ResponseWriter, form url.Values) {
					if strings.Contains(form.Get("RoleArn"), "444455556666") {
						queryFails(403, "AccessDenied", denied+"sts:AssumeRole on resource: arn:aws:iam::444455556666:role/audit")(w, form)
						return
					}
					queryAnswers("AssumeRole", "<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>")(w, form)
				},
				"GetAccountAuthorizationDetails": queryAnswers("GetAccountAuthorizationDetails", "<IsTruncated>false</IsTruncated>"),
			},
			want: []string{"account 444455556666: ", "hint: missing: sts:AssumeRole on arn:aws:iam::444455556666:role/audit"},
		},
		{
			name: "AWS Config denied", args: unusedBy("--current", "config"),
			handlers: map[string]awsfake.Handler{
				"SelectResourceConfig":    refuses("AccessDeniedException", denied+"config:SelectResourceConfig"),
				"ListDiscoveredResources": refuses("AccessDeniedException", denied+"config:ListDiscoveredResources"),
			},
			want: []string{"--current: ", "hint: missing: config:"},
		},
		{
			name: "no aggregator", args: unusedBy("--current", "config:org"),
			handlers: map[string]awsfake.Handler{"SelectAggregateResourceConfig": refuses("NoSuchConfigurationAggregatorException", "The configuration aggregator does not exist.")},
			want:     []string{"aggregator org", "hint: ", "--region"},
		},
		{
			name: "functions denied", args: []string{"generate", quickstart, "--functions", "aws", "--regions", "us-east-1"},
			operations: map[string]func(http.ResponseWriter, url.Values){"GetCallerIdentity": callerIdentity},
			want:       []string{"--functions: account 111122223333", "us-east-1", "hint: missing: lambda:ListFunctions"},
		},
		{
			name: "no organisation", args: []string{"unused", quickstart, "--current", "aws", "--assume-role", "arn:aws:iam::{account}:role/audit"},
			handlers: map[string]awsfake.Handler{"ListAccounts": refuses("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")},
			want:     []string{"--assume-role: ", "or name the accounts with --accounts", "hint: the account is in no organisation"},
		},
		{
			name: "organisation denied", args: []string{"unused", quickstart, "--current", "aws", "--assume-role", "arn:aws:iam::{account}:role/audit"},
			handlers: map[string]awsfake.Handler{"ListAccounts": refuses("AccessDeniedException", "You don't have permissions to access this resource.")},
			want:     []string{"hint: missing: organizations:ListAccounts"},
		},
		{
			name: "trails denied", args: []string{"doctor", "--regions", "eu-west-1"},
			operations: map[string]func(http.ResponseWriter, url.Values){"GetCallerIdentity": callerIdentity},
			handlers:   map[string]awsfake.Handler{"DescribeTrails": refuses("AccessDeniedException", denied+"cloudtrail:DescribeTrails because no identity-based policy allows it")},
			want:       []string{"hint: missing: cloudtrail:DescribeTrails"},
		},
	}
}

// account has the accident happen in an account whose log in S3 can be read otherwise.
func (a accident) account(t *testing.T) *rest {
	t.Helper()
	r := &rest{objects: trailObjects(t, recent(t, all)), fault: a.bucket, operations: a.operations, denies: true}
	handlers := map[string]awsfake.Handler{"": r.handle}
	for operation, h := range a.handlers {
		handlers[operation] = h
	}
	inCloud(t, handlers)
	for name, value := range a.env {
		t.Setenv(name, value)
	}
	return r
}

// TestFaults: whatever goes wrong in AWS, the message says what happened, the permission that is missing if that
// is why, and what to do; nothing is answered, and what was read is kept. With -v it prints all of it.
func TestFaults(t *testing.T) {
	for _, a := range accidents() {
		t.Run(a.name, func(t *testing.T) {
			a.account(t)
			code, stdout, stderr, _ := observed(t, a.args...)
			if code != ExitError || stdout != "" {
				t.Errorf("exit %d, output %.200q", code, stdout)
			}
			for _, want := range a.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q is not in:\n%s", want, stderr)
				}
			}
			partial := partialFile([]string{"s3://logs"})
			_, err := os.Stat(partial)
			if kept := err == nil; kept != a.kept || kept != strings.Contains(stderr, partial) {
				t.Errorf("kept: %v, want %v:\n%s", kept, a.kept, stderr)
			}
			t.Logf("whittle %s\nexit %d\n%s", strings.Join(a.args, " "), code, stderr)
			if !a.kept {
				return
			}
			code, _, stderr, _ = observed(t, "generate", partial, "--role", "orders-role")
			if code != ExitOK || !strings.HasPrefix(stderr, "INCOMPLETE: s3://logs was not read to its end: ") {
				t.Errorf("from what was kept: exit %d, %s", code, stderr)
			}
		})
	}
}

// TestStateAfterExpiry: with a state, the same command goes on after the token was renewed, reads what is left
// only, and gives what one reading would have.
func TestStateAfterExpiry(t *testing.T) {
	account := accident{}.account(t)
	code, want, stderr, _ := observed(t, fromS3...)
	if code != ExitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var expired atomic.Bool
	var gets atomic.Int64
	expired.Store(true)
	account.fault = func(w http.ResponseWriter, _ *http.Request, key string) bool {
		if key != "" {
			gets.Add(1)
		}
		return lastObject(key) && expired.Load() && s3Fails(w, 400, "ExpiredToken", "The provided token has expired.")
	}
	args := slices.Concat(fromS3, []string{"--state", filepath.Join(t.TempDir(), "state")})
	code, stdout, stderr, _ := observed(t, args...)
	if code != ExitError || stdout != "" || !strings.Contains(stderr, "run the same command again") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	t.Logf("exit %d\n%s", code, stderr)
	expired.Store(false)
	gets.Store(0)
	code, got, stderr, _ := observed(t, args...)
	if code != ExitOK || got != want || gets.Load() != 1 {
		t.Errorf("exit %d, %d objects read again: %s%s\nwant\n%s", code, gets.Load()-1, got, stderr, want)
	}
}
