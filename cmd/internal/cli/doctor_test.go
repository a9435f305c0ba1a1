package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// doctorAccount has AWS answered by servers: an account with one trail, whose selectors a test chooses.
func doctorAccount(t *testing.T, handlers map[string]awsfake.Handler) {
	t.Helper()
	dir := t.TempDir()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": "", "AWS_MAX_ATTEMPTS": "1",
		"AWS_CONFIG_FILE": filepath.Join(dir, "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(dir, "credentials"),
	} {
		t.Setenv(name, value)
	}
	trail := map[string]any{
		"TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main", "Name": "main", "HomeRegion": "eu-west-1",
		"S3BucketName": "trail-logs", "IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true, "LogFileValidationEnabled": true,
	}
	all := map[string]awsfake.Handler{
		"DescribeTrails": func(*awsfake.Request) (any, error) { return map[string]any{"trailList": []any{trail}}, nil },
		"GetTrailStatus": func(*awsfake.Request) (any, error) {
			return map[string]any{"IsLogging": true, "StartLoggingTime": 1704067200, "LatestDeliveryTime": 1795000000}, nil
		},
		"GetEventSelectors": func(*awsfake.Request) (any, error) {
			return map[string]any{"EventSelectors": []any{map[string]any{"IncludeManagementEvents": true, "ReadWriteType": "All"}}}, nil
		},
	}
	for name, h := range handlers {
		all[name] = h
	}
	t.Setenv("AWS_ENDPOINT_URL_CLOUDTRAIL", awsfake.New(t, all).URL)
	serve := func(h http.HandlerFunc) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	t.Setenv("AWS_ENDPOINT_URL_STS", serve(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	t.Setenv("AWS_ENDPOINT_URL_S3", serve(func(w http.ResponseWriter, r *http.Request) {
		prefix := r.URL.Query().Get("prefix")
		next := map[string]string{"": "eu-west-1", "eu-west-1/": "2024", "eu-west-1/2024/": "02", "eu-west-1/2024/02/": "29"}
		name := next[strings.TrimPrefix(prefix, "AWSLogs/111122223333/CloudTrail/")]
		fmt.Fprintf(w, `<ListBucketResult><CommonPrefixes><Prefix>%s%s/</Prefix></CommonPrefixes></ListBucketResult>`, prefix, name)
	}))
}

// runDoctorCommand returns what the command wrote, its exit status and the calls that it made.
func runDoctorCommand(t *testing.T, args ...string) (stdout, stderr string, code int, calls []string) {
	t.Helper()
	var mu sync.Mutex
	var out, errs bytes.Buffer
	code = Main(t.Context(), append([]string{"doctor"}, args...), Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs,
		OnCall: func(service, operation string) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, service+" "+operation)
		}})
	return out.String(), errs.String(), code, calls
}

func TestDoctor(t *testing.T) {
	doctorAccount(t, nil)
	stdout, stderr, code, calls := runDoctorCommand(t, "--data-types", "AWS::S3::Object,AWS::SQS::Queue")
	if code != ExitFindings || stderr != "whittle: 1 finding about what the trails do not record\n" {
		t.Errorf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{
		"1 trail in eu-west-1, account 111122223333.\n",
		"  all Regions, logging since 2024-01-01, last file 2026-11-18\n  bucket trail-logs, logs since 2024-02-29\n",
		"\n1. no-data-events, trail main\n   no data events are recorded of AWS::S3::Object, AWS::SQS::Queue\n   Hides: reading",
		"\n   $ aws cloudtrail put-event-selectors --region eu-west-1 --trail-name arn:aws:cloudtrail:eu-west-1:111122223333:trail/main --advanced-event-selectors '[{\"FieldSelectors\":[",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("lacks %q:\n%s", want, stdout)
		}
	}
	if err := cloud.Check(calls, cloud.FeatureDoctor); err != nil {
		t.Error(err)
	}
}

// TestDoctorSeveralChanges: whoever runs the commands is told how they go together.
func TestDoctorSeveralChanges(t *testing.T) {
	doctorAccount(t, map[string]awsfake.Handler{"GetEventSelectors": func(*awsfake.Request) (any, error) {
		return map[string]any{"EventSelectors": []any{map[string]any{"IncludeManagementEvents": true, "ReadWriteType": "WriteOnly"}}}, nil
	}})
	stdout, _, _, _ := runDoctorCommand(t)
	if strings.Count(stdout, "put-event-selectors --region") != 2 || !strings.Contains(stdout, "run them in order, or only the last that you want") {
		t.Error(stdout)
	}
}

func TestDoctorJSON(t *testing.T) {
	doctorAccount(t, map[string]awsfake.Handler{"GetEventSelectors": func(*awsfake.Request) (any, error) {
		return map[string]any{"AdvancedEventSelectors": []any{map[string]any{"FieldSelectors": []any{map[string]any{"Field": "eventCategory", "Equals": []string{"Management"}}}}}}, nil
	}})
	stdout, _, code, _ := runDoctorCommand(t, "--format", "json", "--data-types", "AWS::SNS::Topic")
	var got struct {
		Tool     string
		Account  string
		Trails   []struct{ FirstDay string }
		Findings []struct{ Kind, Hides, Command string }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if code != ExitFindings || got.Account != "111122223333" || !strings.HasPrefix(got.Tool, "whittle ") || len(got.Trails) != 1 || got.Trails[0].FirstDay != "2024-02-29" ||
		len(got.Findings) != 1 || got.Findings[0].Kind != "no-data-events" || got.Findings[0].Hides != "SNS messages" {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

// TestDoctorHidesNothing: nothing to find is status 0.
func TestDoctorHidesNothing(t *testing.T) {
	doctorAccount(t, map[string]awsfake.Handler{"GetEventSelectors": func(*awsfake.Request) (any, error) {
		return map[string]any{"EventSelectors": []any{map[string]any{"IncludeManagementEvents": true, "ReadWriteType": "All",
			"DataResources": []any{map[string]any{"Type": "AWS::S3::Object", "Values": []string{"arn:aws:s3"}}}}}}, nil
	}})
	stdout, stderr, code, _ := runDoctorCommand(t, "--data-types", "AWS::S3::Object")
	if code != ExitOK || stderr != "" || !strings.HasSuffix(stdout, "\nNothing is hidden.\n") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

// TestDoctorRefused: the message names the action; what could be read is written, after a warning.
func TestDoctorRefused(t *testing.T) {
	message := "User: arn:aws:iam::111122223333:user/a is not authorized to perform: cloudtrail:%s on resource: arn:aws:cloudtrail:eu-west-1:111122223333:trail/main because no identity-based policy allows the cloudtrail:%s action"
	for operation, tt := range map[string]struct{ hint, stdout string }{
		"DescribeTrails":    {"hint: missing: cloudtrail:DescribeTrails on ", ""},
		"GetEventSelectors": {"hint: missing: cloudtrail:GetEventSelectors on ", "INCOMPLETE: some trails could not be read"},
	} {
		doctorAccount(t, map[string]awsfake.Handler{operation: func(*awsfake.Request) (any, error) {
			return nil, &awsfake.Error{Code: "AccessDeniedException", Message: fmt.Sprintf(message, operation, operation)}
		}})
		stdout, stderr, code, _ := runDoctorCommand(t)
		if code != ExitError || !strings.Contains(stderr, "\n"+tt.hint) || !strings.HasPrefix(stdout, tt.stdout) || (tt.stdout == "") != (stdout == "") {
			t.Errorf("%s: exit %d: %s%s", operation, code, stdout, stderr)
		}
	}
}

// TestHintsAreGivenOnce: several errors with one cause have one hint.
func TestHintsAreGivenOnce(t *testing.T) {
	doctorAccount(t, map[string]awsfake.Handler{"DescribeTrails": func(*awsfake.Request) (any, error) {
		return nil, &awsfake.Error{Code: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	}})
	_, stderr, code, _ := runDoctorCommand(t, "--regions", "eu-west-1,us-east-1")
	if code != ExitError || strings.Count(stderr, "whittle: trails in ") != 2 || strings.Count(stderr, "hint: the credentials have expired") != 1 {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// TestDoctorHostileNames: nothing from AWS drives the terminal.
func TestDoctorHostileNames(t *testing.T) {
	hostile := "arn:aws:s3:::b\x1b[2J\u202e/"
	doctorAccount(t, map[string]awsfake.Handler{"GetEventSelectors": func(*awsfake.Request) (any, error) {
		return map[string]any{"AdvancedEventSelectors": []any{map[string]any{"Name": hostile, "FieldSelectors": []any{
			map[string]any{"Field": "eventCategory", "Equals": []string{"Data"}},
			map[string]any{"Field": "resources.type", "Equals": []string{"AWS::S3::Object"}},
			map[string]any{"Field": "resources.ARN", "StartsWith": []string{hostile}}}}}}, nil
	}})
	stdout, _, code, _ := runDoctorCommand(t)
	if code != ExitFindings || strings.ContainsAny(stdout, "\x1b\u202e") || !strings.Contains(stdout, `b\u001b[2J\u202e/`) {
		t.Errorf("exit %d: %q", code, stdout)
	}
}

// TestDoctorPolicy: every feature has a policy that parses, and none asks AWS for anything.
func TestDoctorPolicy(t *testing.T) {
	features := append(featureNames(), "s3://logs/x", "athena://db/t?output=s3://results/q/", "lake://5d1c3d4e-0000-4000-8000-000000000001", "logs://trail", "lookup://eu-west-1")
	for _, f := range features {
		stdout, stderr, code, calls := runDoctorCommand(t, "--policy", f)
		document, err := policy.Parse([]byte(stdout))
		if err != nil || code != ExitOK || len(calls) > 0 || len(document.Statements) == 0 {
			t.Errorf("%s: exit %d, %d calls, %v: %s", f, code, len(calls), err, stderr)
		}
	}
}
