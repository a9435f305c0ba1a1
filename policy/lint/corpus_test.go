package lint_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/whittle-iam/whittle/policy/lint"
)

// managed returns AWS's managed policies, sorted by name.
func managed(tb testing.TB) []lint.Input {
	tb.Helper()
	var inputs []lint.Input
	for _, m := range policytest.Managed(tb) {
		inputs = append(inputs, lint.Input{Name: m.Name, Text: m.Text})
	}
	return inputs
}

// mistakes are what rules of severity error find in AWS's own policies, by rule and value, and why.
// Everything else that such a rule finds there is taken for a false alarm; the rules about unknown
// actions have their own list.
var mistakes = map[string]map[string]string{
	"condition-key-without-action": {
		"aws-marketplace:ProductId":                               "the reference lists it for none of the actions named",
		"iottwinmaker:linkedServices":                             "the reference lists it for none of the actions named",
		"ssm:resourceTag/sagemaker.amazonaws.com/eks-cluster-arn": "the reference lists it for none of the actions named",
		"ssm:resourceTag/sagemaker.amazonaws.com/managed-by":      "the reference lists it for none of the actions named",
	},
	"missing-arn-account": {
		"arn:aws:kms:*::*": "every KMS resource has an account",
	},
	"unknown-arn-resource": {
		"arn:*:kms:*:::*":                                                  "one colon too many",
		"arn:aws:apigateway:*::/tags":                                      "the format ends in the tagged resource",
		"arn:aws:appflow:*:*:connector-profile/*":                          "it is connectorprofile",
		"arn:aws:aps:*:*:/workspaces":                                      "a path of the API, not a resource",
		"arn:aws:bedrock-agentcore:*:*:credential-provider/*":              "the formats have a token vault before it",
		"arn:aws:grafana:*:*:/workspaces":                                  "the format goes on with the workspace's ID",
		"arn:aws:logs:*:*:/aws-glue/*":                                     "it lacks log-group:",
		"arn:aws:logs:*:*:/aws-sixthsense/*":                               "it lacks log-group:",
		"arn:aws:pricingplanmanager::*:subscription:*":                     "the format has a slash",
		"arn:aws:profile:*:*:/domains/amazon-connect-*":                    "the format has no slash before it",
		"arn:aws:profile:*:*:/templates*":                                  "not a resource type",
		"arn:aws:redshift-serverless:*:*:snapshotcopyconfiguration/*":      "not a resource type of the reference",
		"arn:aws:robomaker:*:*:/createSimulationApplication":               "a path of the API, not a resource",
		"arn:aws:sagemaker:*:*:endpointconfig/*":                           "it is endpoint-config",
		"arn:aws:secretsmanager:*:*:opsworks-cm!aws-opsworks-cm-secrets-*": "it lacks secret:",
		"arn:aws:secretsmanager:*:*:sqlworkbench!*":                        "it lacks secret:",
		"arn:aws:securityagent:*:*:agent-instance*":                        "not a resource type of the reference",
		"arn:aws:states:*:*:statemachine:*sagemaker*":                      "it is stateMachine, and case counts",
	},
	"unknown-condition-key": {
		"aws:PrincipalOrgMasterAccountId": "AWS uses it and documents it nowhere",
		"deepracer:MultiUser":             "the reference lacks it",
		"deepracer:UserToken":             "the reference lacks it",
		"lakeformation:GlueARN":           "the reference lacks it",
	},
	"unsupported-condition-key": {
		"application-autoscaling:service-namespace": "describing does not support it",
		"aws-marketplace:AgreementType":             "requests for agreements do not support it",
		"deadline:FleetMembershipLevels":            "searching does not support it",
		"ec2:ResourceTag/AmazonMSKConnectManaged":   "describing knows no resources",
		"ec2:ResourceTag/eks":                       "describing knows no resources",
		"ec2:ResourceTag/eks:nodegroup-name":        "describing knows no resources",
		"nimble:ownedBy":                            "listing backups does not support it",
	},
	"variable-out-of-place": {
		"arn:*:kms:*:${aws:PrincipalAccount}:key/*": "the documentation allows variables in the last field only",
	},
}

// TestCorpus runs all rules over policies whose authors know what they do. With -v it prints how often
// each finds something.
func TestCorpus(t *testing.T) {
	severities := map[string]lint.Severity{}
	for _, rule := range lint.Rules() {
		severities[rule.ID] = rule.Severity
	}
	findings, policies, met := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, in := range managed(t) {
		seen := map[string]bool{}
		for _, f := range lint.Check(in) {
			findings[f.Rule]++
			if !seen[f.Rule] {
				seen[f.Rule] = true
				policies[f.Rule]++
			}
			if severities[f.Rule] != lint.Error || f.Rule == "unknown-action" || f.Rule == "unknown-service" || f.Rule == "action-matches-nothing" {
				continue
			}
			met[f.Rule+f.Value] = true
			if _, ok := mistakes[f.Rule][f.Value]; !ok {
				t.Errorf("%s %s: %s: %s", in.Name, f.Pos, f.Rule, f.Message)
			}
		}
	}
	for rule, values := range mistakes {
		for value := range values {
			if !met[rule+value] {
				t.Errorf("%s no longer finds %s: drop it from the list", rule, value)
			}
		}
	}
	for _, rule := range lint.Rules() {
		t.Logf("%-36s %-10s %5d findings in %3d policies", rule.ID, rule.Severity, findings[rule.ID], policies[rule.ID])
	}
}

// TestObservations compares the rules with what IAM itself refused or took: a condition that it refused
// breaks a rule of those that say so, and one that it took breaks none of them.
func TestObservations(t *testing.T) {
	refusing := []string{"unknown-operator", "null-if-exists", "invalid-binary", "empty-variable", "unclosed-variable", "space-in-variable",
		"unquoted-variable-default", "wrong-type", "repeated-condition-key", "invalid-json"}
	f, err := os.Open("../../../shared/corpus/condition-observations.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	refused, taken := 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var o struct {
			Source, Kind, Allow string
			Condition           json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		if o.Kind != "live" {
			continue
		}
		broken := ""
		for _, f := range lint.Check(lint.Input{Text: []byte(policyText(`"Condition":` + string(o.Condition)))}) {
			if slices.Contains(refusing, f.Rule) {
				broken = f.Rule
			}
		}
		malformed := strings.Contains(o.Allow, "MalformedPolicyDocument")
		if malformed != (broken != "") {
			t.Errorf("%s: IAM answered %s, and the rule broken is %q: %s", o.Source, o.Allow, broken, o.Condition)
		}
		if malformed {
			refused++
		} else {
			taken++
		}
	}
	if refused == 0 || taken == 0 {
		t.Fatalf("%d refused and %d taken", refused, taken)
	}
}

func BenchmarkManagedPolicies(b *testing.B) {
	inputs := managed(b)
	for b.Loop() {
		for _, in := range inputs {
			lint.Check(in)
		}
	}
}
