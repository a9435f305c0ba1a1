//go:build integration

package awsconfig_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/awsconfig"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// must stops the test if a set-up call failed.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// mended leaves the times out of moto's items, which are strings where AWS writes numbers.
type mended struct{}

var wrongTimes = regexp.MustCompile(`"(configurationItemCaptureTime|resourceCreationTime)": "[^"]*",`)

func (mended) Do(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	body = wrongTimes.ReplaceAll(body, nil)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, err
}

// TestIntegrationMoto reads roles from moto's AWS Config: they are those that IAM has. moto's query
// language answers nothing, so that resources are listed; its records leave paths out of ARNs, so that
// roles here have none.
func TestIntegrationMoto(t *testing.T) {
	url := moto.Start(t)
	client := iam.NewFromConfig(moto.Config(url, "us-east-1"))
	ctx := t.Context()
	queues := must[*iam.CreatePolicyOutput](t)(client.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("queues"), PolicyDocument: aws.String(allow("sqs:*")),
	})).Policy.Arn
	must[*iam.CreatePolicyVersionOutput](t)(client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: queues, PolicyDocument: aws.String(allow("sqs:SendMessage")), SetAsDefault: true,
	}))
	for i := range 130 {
		name := aws.String(fmt.Sprintf("orders-%d", i))
		must[*iam.CreateRoleOutput](t)(client.CreateRole(ctx, &iam.CreateRoleInput{
			RoleName: name, AssumeRolePolicyDocument: aws.String(lambda), Tags: []types.Tag{{Key: aws.String("n"), Value: name}},
		}))
		for j := range i % 3 {
			must[*iam.PutRolePolicyOutput](t)(client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: name, PolicyName: aws.String(fmt.Sprintf("p+%d", j)), PolicyDocument: aws.String(allow("s3:GetObject")),
			}))
		}
		for _, arn := range []string{basic, *queues}[:i%3] {
			must[*iam.AttachRolePolicyOutput](t)(client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: &arn}))
		}
	}
	want := must[current.Set](t)(iamapi.Read(ctx, client, nil))
	byARN := map[string]current.Policy{}
	for _, p := range want.Managed {
		byARN[p.ARN] = p
	}
	cfg := moto.Config(url, "us-east-1")
	cfg.HTTPClient = mended{}
	got := must[current.Set](t)(awsconfig.Read(ctx, configservice.NewFromConfig(cfg), awsconfig.Options{
		Library: func(arn string) (current.Policy, bool) { p, ok := byARN[arn]; return p, ok },
	}))
	if len(got.Roles) != 130 || len(got.Managed) != 2 || len(got.Notes) != 1 {
		t.Fatalf("got %d roles, %d managed policies, notes %q", len(got.Roles), len(got.Managed), got.Notes)
	}
	diff := cmp.Diff(want.Roles, got.Roles, cmpopts.IgnoreFields(current.Policy{}, "Origin"))
	if diff != "" {
		t.Errorf("from IAM (-), from AWS Config (+):\n%.4000s", diff)
	}
}
