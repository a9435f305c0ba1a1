//go:build integration

package lambdaapi

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

const region = "eu-west-1"

// TestIntegrationMoto: two functions share a role, and a third has another; one polls a queue.
// Destinations are left to the fake: moto writes their time as text, which no client of AWS reads, and
// forgets dead-letter targets.
func TestIntegrationMoto(t *testing.T) {
	url := moto.Start(t)
	cfg := moto.Config(url, region)
	roles := iam.NewFromConfig(cfg)
	shared, other := makeRole(t, roles, "shared"), makeRole(t, roles, "other")
	functions := lambda.NewFromConfig(cfg)
	makeFunction(t, functions, "orders", shared, func(in *lambda.CreateFunctionInput) {
		in.TracingConfig = &types.TracingConfig{Mode: types.TracingModeActive}
		in.Publish = true
	})
	makeFunction(t, functions, "refunds", shared, nil)
	makeFunction(t, functions, "reports", other, nil)
	const queue = "arn:aws:sqs:" + region + ":" + moto.Account + ":in"
	makeQueue(t, url, "in")
	if _, err := functions.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: aws.String("orders"), EventSourceArn: aws.String(queue)}); err != nil {
		t.Fatal(err)
	}

	client := func(_ context.Context, region string) (API, error) {
		return lambda.NewFromConfig(moto.Config(url, region)), nil
	}
	got, err := Functions(t.Context(), client, []string{region, "us-east-1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got); n != 3 {
		t.Errorf("%d functions, want 3", n)
	}
	of := current.OfRole(got, shared)
	if len(of) != 2 {
		t.Fatalf("%d functions of the role, want 2: %v", len(of), of)
	}
	all := list(of)
	for _, want := range []string{
		"orders shared: logs:PutLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*",
		"orders shared: sqs:ReceiveMessage on " + queue,
		"orders shared: xray:PutTraceSegments on *", "refunds shared: logs:PutLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/refunds:*",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("no %q in %q", want, all)
		}
	}
	chosen, err := Functions(t.Context(), client, []string{region}, func(role string) bool { return role == other })
	if err != nil || len(chosen) != 1 || !strings.HasSuffix(chosen[0].ARN, ":reports") {
		t.Errorf("functions of the other role: %v, %v", chosen, err)
	}
}

func makeRole(t *testing.T, api *iam.Client, name string) string {
	t.Helper()
	out, err := api.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 &name,
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Role.Arn
}

func makeFunction(t *testing.T, api *lambda.Client, name, role string, edit func(*lambda.CreateFunctionInput)) {
	t.Helper()
	var code bytes.Buffer
	archive := zip.NewWriter(&code)
	if _, err := archive.Create("index.py"); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	in := &lambda.CreateFunctionInput{
		FunctionName: &name, Role: &role, Runtime: types.RuntimePython313, Handler: aws.String("index.handler"), Code: &types.FunctionCode{ZipFile: code.Bytes()},
	}
	if edit != nil {
		edit(in)
	}
	if _, err := api.CreateFunction(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// makeQueue asks for a queue without a client, which nothing else needs. The credential scope says which service
// it is for.
func makeQueue(t *testing.T, url, name string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("Action=CreateQueue&Version=2012-11-05&QueueName="+name))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/"+region+"/sqs/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
}
