package tighten

import (
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

const ruleOverlay = "overlay: AWSLambdaBasicExecutionRole"

// overlay returns what every function needs and CloudTrail does not show: writing its own log, as
// the managed policy AWSLambdaBasicExecutionRole allows it
// (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html),
// but on the function's log group alone instead of on every one.
//
// The log group is the default one, /aws/lambda/NAME
// (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html), in the function's
// region. A function known by name only gets it in each region where its calls were seen, with a
// note. It is a guess, for functions whose settings were not read.
func overlay(role string, names []string, usages []trail.Usage) (perms []permission, notes []string) {
	arn, err := policy.ParseARN(role)
	if err != nil {
		return nil, []string{fmt.Sprintf("no log permissions were added: %q is not a role ARN", role)}
	}
	if len(names) == 0 {
		return nil, []string{"no log permissions were added: the events do not name a function; add logs:CreateLogStream and logs:PutLogEvents on its log group"}
	}
	for _, f := range names {
		homes, guessed := homesOf(f, usages)
		var regions []string
		for _, h := range homes {
			perms = append(perms, logWriting(arn, h, f)...)
			regions = append(regions, h.region)
		}
		switch {
		case len(homes) == 0:
			notes = append(notes, fmt.Sprintf("no log permissions were added for function %s: the events do not tell its region", f))
		case guessed:
			notes = append(notes, fmt.Sprintf("function %s is known by its session name only; its log group is assumed in %s, where it was seen", f, strings.Join(regions, ", ")))
		}
	}
	return perms, notes
}

// logWriting is the right to create and fill the log group of one function. Amazon CloudWatch Logs
// checks CreateLogStream and PutLogEvents against the group's ARN with ":" and more behind the name
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
func logWriting(role policy.ARN, h home, function string) []permission {
	text, _ := glob.Literal(h.name)
	group := policy.ARN{Partition: role.Partition, Service: "logs", Region: h.region, Account: role.Account, Resource: "log-group:/aws/lambda/" + text}.String()
	detail := "every function writes its log; CloudTrail never records PutLogEvents, and shows the rest only when a group or stream is made in the window"
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
