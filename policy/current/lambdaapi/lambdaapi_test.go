package lambdaapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/whittle-iam/whittle/policy/current"
)

const role = "arn:aws:iam::111122223333:role/orders-role"

// configuration is a function's as ListFunctions has it, with more members in JSON.
func configuration(region, name, version, role, more string) string {
	return fmt.Sprintf(`{"FunctionName":%[2]q,"FunctionArn":"arn:aws:lambda:%[1]s:111122223333:function:%[2]s:%[3]s","Version":%[3]q,"Role":%[4]q%[5]s}`, region, name, version, role, more)
}

// list writes "function role: action on resource" of all needs.
func list(functions []current.Function) []string {
	var out []string
	for _, f := range functions {
		for _, n := range f.Needs {
			out = append(out, fmt.Sprintf("%s %s: %s on %s", f.ARN[strings.LastIndex(f.ARN, ":")+1:], f.Role[strings.LastIndex(f.Role, "/")+1:], n.Action, n.Resource))
		}
	}
	return out
}

func TestFunctionsReadsAllPagesOfAllRegions(t *testing.T) {
	const queue, topic = "arn:aws:sqs:eu-west-1:111122223333:in", "arn:aws:sns:eu-west-1:111122223333:failed"
	other := "arn:aws:iam::111122223333:role/other"
	west := &fake{
		functions: []string{
			configuration("eu-west-1", "b", "1", other, ""), configuration("eu-west-1", "b", "$LATEST", role, ""),
			configuration("eu-west-1", "a", "$LATEST", role, ""), configuration("eu-west-1", "foreign", "$LATEST", "arn:aws:iam::111122223333:role/x", ""),
		},
		mappings: []string{
			`{"UUID":"u1","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:foreign","EventSourceArn":"arn:aws:sqs:eu-west-1:111122223333:not-this"}`,
			`{"UUID":"u2","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:b","EventSourceArn":"` + queue + `"}`,
			`{"UUID":"u3","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:b:live","EventSourceArn":"arn:aws:sqs:eu-west-1:111122223333:alias"}`,
			`{"UUID":"u4","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:b:1","EventSourceArn":"arn:aws:sqs:eu-west-1:111122223333:old"}`,
		},
		async: map[string][]string{"arn:aws:lambda:eu-west-1:111122223333:function:a": {
			`{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:a:$LATEST","DestinationConfig":{"OnSuccess":{}}}`,
			`{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:a:live","DestinationConfig":{"OnFailure":{"Destination":"` + topic + `"}}}`,
		}},
		fails: map[string][]failure{
			"/2015-03-31/functions":   {{429, "TooManyRequestsException"}, {429, "TooManyRequestsException"}},
			"function:b/event-invoke": {{404, "ResourceNotFoundException"}}, // deleted since
			"event-source-mappings":   {{500, "ServiceException"}},
		},
	}
	east := &fake{functions: []string{configuration("us-east-1", "c", "$LATEST", role, "")}}
	idle := &fake{}
	got, err := Functions(t.Context(), clients(t, map[string]*fake{"eu-west-1": west, "us-east-1": east, "eu-north-1": idle}),
		[]string{"us-east-1", "eu-north-1", "eu-west-1"}, func(r string) bool { return r == role || r == other })
	if err != nil {
		t.Fatal(err)
	}
	all := list(got)
	for _, want := range []string{
		"a orders-role: sns:Publish on " + topic,
		"b orders-role: sqs:ReceiveMessage on " + queue,
		"b orders-role: sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:111122223333:alias", // of either version
		"b other: sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:111122223333:alias",
		"b other: sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:111122223333:old",
		"b other: logs:PutLogEvents on arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/b:*",
		"c orders-role: logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/c:*",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, not := range []string{
		"b orders-role: sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:111122223333:old", "b other: sqs:ReceiveMessage on " + queue,
	} {
		if slices.Contains(all, not) {
			t.Errorf("%q, which another version asks for", not)
		}
	}
	var names []string
	for _, f := range got {
		names = append(names, f.ARN[strings.Index(f.ARN, "lambda:")+7:]+" "+f.Role[strings.LastIndex(f.Role, "/")+1:])
	}
	if want := "eu-west-1:111122223333:function:a orders-role, eu-west-1:111122223333:function:b orders-role, " +
		"eu-west-1:111122223333:function:b other, us-east-1:111122223333:function:c orders-role"; strings.Join(names, ", ") != want {
		t.Errorf("functions %q, want %q", names, want)
	}
	if slices.ContainsFunc(west.asked, func(path string) bool { return strings.Contains(path, "foreign/event-invoke") }) {
		t.Error("the destinations of a function whose role is not wanted were read")
	}
	if slices.ContainsFunc(idle.asked, func(path string) bool { return strings.Contains(path, "mappings") }) {
		t.Error("the mappings of a Region without functions were read")
	}
	if n := len(current.OfRole(got, role)); n != 3 {
		t.Errorf("%d functions of the role, want 3", n)
	}
}

// TestFunctionsKeepsOtherRegions: a Region that fails, wherever it does, is named, and what the others have
// is there.
func TestFunctionsKeepsOtherRegions(t *testing.T) {
	denied := []failure{{403, "AccessDeniedException"}}
	for part, operation := range map[string]string{
		"/2015-03-31/functions": "ListFunctions", "event-source-mappings": "ListEventSourceMappings", "event-invoke-config": "ListFunctionEventInvokeConfigs",
	} {
		bad := &fake{functions: []string{configuration("eu-west-1", "a", "$LATEST", role, "")}, fails: map[string][]failure{part: denied}}
		good := &fake{functions: []string{configuration("us-east-1", "c", "$LATEST", role, "")}}
		got, err := Functions(t.Context(), clients(t, map[string]*fake{"eu-west-1": bad, "us-east-1": good}), []string{"eu-west-1", "us-east-1"}, nil)
		var failed *smithy.OperationError
		if !errors.As(err, &failed) || failed.Operation() != operation || !strings.Contains(err.Error(), "functions in eu-west-1: ") {
			t.Errorf("%s: %v, want an error that names the Region and %s", part, err, operation)
		}
		if len(got) != 1 || !strings.HasSuffix(got[0].ARN, ":c") {
			t.Errorf("%s: functions %v, want the one of the other Region", part, got)
		}
	}
}

// TestFunctionsOldVersions: a published version adds what the latest does not ask for, and says so.
func TestFunctionsOldVersions(t *testing.T) {
	const dead = `,"DeadLetterConfig":{"TargetArn":"arn:aws:sqs:us-east-1:111122223333:dead"}`
	const tracing = `,"TracingConfig":{"Mode":"Active"}`
	f := &fake{functions: []string{
		configuration("us-east-1", "a", "9", role, tracing+dead), configuration("us-east-1", "a", "10", role, dead), configuration("us-east-1", "a", "$LATEST", role, tracing),
	}}
	got, err := Functions(t.Context(), clients(t, map[string]*fake{"us-east-1": f}), []string{"us-east-1"}, nil)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	var settings []string
	for _, n := range got[0].Needs {
		if n.Resource == "*" || strings.HasPrefix(n.Action, "sqs:") {
			settings = append(settings, n.Action+" by "+n.Setting)
		}
	}
	want := []string{
		"xray:GetSamplingRules by active tracing", "xray:GetSamplingStatisticSummaries by active tracing", "xray:GetSamplingTargets by active tracing",
		"xray:PutTelemetryRecords by active tracing", "xray:PutTraceSegments by active tracing",
		"sqs:SendMessage by dead-letter target arn:aws:sqs:us-east-1:111122223333:dead (version 10)",
	}
	if !slices.Equal(settings, want) {
		t.Errorf("got %q, want %q", settings, want)
	}
}

// TestFunctionsStops: who stops the reading gets one error, not one for each Region.
func TestFunctionsStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Functions(ctx, clients(t, map[string]*fake{"eu-west-1": {}, "us-east-1": {}}), []string{"eu-west-1", "us-east-1"}, nil)
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "us-east-1") {
		t.Error(err)
	}
}

// TestFunctionsWithoutClient: what keeps a client from being made is of its Region.
func TestFunctionsWithoutClient(t *testing.T) {
	broken := errors.New("no credentials")
	_, err := Functions(t.Context(), func(context.Context, string) (API, error) { return nil, broken }, []string{"eu-west-1"}, nil)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "functions in eu-west-1") {
		t.Error(err)
	}
}
