package reference

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhole(t *testing.T) {
	prefixes := Prefixes()
	if len(prefixes) != 456 {
		t.Errorf("%d services, want 456", len(prefixes))
	}
	if !slices.IsSorted(prefixes) {
		t.Error("prefixes are not sorted")
	}
	actions, withoutResource, resourceTypes, conditionKeys := 0, 0, 0, 0
	for _, prefix := range prefixes {
		s, ok := Lookup(prefix)
		if !ok {
			t.Fatalf("Lookup(%q) finds nothing", prefix)
		}
		for _, a := range s.Actions() {
			if !a.TakesResource() {
				withoutResource++
			}
		}
		actions += len(s.Actions())
		resourceTypes += len(s.ResourceTypes())
		conditionKeys += len(s.ConditionKeys())
	}
	got := []int{actions, withoutResource, resourceTypes, conditionKeys}
	if diff := cmp.Diff([]int{22091, 6724, 2334, 2578}, got); diff != "" {
		t.Errorf("totals of the release (-want +got):\n%s", diff)
	}
	if actions != ActionCount {
		t.Errorf("ActionCount = %d, have %d", ActionCount, actions)
	}
}

func TestEveryServiceIsConsistent(t *testing.T) {
	types := []ConditionType{StringType, ARNType, BoolType, NumericType, DateType, IPAddressType}
	levels := []AccessLevel{List, Read, Write, Tagging, PermissionsManagement}
	for _, prefix := range Prefixes() {
		s, _ := Lookup(prefix)
		if s.Prefix != prefix || s.Name == "" {
			t.Errorf("%s: is %q, named %q", prefix, s.Prefix, s.Name)
		}
		keysExist := func(where string, keys []string) {
			for _, key := range keys {
				if k, ok := s.ConditionKey(key); !ok || k.Name != key {
					t.Errorf("%s: %s: condition key %q is not the service's", prefix, where, key)
				}
			}
		}
		for _, k := range s.ConditionKeys() {
			if !slices.Contains(types, k.Type) {
				t.Errorf("%s: %s has type %q", prefix, k.Name, k.Type)
			}
		}
		for _, r := range s.ResourceTypes() {
			keysExist(r.Name, r.ConditionKeys)
			if got, ok := s.ResourceType(strings.ToUpper(r.Name)); !ok || got != r {
				t.Errorf("%s: resource type %q is not found", prefix, r.Name)
			}
			for _, arn := range r.ARNs {
				if !strings.HasPrefix(arn, "arn:${Partition}:") {
					t.Errorf("%s: %s: ARN %q", prefix, r.Name, arn)
				}
			}
		}
		for _, a := range s.Actions() {
			keysExist(a.Name, a.ConditionKeys)
			if got, ok := LookupAction(strings.ToUpper(a.ID())); !ok || got != a {
				t.Errorf("%s is not found by its ID", a.ID())
			}
			if !slices.Contains(levels, a.AccessLevel) {
				t.Errorf("%s has access level %q", a.ID(), a.AccessLevel)
			}
			for _, use := range a.Resources {
				keysExist(a.Name, use.ConditionKeys)
				if r, ok := s.ResourceType(use.Type); !ok || r.Name != use.Type {
					t.Errorf("%s takes %q, which the service has not", a.ID(), use.Type)
				}
			}
		}
	}
}

// TestActions compares with AWS's pages "Actions, resources, and condition keys for …".
func TestActions(t *testing.T) {
	tests := []struct {
		id, want string
		level    AccessLevel
		types    []string // "!" marks required ones
	}{
		{"s3:getobject", "s3:GetObject", Read, []string{"accesspointobject", "object"}},
		{"S3:ListAllMyBuckets", "s3:ListAllMyBuckets", List, nil},
		{"dynamodb:PutItem", "dynamodb:PutItem", Write, []string{"table!"}},
		{"sqs:SendMessage", "sqs:SendMessage", Write, []string{"queue!"}},
		{"kms:Decrypt", "kms:Decrypt", Write, []string{"key!"}},
		{"logs:CreateLogGroup", "logs:CreateLogGroup", Write, []string{"log-group!"}},
		{"iam:PassRole", "iam:PassRole", Write, []string{"role!"}},
		{"sqs:TagQueue", "sqs:TagQueue", Tagging, []string{"queue!"}},
		{"s3:PutBucketPolicy", "s3:PutBucketPolicy", PermissionsManagement, []string{"bucket!"}},
	}
	for _, tt := range tests {
		a, ok := LookupAction(tt.id)
		if !ok {
			t.Errorf("LookupAction(%q) finds nothing", tt.id)
			continue
		}
		var types []string
		for _, r := range a.Resources {
			name := r.Type
			if r.Required {
				name += "!"
			}
			types = append(types, name)
		}
		got := tt
		got.want, got.level, got.types = a.ID(), a.AccessLevel, types
		if tt.want != got.want || tt.level != got.level || !slices.Equal(tt.types, types) {
			t.Errorf("LookupAction(%q) = %+v, want %+v", tt.id, got, tt)
		}
		if a.TakesResource() != (len(tt.types) > 0) {
			t.Errorf("%s: TakesResource() = %v", a.ID(), a.TakesResource())
		}
	}
}

func TestNotThere(t *testing.T) {
	for _, id := range []string{"", ":", "s3", "s3:", ":GetObject", "s3:GetObjects", "s3:Get*", "s4:GetObject",
		"s3:GetObject ", "\u212Ams:Decrypt"} { // KELVIN SIGN
		if a, ok := LookupAction(id); ok {
			t.Errorf("LookupAction(%q) = %s", id, a.ID())
		}
	}
}

func TestARNs(t *testing.T) {
	tests := map[string]string{
		"s3:object":             "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
		"s3:Bucket":             "arn:${Partition}:s3:::${BucketName}",
		"dynamodb:table":        "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
		"sns:topic":             "arn:${Partition}:sns:${Region}:${Account}:${TopicName}",
		"lambda:function":       "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
		"iam:role":              "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
		"secretsmanager:Secret": "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}",
	}
	for id, want := range tests {
		prefix, name, _ := strings.Cut(id, ":")
		s, _ := Lookup(prefix)
		r, ok := s.ResourceType(name)
		if !ok {
			t.Errorf("no resource type %s", id)
			continue
		}
		if diff := cmp.Diff([]string{want}, r.ARNs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestConditionKey(t *testing.T) {
	tests := []struct {
		reason, prefix, key string
		want                ConditionKey
	}{
		{"as written", "s3", "s3:prefix", ConditionKey{"s3:prefix", StringType, false}},
		{"other case", "s3", "S3:Max-Keys", ConditionKey{"s3:max-keys", NumericType, false}},
		{"variable", "s3", "aws:requesttag/Team", ConditionKey{"aws:RequestTag/${TagKey}", StringType, false}},
		{"angle brackets", "s3", "s3:ExistingObjectTag/a", ConditionKey{"s3:ExistingObjectTag/<key>", StringType, false}},
		{"variable in the middle", "events", "events:Metadata/a/Matcher", ConditionKey{"events:Metadata/${MetadataKey}/Matcher", StringType, false}},
		{"multivalued", "dynamodb", "dynamodb:LeadingKeys", ConditionKey{"dynamodb:LeadingKeys", StringType, true}},
		{"an ARN", "iam", "iam:PolicyARN", ConditionKey{"iam:PolicyARN", ARNType, false}},
		{"empty variable", "s3", "aws:RequestTag/", ConditionKey{}},
		{"the key of another service", "s3", "dynamodb:LeadingKeys", ConditionKey{}},
	}
	for _, tt := range tests {
		s, _ := Lookup(tt.prefix)
		var got ConditionKey
		if k, ok := s.ConditionKey(tt.key); ok {
			got = *k
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", tt.reason, tt.key, diff)
		}
	}
}
