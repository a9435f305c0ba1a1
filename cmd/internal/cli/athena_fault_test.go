package cli

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// querying is an Athena with a workgroup and a table of 2 TB, whose query has the result that S3 gives.
func querying(t *testing.T) map[string]awsfake.Handler {
	t.Helper()
	type object = map[string]any
	answer := func(o object) awsfake.Handler {
		return func(*awsfake.Request) (any, error) { return o, nil }
	}
	var columns []object
	for _, c := range [][2]string{
		{"eventtime", "string"}, {"eventsource", "string"}, {"eventname", "string"}, {"errorcode", "string"}, {"useridentity", "struct<type:string,arn:string>"},
	} {
		columns = append(columns, object{"Name": c[0], "Type": c[1]})
	}
	return map[string]awsfake.Handler{
		"GetWorkGroup": answer(object{"WorkGroup": object{"Name": "primary", "Configuration": object{
			"ResultConfiguration": object{"OutputLocation": "s3://results/"}, "BytesScannedCutoffPerQuery": 3_000_000_000_000,
		}}}),
		"GetTableMetadata":    answer(object{"TableMetadata": object{"Name": "cloudtrail", "Columns": columns, "Parameters": object{"location": "s3://logs/AWSLogs/"}}}),
		"StartQueryExecution": answer(object{"QueryExecutionId": "query-1"}),
		"GetQueryExecution": answer(object{"QueryExecution": object{
			"Status": object{"State": "SUCCEEDED"}, "Statistics": object{"DataScannedInBytes": 1_900_000_000_000},
			"ResultConfiguration": object{"OutputLocation": "s3://results/query-1.csv"},
		}}),
		"StopQueryExecution": answer(object{}),
		"": func(r *awsfake.Request) (any, error) { // S3
			if r.HTTP.URL.Query().Get("list-type") != "" {
				fmt.Fprint(r.Writer, `<ListBucketResult><Contents><Key>AWSLogs/a</Key><Size>2000000000000</Size></Contents></ListBucketResult>`)
			} else {
				fmt.Fprintln(r.Writer, `"`+strings.Join(query.Columns(), `","`)+`"`)
			}
			return nil, awsfake.ErrWritten
		},
	}
}

// TestAthenaFaults: each fault says what happened, and what to do, and ends with exit status 2.
func TestAthenaFaults(t *testing.T) {
	fails := func(code, message string) awsfake.Handler {
		return func(*awsfake.Request) (any, error) { return nil, &awsfake.Error{Code: code, Message: message} }
	}
	ends := func(state, reason string) awsfake.Handler {
		return func(*awsfake.Request) (any, error) {
			return map[string]any{"QueryExecution": map[string]any{"Status": map[string]any{"State": state, "StateChangeReason": reason}}}, nil
		}
	}
	for _, test := range []struct {
		name, operation string
		handler         awsfake.Handler
		args            []string
		want            []string
	}{
		{name: "nothing found", want: []string{
			"the query will scan about 2.0 TB in 1 file: about 10.00 US dollars", "query query-1 succeeded, 1.9 TB scanned", "no events found",
		}},
		{name: "more than allowed", args: []string{"--max-scan", "500GB"}, want: []string{"the query would scan 2.0 TB, more than the 500 GB allowed", "--max-scan"}},
		{
			name: "may not start", operation: "StartQueryExecution", handler: fails("AccessDeniedException", "You are not authorized to perform: athena:StartQueryExecution on the resource."),
			want: []string{"start query", "hint: ", "athena:StartQueryExecution"},
		},
		{
			name: "token expires", operation: "GetQueryExecution", handler: fails("ExpiredTokenException", "The security token included in the request is expired"),
			want: []string{"query query-1: ", "it was stopped", "hint: ", "log in again"},
		},
		{
			name: "cut off", operation: "GetQueryExecution", handler: ends("CANCELLED", "Bytes scanned limit was exceeded"),
			want: []string{"query query-1 cancelled: Bytes scanned limit was exceeded", "the limit is 3000000000000 bytes"},
		},
		{
			name: "bad data", operation: "GetQueryExecution", handler: ends("FAILED", "HIVE_BAD_DATA: Error parsing field value"),
			want: []string{"query query-1 failed: HIVE_BAD_DATA", "cannot be read as a CloudTrail log"},
		},
		{
			name: "result denied", operation: "", handler: func(r *awsfake.Request) (any, error) {
				r.Writer.WriteHeader(http.StatusForbidden)
				fmt.Fprint(r.Writer, `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
				return nil, awsfake.ErrWritten
			},
			want: []string{"it is not known how much the query will scan", "s3://results/query-1.csv", "hint: ", "s3:GetObject"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			handlers := querying(t)
			if test.handler != nil {
				handlers[test.operation] = test.handler
			}
			atFake(t, handlers)
			code, stdout, stderr := runMain(t, slices.Concat([]string{"generate", "athena://logs/cloudtrail"}, test.args)...)
			if code != ExitError || stdout != "" {
				t.Errorf("exit %d: %s", code, stdout)
			}
			for _, want := range test.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q is not in:\n%s", want, stderr)
				}
			}
		})
	}
}
