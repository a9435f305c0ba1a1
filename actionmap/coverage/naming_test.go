package main

import (
	"testing"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/actionmap/overrides"
)

func TestNaming(t *testing.T) {
	n := naming{
		lines: map[string]overrides.Line{"overrides/x.txt:1": {Targets: []overrides.Target{{Type: "key"}}}},
		types: map[string]*overrides.Service{"sqs": {Types: map[string]*overrides.Type{"queue": {Fills: []overrides.Fill{{}}}}}},
	}
	tests := []struct {
		reason, action, rule string
		want                 named
	}{
		{"no resource", "sts:GetCallerIdentity", "reference", nothingToName},
		{"a declared type", "sqs:SendMessage", "reference", byRule},
		{"a type that is not", "sns:Publish", "reference", byGuess},
		{"a line that names it", "kms:Decrypt", "overrides/x.txt:1", byRule},
		{"a line that does not", "kms:Decrypt", "overrides/x.txt:2", byGuess},
		{"one resource for each account", "xray:GetEncryptionConfig", "reference", nothingToName},
		{"no such action", "x:Y", "reference", nothingToName},
	}
	for _, tt := range tests {
		if got := n.of(actionmap.Grant{Action: tt.action, Rule: tt.rule}); got != tt.want {
			t.Errorf("%s: %s is named by %s, not %s", tt.reason, tt.action, got, tt.want)
		}
	}
	both := []actionmap.Grant{{Action: "sqs:SendMessage"}, {Action: "sns:Publish"}}
	if got := n.ofAll(both); got != byGuess {
		t.Errorf("a rule and a guess are %s", got)
	}
	if got := n.ofAll(both[:1]); got != byRule {
		t.Errorf("a rule alone is %s", got)
	}
	if n.declares("sns", "topic") {
		t.Error("sns topics are declared by nothing")
	}
	if n.declares("s3", "nosuch") {
		t.Error("a type that does not exist is declared")
	}
}
