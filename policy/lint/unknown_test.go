package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/lint"
)

// lacking is what AWS's managed policies name and the reference does not have, with the reason as far as
// it is known. Whatever else the rules call unknown there is a false alarm.
var lacking = []struct{ policy, rule, actions, reason string }{
	{"AWSCodeStarFullAccess", "unknown-action", "cloud9:ValidateEnvironmentName", "no longer listed"},
	{"AWSDeepLensServiceRolePolicy", "unknown-service", "deeplens:*", "ended"},
	{"AWSDeepRacerAccountAdminAccess", "unknown-service", "deepracer:*", "ended"},
	{"AWSDeepRacerDefaultMultiUserAccess", "unknown-service", "deepracer:Add* deepracer:Admin* deepracer:Clone* deepracer:Create* deepracer:Delete* deepracer:Edit* deepracer:Get* deepracer:GetAccountConfig deepracer:GetTrack deepracer:Import* deepracer:List* deepracer:ListTracks deepracer:Perform* deepracer:Remove* deepracer:Set* deepracer:Start* deepracer:Stop* deepracer:Tag* deepracer:TestRewardFunction deepracer:Untag* deepracer:Update*", "ended"},
	{"AWSIotRoboRunnerFullAccess", "unknown-service", "iotroborunner:*", "ended"},
	{"AmazonDataZonePortalFullAccessPolicy", "unknown-service", "datazonecontrol:*", "the preview's prefix"},
	{"AmazonDataZonePreviewConsoleFullAccess", "unknown-service", "datazonecontrol:*", "the preview's prefix"},
	{"AmazonEC2ReportsAccess", "unknown-service", "ec2-reports:*", "ended"},
	{"AmazonMechanicalTurkCrowdFullAccess", "unknown-service", "crowd:*", "ended"},
	{"AmazonRoute53RecoveryControlConfigReadOnlyAccess", "unknown-action", "route53-recovery-control-config:DescribeRoutingControlByName", "never listed"},
	{"AmazonSageMakerFullAccess", "unknown-service", "elastic-inference:Connect", "ended"},
	{"AmazonSumerianFullAccess", "unknown-service", "sumerian:*", "ended"},
	{"AmazonZocaloFullAccess", "unknown-service", "zocalo:*", "renamed to workdocs"},
	{"RDSCloudHsmAuthorizationRole", "unknown-action", "cloudhsm:CreateLunaClient cloudhsm:DeleteLunaClient cloudhsm:DescribeHapg cloudhsm:DescribeLunaClient cloudhsm:GetConfig cloudhsm:ModifyHapg cloudhsm:ModifyLunaClient", "CloudHSM Classic, ended"},
	{"ResourceGroupsTaggingAPITagUntagSupportedResources", "unknown-service", "deepcomposer:TagResource deepcomposer:UntagResource elastic-inference:TagResource elastic-inference:UntagResource iot1click:TagResource iot1click:UntagResource", "ended"},
	{"SecurityAgentWebAppAPIPolicy", "unknown-action", "securityagent:BatchGetAgentInstances securityagent:BatchGetSecurityTestContentMetadata securityagent:BatchGetTasks securityagent:CreateDocumentReview securityagent:DeleteDocumentReview securityagent:GetCodeReviewTask securityagent:GetDocReviewTask securityagent:GetDocumentReview securityagent:GetDocumentReviewArtifact securityagent:ListAgentInstances securityagent:ListControls securityagent:ListDocumentReviewComments securityagent:ListDocumentReviews securityagent:ListTasks securityagent:StartPentestExecution securityagent:StopPentestExecution", "newer, or not listed yet"},
	{"ServiceCatalogEndUserAccess", "unknown-service", "catalog-user:*", "renamed to servicecatalog"},
}

// TestManagedUnknown: the rules call nothing in AWS's managed policies unknown but what is listed, and
// say of no action that it could be limited to resources if it takes none.
func TestManagedUnknown(t *testing.T) {
	want := map[string]string{}
	for _, l := range lacking {
		want[l.policy+" "+l.rule] = l.actions
	}
	found := map[string][]string{}
	for _, in := range managed(t) {
		for _, f := range lint.Check(in) {
			checkUnscoped(t, in.Name, f)
			switch f.Rule {
			case "unknown-action", "unknown-service", "action-matches-nothing":
				found[in.Name+" "+f.Rule] = append(found[in.Name+" "+f.Rule], f.Value)
			}
		}
	}
	got := map[string]string{}
	for key, values := range found {
		slices.Sort(values)
		got[key] = strings.Join(slices.Compact(values), " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unknown in managed policies (-want +got):\n%s", diff)
	}
}

// checkUnscoped: no action that takes no resource is said to be limitable.
func checkUnscoped(t *testing.T, name string, f lint.Finding) {
	t.Helper()
	if !strings.HasPrefix(f.Rule, "unscoped-") {
		return
	}
	if len(f.Actions) == 0 {
		t.Errorf("%s: %s has no actions", name, f.Message)
	}
	for _, id := range f.Actions {
		if a, ok := reference.LookupAction(id); !ok || !a.TakesResource() {
			t.Errorf("%s: %s takes no resource", name, id)
		}
	}
}
