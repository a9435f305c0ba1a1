package cli

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// recordedRole is the row of AWS Config for the role of testdata/quickstart.
func recordedRole(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(object{
		"accountId": "111122223333", "arn": "arn:aws:iam::111122223333:role/service-role/orders-processor-role", "resourceId": "AROA1",
		"resourceName": "orders-processor-role", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-09-01T12:00:00.000Z",
		"configuration": object{
			"path": "/service-role/", "roleName": "orders-processor-role", "roleId": "AROA1",
			"arn": "arn:aws:iam::111122223333:role/service-role/orders-processor-role", "createDate": "2024-02-03T04:05:06.000Z",
			"assumeRolePolicyDocument": url.PathEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
			"rolePolicyList":           []object{{"policyName": "orders", "policyDocument": url.PathEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCalls: what a command calls is what whittle says that it needs, no more and no less. Each of must,
// which the table has under a condition, has to be called too.
func TestCalls(t *testing.T) {
	row := recordedRole(t)
	denies := refuses("AccessDeniedException", denied+"config:SelectResourceConfig")
	history := answers(object{"configurationItems": []object{}})
	for _, test := range []struct {
		name       string
		args       []string
		handlers   map[string]awsfake.Handler
		operations map[string]func(http.ResponseWriter, url.Values)
		features   []cloud.Feature
		must       []string
		// code is ExitError where the fake holds nothing of what is asked for.
		code int
	}{
		{
			name: "Athena", args: []string{"generate", "athena://logs/cloudtrail"}, handlers: querying(t), code: ExitError,
			features: []cloud.Feature{cloud.FeatureAthena}, must: []string{"S3 ListObjectsV2", "S3 GetObject"},
		},
		{
			name: "AWS Config", args: unusedBy("--current", "config"), handlers: map[string]awsfake.Handler{"SelectResourceConfig": answers(object{"Results": []string{row}})},
			features: []cloud.Feature{cloud.FeatureCurrentConfig}, must: []string{"Config Service SelectResourceConfig"},
		},
		{
			name: "AWS Config, with its history", args: unusedBy("--current", "config", "--grace", "30"), handlers: map[string]awsfake.Handler{"SelectResourceConfig": answers(object{"Results": []string{row}}), "GetResourceConfigHistory": history},
			features: []cloud.Feature{cloud.FeatureCurrentConfig}, must: []string{"Config Service GetResourceConfigHistory"},
		},
		{
			name: "AWS Config, by an aggregator", args: unusedBy("--current", "config:org"), handlers: map[string]awsfake.Handler{"SelectAggregateResourceConfig": answers(object{"Results": []string{row}})},
			features: []cloud.Feature{cloud.FeatureCurrentConfig}, must: []string{"Config Service SelectAggregateResourceConfig"},
		},
		{
			name: "AWS Config, without queries", args: unusedBy("--current", "config"), code: ExitError,
			handlers: map[string]awsfake.Handler{
				"SelectResourceConfig":    denies,
				"ListDiscoveredResources": answers(object{"resourceIdentifiers": []object{{"resourceType": "AWS::IAM::Role", "resourceId": "AROA1", "resourceName": "orders-processor-role"}}}),
				"BatchGetResourceConfig":  answers(object{"baseConfigurationItems": []object{}}),
			},
			features: []cloud.Feature{cloud.FeatureCurrentConfig}, must: []string{"Config Service ListDiscoveredResources", "Config Service BatchGetResourceConfig"},
		},
		{
			name: "last accessed",
			args: unusedBy("--current", "../../../testdata/policies/orders-processor-role.json", "--last-accessed"),
			operations: map[string]func(http.ResponseWriter, url.Values){
				"GetCallerIdentity":                  callerIdentity,
				"GenerateServiceLastAccessedDetails": queryAnswers("GenerateServiceLastAccessedDetails", "<JobId>1</JobId>"),
				"GetServiceLastAccessedDetails": queryAnswers("GetServiceLastAccessedDetails", "<JobStatus>COMPLETED</JobStatus>"+
					"<JobCreationDate>2026-11-01T00:00:00Z</JobCreationDate><JobCompletionDate>2026-11-01T00:00:00Z</JobCompletionDate><ServicesLastAccessed/>"),
			},
			features: []cloud.Feature{cloud.FeatureLastAccessed}, must: []string{"STS GetCallerIdentity"},
		},
		{
			name: "two features at once", args: unusedBy("--current", "config", "--functions", "aws"), handlers: map[string]awsfake.Handler{"SelectResourceConfig": answers(object{"Results": []string{row}})},
			operations: map[string]func(http.ResponseWriter, url.Values){"GetCallerIdentity": callerIdentity},
			features:   []cloud.Feature{cloud.FeatureCurrentConfig, cloud.FeatureFunctions}, must: []string{"Account ListRegions"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			other := rest{operations: test.operations}
			if test.handlers[""] == nil {
				handlers := map[string]awsfake.Handler{"": other.handle}
				for operation, h := range test.handlers {
					handlers[operation] = h
				}
				test.handlers = handlers
			}
			inCloud(t, test.handlers)
			code, _, stderr, calls := observed(t, test.args...)
			if code != test.code {
				t.Errorf("exit %d, want %d:\n%s", code, test.code, stderr)
			}
			if err := cloud.Check(calls, test.features...); err != nil {
				t.Errorf("%v\n%s", err, stderr)
			}
			for _, call := range test.must {
				if !slices.Contains(calls, call) {
					t.Errorf("%s was not called, but %v\n%s", call, calls, stderr)
				}
			}
		})
	}
}
