package tighten

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/report"
)

// A companion is a set of permissions that one use of a role takes together, as an AWS managed policy
// for execution roles lists them
// (https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html). A window may show
// only some of them: a network interface is deleted long after it was made, and some calls are never
// recorded. Seeing one shows the need of all.
type companion struct {
	managedPolicy string
	// byLambda counts only what Lambda itself did with the role: a function that receives messages in
	// its own code needs no more than it calls.
	byLambda bool
	actions  []string
}

var companions = []companion{
	{"AWSLambdaVPCAccessExecutionRole", true, []string{
		"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
		"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
	}},
	{"AWSLambdaSQSQueueExecutionRole", true, []string{
		"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
	}},
	{"AWSLambdaDynamoDBExecutionRole", true, []string{
		"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
	}},
	{"AWSLambdaKinesisExecutionRole", true, []string{
		"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator",
		"kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard",
	}},
	{"AWSLambdaMSKExecutionRole", true, []string{
		"kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers",
	}},
	{"AWSXRayDaemonWriteAccess", false, []string{
		"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets",
		"xray:PutTelemetryRecords", "xray:PutTraceSegments",
	}},
	{"AWSLambdaBasicDurableExecutionRolePolicy", false, []string{
		"lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState",
	}},
	streams,
}

// streams: whoever makes a log stream writes to it, and that is never recorded. This covers log groups of
// another name than the default one, and Lambda Insights.
var streams = companion{"CloudWatchLambdaInsightsExecutionRolePolicy", false, []string{"logs:CreateLogStream", "logs:PutLogEvents"}}

// companionsOf returns what the permissions seen bring with them in some sets, on the resources of the right
// type that were seen, without what others have already.
func companionsOf(seen, have []permission, sets []companion) []permission {
	var out []permission
	for _, c := range sets {
		var used []permission
		for _, p := range seen {
			if slices.Contains(c.actions, p.action) && (!c.byLambda || p.byLambda()) {
				used = append(used, p)
			}
		}
		if len(used) == 0 {
			continue
		}
		for _, id := range c.actions {
			action, ok := reference.LookupAction(id)
			if !ok {
				continue // the reference dropped it: nothing that it lacks is granted
			}
			for _, resource := range resourcesFor(action, used) {
				p := c.permission(id, resource, used)
				has := func(q permission) bool {
					return q.action == id && len(q.conditions) == 0 && covers(q.resource, resource)
				}
				if !slices.ContainsFunc(have, has) {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// permission is the right to one action of the set, for the functions whose use shows the need.
func (c companion) permission(action, resource string, used []permission) permission {
	functions := set{}
	for _, u := range used {
		for _, n := range u.needs {
			functions.add(n.usage.Function)
		}
	}
	return permission{
		action: action, resource: resource, rules: []string{"overlay: " + c.managedPolicy}, functions: functions.with(nil),
		findings: []report.Finding{{Kind: "overlay", Detail: fmt.Sprintf("%s goes with it in %s", used[0].action, c.managedPolicy)}},
	}
}

// resourcesFor picks the resources that an action can act on: "*" if it takes none.
func resourcesFor(a *reference.Action, used []permission) []string {
	if !a.TakesResource() {
		return []string{"*"}
	}
	resources := set{}
	for _, u := range used {
		if u.resource != "*" && actsOn(a, u.resource) {
			resources.add(u.resource)
		}
	}
	return resources.with(nil)
}

var variable = regexp.MustCompile(`\$\{\w+\}`)

// actsOn reports whether a resource pattern is of one of an action's resource types.
func actsOn(a *reference.Action, resource string) bool {
	service, ok := reference.Lookup(a.Service)
	if !ok {
		return false
	}
	for _, r := range a.Resources {
		t, ok := service.ResourceType(r.Type)
		if ok && slices.ContainsFunc(t.ARNs, func(format string) bool { return covers(variable.ReplaceAllString(format, "*"), resource) }) {
			return true
		}
	}
	return false
}
