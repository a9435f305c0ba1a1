//go:build integration

package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/whittle-iam/whittle/cmd/internal/cli"
	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// calls runs a command in the process, which has to end with an exit status, and returns the AWS calls that
// it made.
func calls(t *testing.T, status int, args ...string) []string {
	t.Helper()
	var mu sync.Mutex
	var out, errs bytes.Buffer
	var made []string
	env := cli.Env{Stdin: &bytes.Buffer{}, Stdout: &out, Stderr: &errs, OnCall: func(service, operation string) {
		mu.Lock()
		defer mu.Unlock()
		made = append(made, service+" "+operation)
	}}
	if got := cli.Main(t.Context(), args, env); got != status {
		t.Fatalf("whittle %q: exit %d, want %d\n%s%s", args, got, status, &out, &errs)
	}
	return made
}

// TestIntegrationPermissions: what a command calls is what whittle says that it needs, no more and no less.
func TestIntegrationPermissions(t *testing.T) {
	url := startAccount(t)
	organize(t, url)
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_CACHE_HOME": filepath.Join(home, "cache"), "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	source := "s3://" + bucketName
	assume := []string{"--assume-role", "arn:aws:iam::{account}:role/whittle"}
	for _, test := range []struct {
		name     string
		args     []string
		features []cloud.Feature
		// must are calls that the table has under a condition which holds here.
		must []string
	}{
		{"s3://", []string{"generate", source}, []cloud.Feature{cloud.FeatureS3}, nil},
		{
			"the policies of the account", []string{"unused", source, "--current", "aws"},
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureCurrentAWS}, nil,
		},
		{
			"the policies of a role", []string{"unused", source, "--current", "aws", "--role", roleName},
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureCurrentRoles}, []string{"IAM GetRolePolicy", "IAM GetPolicy", "IAM GetPolicyVersion"},
		},
		{
			"functions", []string{"generate", source, "--functions", "aws", "--regions", "us-east-1"},
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureFunctions},
			[]string{"STS GetCallerIdentity", "Lambda ListEventSourceMappings", "Lambda ListFunctionEventInvokeConfigs"},
		},
		{
			"the policies of an organisation", slices.Concat([]string{"unused", source, "--current", "aws"}, assume),
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureCurrentAWS, cloud.FeatureAssumeRole}, []string{"Organizations ListAccounts"},
		},
		{
			"the policies of accounts", slices.Concat([]string{"unused", source, "--current", "aws", "--accounts", account}, assume),
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureCurrentAWS, cloud.FeatureAssumeRole}, nil,
		},
		{
			"functions of an organisation", slices.Concat([]string{"generate", source, "--functions", "aws", "--regions", "us-east-1"}, assume),
			[]cloud.Feature{cloud.FeatureS3, cloud.FeatureFunctions, cloud.FeatureAssumeRole}, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			made := calls(t, cli.ExitOK, test.args...)
			if err := cloud.Check(made, test.features...); err != nil {
				t.Errorf("%v; calls: %s", err, strings.Join(slices.Compact(slices.Sorted(slices.Values(made))), ", "))
			}
			for _, call := range test.must {
				if !slices.Contains(made, call) {
					t.Errorf("%s was not called", call)
				}
			}
		})
	}
}

// organize gives the account an organisation with another account.
func organize(t *testing.T, url string) {
	t.Helper()
	client := organizations.NewFromConfig(moto.Config(url, "us-east-1"))
	if _, err := client.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll}); err != nil {
		t.Fatal(err)
	}
	_, err := client.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("other"), Email: aws.String("other@example.com")})
	if err != nil {
		t.Fatal(err)
	}
}
