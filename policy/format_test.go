package policy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
)

func Example() {
	doc, err := policy.Parse([]byte(`{"Statement":{"Resource":["*"],"Action":["sqs:ListQueues","sqs:ListQueues"],"Effect":"Allow"}}`))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s%d characters\n", doc.Canonical().Format(), doc.Size())
	// Output:
	// {
	//   "Statement": [
	//     {
	//       "Effect": "Allow",
	//       "Action": "sqs:ListQueues",
	//       "Resource": "*"
	//     }
	//   ]
	// }
	// 94 characters
}

// fixtures returns the policies in testdata, and fails when there are none.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found[path] = text
	}
	return found
}

func TestFormat(t *testing.T) {
	doc, err := policy.Parse(fixtures(t)["testdata/lambda.json"])
	if err != nil {
		t.Fatal(err)
	}
	want := fixtures(t)["testdata/lambda.formatted.json"]
	if diff := cmp.Diff(string(want), string(doc.Format())); diff != "" {
		t.Error(diff)
	}
}

func roundTrip(t *testing.T, doc policy.Document) {
	t.Helper()
	text := doc.Format()
	back, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(doc, *back); diff != "" {
		t.Fatal(diff)
	}
	compact, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var unmarshalled policy.Document
	if err := json.Unmarshal(compact, &unmarshalled); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc, unmarshalled); diff != "" {
		t.Fatal(diff)
	}
	canonical := doc.Canonical()
	if diff := cmp.Diff(canonical, canonical.Canonical()); diff != "" {
		t.Fatalf("Canonical is not idempotent: %s", diff)
	}
}

func TestRoundTripManagedPolicies(t *testing.T) {
	for _, m := range policytest.Managed(t) {
		doc, err := policy.Parse(m.Text)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		roundTrip(t, *doc)
	}
}

func TestRoundTripFixtures(t *testing.T) {
	for path, text := range fixtures(t) {
		doc, err := policy.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		roundTrip(t, *doc)
	}
}

func TestSizeLeavesOutWhiteSpace(t *testing.T) {
	for path, text := range fixtures(t) {
		doc, err := policy.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		// No string of the fixtures has a space.
		if want := len(bytes.Join(bytes.Fields(doc.Format()), nil)); doc.Size() != want {
			t.Errorf("%s: Size = %d, want %d", path, doc.Size(), want)
		}
	}
	if got := (policy.Document{Version: "é"}).Size(); got != len(`{"Version":"é","Statement":[]}`)-1 {
		t.Errorf("Size counts bytes: %d", got)
	}
}

func TestCanonical(t *testing.T) {
	doc := policy.Document{Statements: []policy.Statement{{
		Actions:      []string{"s3:putobject", "S3:PutObject", "s3:GetObject", "s3:PutObject"},
		NotResources: []string{},
		Resources:    []string{"b", "a", "b", "A"},
		Conditions: []policy.Condition{
			{Operator: "StringLike", Key: "k", Values: []string{"b", "a", "a"}},
			{Operator: "Bool", Key: "k", Values: []string{"true"}},
			{Operator: "StringLike", Key: "k", Values: []string{"a", "b"}},
		},
	}}}
	before := string(doc.Format())
	want := policy.Document{Statements: []policy.Statement{{
		Actions:      []string{"s3:GetObject", "S3:PutObject"},
		NotResources: []string{},
		Resources:    []string{"A", "a", "b"},
		Conditions: []policy.Condition{
			{Operator: "Bool", Key: "k", Values: []string{"true"}},
			{Operator: "StringLike", Key: "k", Values: []string{"a", "b"}},
		},
	}}}
	if diff := cmp.Diff(want, doc.Canonical()); diff != "" {
		t.Error(diff)
	}
	if after := string(doc.Format()); after != before {
		t.Errorf("Canonical changed its receiver: %s", cmp.Diff(before, after))
	}
}
