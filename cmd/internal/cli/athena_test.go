package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena"
	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// describing is an Athena that describes tables, and does nothing else.
func describing(t *testing.T, table map[string]any, err error) *awsfake.Server {
	t.Helper()
	return atFake(t, map[string]awsfake.Handler{
		"GetTableMetadata": func(*awsfake.Request) (any, error) { return map[string]any{"TableMetadata": table}, err },
	})
}

// atFake makes a fake answer all calls of the commands that the test runs.
func atFake(t *testing.T, handlers map[string]awsfake.Handler) *awsfake.Server {
	t.Helper()
	server := awsfake.New(t, handlers)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	return server
}

func runMain(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs})
	return code, out.String(), errs.String()
}

// TestAthenaSQL: the query is for the table's columns and the flags, and nothing is run.
func TestAthenaSQL(t *testing.T) {
	columns := []map[string]string{
		{"Name": "eventtime", "Type": "string"}, {"Name": "eventsource", "Type": "string"}, {"Name": "eventname", "Type": "string"},
		{"Name": "errorcode", "Type": "string"}, {"Name": "useridentity", "Type": "struct<type:string,arn:string>"},
	}
	server := describing(t, map[string]any{"Name": "cloudtrail", "Columns": columns}, nil)
	code, stdout, stderr := runMain(t, "athena", "sql", "athena://logs/cloudtrail", "--since", "2026-10-01", "--regions", "eu-west-1")
	if code != ExitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{`FROM "logs"."cloudtrail"`, "IN ('eu-west-1')", ">= 1790812800", "s3~GetObject=", "dynamodb~PutItem="} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not in:\n%.3000s", want, stdout)
		}
	}
	if !strings.HasPrefix(stdout, "WITH ") || len(stdout) > query.MaxBytes+1 {
		t.Errorf("%d bytes of\n%.100s", len(stdout), stdout)
	}
	if !strings.Contains(stderr, "athena://logs/cloudtrail: the table has no column awsregion") {
		t.Errorf("what the table cannot show is not said: %s", stderr)
	}
	if diff := cmp.Diff([]string{"GetTableMetadata"}, server.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestAthenaSQLWithoutTable(t *testing.T) {
	describing(t, nil, &awsfake.Error{Code: "MetadataException", Message: "EntityNotFoundException: Entity Not Found"})
	code, stdout, stderr := runMain(t, "athena", "sql", "athena://logs/cloudtrail")
	if code != ExitError || stdout != "" || !strings.Contains(stderr, "table logs.cloudtrail: ") || !strings.Contains(stderr, "look at the database") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

// TestAthenaKinds: what functions do all day comes before what is left out where there is no room.
func TestAthenaKinds(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	kinds := athenaKinds(m)
	seen := map[query.Kind]int{}
	for i, k := range kinds {
		if _, twice := seen[k]; twice {
			t.Errorf("%v is there twice", k)
		}
		seen[k] = i
	}
	for _, k := range []query.Kind{{"s3.amazonaws.com", "GetObject"}, {"dynamodb.amazonaws.com", "PutItem"}, {"sqs.amazonaws.com", "SendMessage"}} {
		if i, ok := seen[k]; !ok || i > 1000 {
			t.Errorf("%v is number %d of %d", k, i, len(kinds))
		}
	}
	if _, ok := seen[query.Kind{"cognito-idp.amazonaws.com", "AdminGetUser"}]; !ok {
		t.Error("an action of a likely source that no rule names is not foreseen")
	}
	spec, err := athena.ParseSpec("athena://logs/cloudtrail")
	if err != nil {
		t.Fatal(err)
	}
	q := trail.Query{Fields: m.Fields}
	for i := range 300 {
		q.Accounts = append(q.Accounts, fmt.Sprintf("%012d", i))
	}
	if _, err := query.Text(documented(spec), q, query.Options{Kinds: kinds}); err != nil {
		t.Errorf("there is no room for all, with 300 accounts: %v", err)
	}
}
