package tighten

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/report"
)

func sideOf(t *testing.T, texts ...string) diff.Side {
	var s diff.Side
	for _, text := range texts {
		s.Identity = append(s.Identity, document(t, text))
	}
	return s
}

const (
	allS3   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
	objects = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`
	fromVPC = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",
		"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}}`
)

func compared(t *testing.T, old, new diff.Side) []report.Change {
	t.Helper()
	c, err := Compare("r", old, new, diff.Options{Partition: "aws"})
	if err != nil {
		t.Fatal(err)
	}
	return c.Changes
}

func TestCompare(t *testing.T) {
	if c := compared(t, sideOf(t, allS3), sideOf(t, allS3)); c == nil || len(c) > 0 {
		t.Errorf("the same policy differs: %+v", c)
	}
	narrower := compared(t, sideOf(t, allS3), sideOf(t, objects))
	if len(narrower) == 0 {
		t.Error("no difference")
	}
	for _, c := range narrower {
		if c.Widens || c.Kind != "removed" || c.Service != "s3" || c.Lost == nil || !c.Lost.Confirmed || c.Gained != nil || c.Wide != nil || c.NewAccess != nil {
			t.Errorf("narrowing: %+v", c)
		}
	}
	managing := false
	for _, c := range compared(t, sideOf(t, objects), sideOf(t, allS3)) {
		if !c.Widens || c.Kind != "granted" || c.Gained == nil || !c.Gained.Confirmed || len(c.Known) > 0 && len(c.AccessLevels) == 0 {
			t.Errorf("widening: %+v", c)
		}
		for _, l := range c.AccessLevels {
			managing = managing || l.Level == "Permissions management" && len(c.Wide) > 0
		}
	}
	if !managing {
		t.Error("nothing says that s3:* manages permissions")
	}
}

func TestCompareConditions(t *testing.T) {
	want := report.Change{
		Kind: "changed", Service: "s3", Actions: []string{"s3:GetObject"}, Known: []string{"s3:GetObject"},
		AccessLevels: []report.LevelCount{{Level: "Read", Count: 1}},
		Resources:    []string{"arn:aws:s3:::b/*"},
		OldAccess:    &report.Access{When: [][]report.Condition{{}}},
		NewAccess:    &report.Access{When: [][]report.Condition{{{Operator: "StringEquals", Key: "aws:SourceVpce", Values: []string{"vpce-1"}}}}},
	}
	got := compared(t, sideOf(t, objects), sideOf(t, fromVPC))
	if len(got) != 1 || got[0].Lost == nil {
		t.Fatalf("%+v", got)
	}
	got[0].Lost = nil
	if d := cmp.Diff(want, got[0]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestWitnessHasToHold: a witness with which the evaluator does not agree is an error.
func TestWitnessHasToHold(t *testing.T) {
	all, some := compileSide(sideOf(t, allS3)), compileSide(sideOf(t, objects))
	for _, test := range []struct {
		reason  string
		witness diff.Witness
		ok      bool
	}{
		{"only one side allows it", diff.Witness{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Context: condition.Context{"a:b": condition.One("c")}}, true},
		{"both allow it", diff.Witness{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}, false},
		{"neither does", diff.Witness{Action: "sqs:SendMessage", Resource: "*"}, false},
	} {
		if w, err := confirm(&test.witness, all, some); (err == nil) != test.ok || (w != nil) != test.ok {
			t.Errorf("%s: %+v, %v", test.reason, w, err)
		}
	}
}

func TestCompareOrder(t *testing.T) {
	old := sideOf(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["sns:Publish","sqs:SendMessage"],"Resource":"*"}}`)
	new := sideOf(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["ssm:GetParameter","kms:Decrypt"],"Resource":"*"},
		{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`)
	var got []string
	for _, c := range compared(t, old, new) {
		got = append(got, c.Kind+" "+c.Service)
	}
	if d := cmp.Diff([]string{"granted kms", "granted ssm", "changed sqs", "removed sns"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWideIn(t *testing.T) {
	got := wideIn(diff.Row{
		Actions:   diff.Actions{Include: []string{"iam:Create*"}, Known: []string{"iam:CreateRole", "iam:CreatePolicyVersion"}, Future: true},
		Resources: diff.Resources{Include: []string{"*"}},
	})
	if len(got) != 3 {
		t.Errorf("%q", got)
	}
	if got := wideIn(diff.Row{
		Actions:   diff.Actions{Include: []string{"ec2:DescribeInstances"}, Known: []string{"ec2:DescribeInstances"}},
		Resources: diff.Resources{Include: []string{"*"}},
	}); got != nil {
		t.Errorf("no resource is possible, but: %q", got)
	}
}
