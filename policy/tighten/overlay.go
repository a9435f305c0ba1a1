package tighten

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

const ruleOverlay = "overlay: AWSLambdaBasicExecutionRole"

// overlay returns what every function needs and CloudTrail does not record: writing its own log, as
// the managed policy AWSLambdaBasicExecutionRole allows it
// (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html),
// but on the function's log group alone instead of on every one.
//
// The log group is the default one, /aws/lambda/NAME
// (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html), in the function's
// region. A function known by name only gets it in each region where its calls were seen, with a
// note.
func overlay(role string, usages []trail.Usage) (perms []permission, notes []string) {
	arn, err := policy.ParseARN(role)
	if err != nil {
		return nil, []string{fmt.Sprintf("no log permissions were added: %q is not a role ARN", role)}
	}
	names := functions(usages)
	if len(names) == 0 {
		return nil, []string{"no log permissions were added: the events do not name a function; add logs:CreateLogStream and logs:PutLogEvents on its log group"}
	}
	for _, f := range names {
		name, regions := f, regionsOf(f, usages)
		if fn, err := policy.ParseARN(f); err == nil {
			name, regions = strings.TrimPrefix(fn.Resource, "function:"), []string{fn.Region}
		} else {
			notes = append(notes, fmt.Sprintf("function %s is known by its session name only; its log group is assumed in %s, where its calls were seen", f, strings.Join(regions, ", ")))
		}
		for _, region := range regions {
			perms = append(perms, logWriting(arn, region, name, f)...)
		}
	}
	return perms, notes
}

// logWriting is the right to create and fill the log group of one function. Amazon CloudWatch Logs
// checks CreateLogStream and PutLogEvents against the group's ARN with ":" and more behind the name
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
func logWriting(role policy.ARN, region, name, function string) []permission {
	text, _ := glob.Literal(name)
	group := policy.ARN{Partition: role.Partition, Service: "logs", Region: region, Account: role.Account, Resource: "log-group:/aws/lambda/" + text}.String()
	detail := "every function writes its log; CloudTrail does not record it"
	var out []permission
	for _, a := range []struct{ action, resource string }{
		{"logs:CreateLogGroup", group},
		{"logs:CreateLogGroup", group + ":*"},
		{"logs:CreateLogStream", group + ":*"},
		{"logs:PutLogEvents", group + ":*"},
	} {
		out = append(out, permission{
			action: a.action, resource: a.resource, rules: []string{ruleOverlay}, functions: []string{function},
			findings: []report.Finding{{Kind: "overlay", Detail: detail}},
		})
	}
	return out
}

func regionsOf(function string, usages []trail.Usage) []string {
	var out []string
	for _, u := range usages {
		if u.Function == function && u.Region != "" {
			out = append(out, u.Region)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
