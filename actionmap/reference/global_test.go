package reference_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

func TestGlobalConditionKey(t *testing.T) {
	tests := []struct {
		name string
		want *reference.ConditionKey
	}{
		{"aws:SourceIp", &reference.ConditionKey{Name: "aws:SourceIp", Type: reference.IPAddressType}},
		{"AWS:sourceip", &reference.ConditionKey{Name: "aws:SourceIp", Type: reference.IPAddressType}},
		{"aws:tagkeys", &reference.ConditionKey{Name: "aws:TagKeys", Type: reference.StringType, MultiValued: true}},
		{"aws:principaltag/team", &reference.ConditionKey{Name: "aws:PrincipalTag/${TagKey}", Type: reference.StringType}},
		{"lambda:SourceFunctionArn", &reference.ConditionKey{Name: "lambda:SourceFunctionArn", Type: reference.ARNType}},
		{"aws:PrincipalTag/", nil},
		{"aws:ARN", nil},
		{"s3:prefix", nil},
		{"", nil},
	}
	for _, test := range tests {
		got, ok := reference.GlobalConditionKey(test.name)
		if diff := cmp.Diff(test.want, got); diff != "" || ok != (test.want != nil) {
			t.Errorf("%q: %v (-want +got):\n%s", test.name, ok, diff)
		}
	}
}

// TestGlobalKeysOfServices: where a service's page lists a global key, it says the same of it. Of
// identitystore:UserId the pages of Amazon Q say that it is multivalued, and the global page says not.
func TestGlobalKeysOfServices(t *testing.T) {
	checked := 0
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, k := range service.ConditionKeys() {
			global, ok := reference.GlobalConditionKey(k.Name)
			if !ok || global.Name != k.Name || k.Name == "identitystore:UserId" {
				continue
			}
			checked++
			if diff := cmp.Diff(global, k); diff != "" {
				t.Errorf("%s (-global +service):\n%s", prefix, diff)
			}
		}
	}
	if checked == 0 {
		t.Fatal("no service lists a global key")
	}
}
