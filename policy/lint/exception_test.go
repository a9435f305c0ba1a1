package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/lint"
)

func TestExceptions(t *testing.T) {
	one := 1
	onResource := lint.Finding{Rule: "missing-arn-account", Statement: 1, Sid: "Queue", Element: "Resource", Value: "arn:aws:sqs:eu-west-1::q*"}
	onActions := lint.Finding{Rule: "unsupported-condition-key", Statement: 0, Element: "Condition", Value: "s3:prefix", Actions: []string{"s3:GetObject", "s3:PutObject"}}
	onAction := lint.Finding{Rule: "unknown-action", Element: "Action", Value: "s3:GetObjects"}
	tests := []struct {
		reason    string
		exception lint.Exception
		finding   lint.Finding
		want      bool
	}{
		{"the rule alone", lint.Exception{Rule: "missing-arn-account"}, onResource, true},
		{"another rule", lint.Exception{Rule: "missing-arn-region"}, onResource, false},
		{"the policy's name", lint.Exception{Rule: "missing-arn-account", Policy: "deploy-*"}, onResource, true},
		{"another policy", lint.Exception{Rule: "missing-arn-account", Policy: "deploy"}, onResource, false},
		{"the Sid", lint.Exception{Rule: "missing-arn-account", Sid: "Queue"}, onResource, true},
		{"another Sid", lint.Exception{Rule: "missing-arn-account", Sid: "queue"}, onResource, false},
		{"the statement", lint.Exception{Rule: "missing-arn-account", Statement: &one}, onResource, true},
		{"another statement", lint.Exception{Rule: "unsupported-condition-key", Statement: &one}, onActions, false},
		{"the resource", lint.Exception{Rule: "missing-arn-account", Resource: "arn:aws:sqs:*"}, onResource, true},
		{"another resource", lint.Exception{Rule: "missing-arn-account", Resource: "arn:aws:sqs:eu-west-1::q"}, onResource, false},
		{"a resource, of a finding without", lint.Exception{Rule: "unsupported-condition-key", Resource: "*"}, onActions, false},
		{"all actions", lint.Exception{Rule: "unsupported-condition-key", Action: "S3:*Object"}, onActions, true},
		{"one of the actions", lint.Exception{Rule: "unsupported-condition-key", Action: "s3:GetObject"}, onActions, false},
		{"an action that does not exist", lint.Exception{Rule: "unknown-action", Action: "s3:getobjects"}, onAction, true},
		{"an action, of a finding without", lint.Exception{Rule: "missing-arn-account", Action: "*"}, onResource, false},
	}
	for _, test := range tests {
		t.Run(test.reason, func(t *testing.T) {
			test.exception.Reason = "because"
			x, err := lint.NewExceptions(lint.Config{Exceptions: []lint.Exception{test.exception}})
			if err != nil {
				t.Fatal(err)
			}
			reason, got := x.Match("deploy-prod", test.finding)
			if got != test.want || got && reason != "because" {
				t.Errorf("Match = %q, %t", reason, got)
			}
			if unused := len(x.Unused()); (unused == 0) != test.want {
				t.Errorf("%d unused", unused)
			}
		})
	}
}

// TestExceptionsUnused: of several that agree the first is taken, and the other is of no use.
func TestExceptionsUnused(t *testing.T) {
	second := lint.Exception{Rule: "empty-sid", Sid: "x", Reason: "b"}
	x, err := lint.NewExceptions(lint.Config{Exceptions: []lint.Exception{{Rule: "empty-sid", Reason: "a"}, second}})
	if err != nil {
		t.Fatal(err)
	}
	if reason, ok := x.Match("p", lint.Finding{Rule: "empty-sid", Sid: "x"}); !ok || reason != "a" {
		t.Errorf("Match = %q, %t", reason, ok)
	}
	if diff := cmp.Diff([]lint.Exception{second}, x.Unused()); diff != "" {
		t.Error(diff)
	}
}

func TestExceptionsRefused(t *testing.T) {
	tests := []struct {
		exception lint.Exception
		want      string
	}{
		{lint.Exception{Reason: "x"}, "exception 2 has no rule"},
		{lint.Exception{Rule: "no-such-rule", Reason: "x"}, `exception 2: there is no rule "no-such-rule"`},
		{lint.Exception{Rule: "empty-sid", Reason: " "}, "exception 2, of the rule empty-sid, has no reason"},
	}
	for _, test := range tests {
		_, err := lint.NewExceptions(lint.Config{Exceptions: []lint.Exception{{Rule: "empty-sid", Reason: "x"}, test.exception}})
		if err == nil || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}
