package cli

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// denied is how AWS says no since 2022, with the action.
const denied = "User: arn:aws:iam::111122223333:user/me is not authorized to perform: "

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

// ofAthena are faults of a query that would work otherwise, beside those of TestAthenaFaults.
func ofAthena(t *testing.T) []accident {
	from := []string{"generate", "athena://logs/cloudtrail"}
	with := func(operation string, h awsfake.Handler) map[string]awsfake.Handler {
		all := querying(t)
		all[operation] = h
		return all
	}
	ends := func(state, reason string) map[string]awsfake.Handler {
		return with("GetQueryExecution", answers(object{"QueryExecution": object{"Status": object{"State": state, "StateChangeReason": reason}}}))
	}
	columns := []object{{"Name": "line", "Type": "string"}}
	noTable := with("GetTableMetadata", refuses("MetadataException", "EntityNotFoundException: Entity Not Found"))
	noTable["GetTable"] = refuses("EntityNotFoundException", "Entity Not Found")
	return []accident{
		{
			name: "Athena: no table", args: from, handlers: noTable,
			want: []string{"logs.cloudtrail", "Entity Not Found", "look at the database, the table"},
		},
		{
			name: "Athena: no columns", args: from, handlers: with("GetTableMetadata", answers(object{"TableMetadata": object{"Name": "cloudtrail", "Columns": columns}})),
			want: []string{"logs.cloudtrail has no column", "it is no table of CloudTrail's records", `"whittle athena ddl" prints one`},
		},
		{
			name: "Athena: workgroup denied", args: from, handlers: with("GetWorkGroup", refuses("AccessDeniedException", denied+"athena:GetWorkGroup on resource: arn:aws:athena:eu-west-1:111122223333:workgroup/primary because no identity-based policy allows the athena:GetWorkGroup action")),
			want: []string{"workgroup primary", "hint: missing: athena:GetWorkGroup on arn:aws:athena:eu-west-1:111122223333:workgroup/primary"},
		},
		{
			name: "Athena: logs denied", args: from, handlers: ends("FAILED", "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)"),
			want: []string{"query query-1 failed: Access Denied", "needs s3:GetObject and s3:ListBucket where the logs are, kms:Decrypt for their key"},
		},
	}
}
