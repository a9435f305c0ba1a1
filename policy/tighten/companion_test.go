package tighten

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/trail"
)

func byLambda(u *trail.Usage) { u.Function, u.ByLambda = "", true }

func TestCompanions(t *testing.T) {
	const queue = "arn:aws:sqs:us-east-1:111122223333:q"
	poll := map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q"}
	for _, test := range []struct {
		name  string
		usage trail.Usage
		want  []string // what is added
	}{
		{"Lambda polls a queue", made("sqs", "ReceiveMessage", poll, byLambda), []string{
			"sqs:DeleteMessage " + queue, "sqs:GetQueueAttributes " + queue,
		}},
		{"the code reads a queue: nothing", made("sqs", "ReceiveMessage", poll), nil},
		{"Lambda makes an interface", made("ec2", "CreateNetworkInterface", map[string]string{"subnetId": "subnet-1"}, byLambda), []string{
			"ec2:AssignPrivateIpAddresses arn:aws:ec2:us-east-1:111122223333:network-interface/*",
			"ec2:DeleteNetworkInterface arn:aws:ec2:us-east-1:111122223333:network-interface/*",
			"ec2:DescribeNetworkInterfaces *",
			"ec2:DescribeSubnets *",
			"ec2:UnassignPrivateIpAddresses arn:aws:ec2:us-east-1:111122223333:network-interface/*",
		}},
		{"tracing", made("xray", "PutTraceSegments", nil), []string{
			"xray:GetSamplingRules *", "xray:GetSamplingStatisticSummaries *", "xray:GetSamplingTargets *", "xray:PutTelemetryRecords *",
		}},
		{"a log group of one's own", made("logs", "CreateLogStream", map[string]string{"logGroupName": "/my/app", "logStreamName": "s"}), []string{
			"logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/my/app:log-stream:s",
		}},
		{"nothing of the kind", made("dynamodb", "PutItem", map[string]string{"tableName": "t"}), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			plain := grants(propose(t, Options{NoOverlay: true}, test.usage))
			with := propose(t, Options{}, test.usage)
			var added []string
			for _, g := range grants(with) {
				if !slices.Contains(plain, g) && !strings.Contains(g, ":log-group:/aws/lambda/") {
					added = append(added, g)
				}
			}
			if d := cmp.Diff(test.want, added); d != "" {
				t.Errorf("added (-want +got):\n%s", d)
			}
			for _, p := range with.Permissions {
				if slices.Contains(test.want, p.Action+" "+p.Resource) && (p.Evidence.Count != 0 || len(p.Findings) == 0 || p.Findings[0].Kind != "overlay") {
					t.Errorf("%s is not marked as overlay: %+v", p.Action, p)
				}
			}
		})
	}
}

func TestCompanionActionsExist(t *testing.T) {
	for _, c := range companions {
		for _, id := range c.actions {
			if a, ok := reference.LookupAction(id); !ok || a.ID() != id {
				t.Errorf("%s: no action %s", c.managedPolicy, id)
			}
		}
	}
}
