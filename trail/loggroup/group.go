package loggroup

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// A Group names a log group. Parse makes them.
type Group struct {
	name, arn, region string
}

var (
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
	nameForm = regexp.MustCompile(`^[A-Za-z0-9_/.#-]{1,512}$`)
	arnForm  = regexp.MustCompile(`^(arn:aws[a-z-]*:logs:([a-z0-9-]+):\d{12}:log-group:([^:*]+))(?::\*)?$`)
)

// Parse reads the name of a log group, or its ARN, which may be another account's that shares it with this one.
func Parse(s string) (Group, error) {
	g := Group{name: s}
	if arn := arnForm.FindStringSubmatch(s); arn != nil {
		g = Group{arn: arn[1], region: arn[2], name: arn[3]}
	}
	if !nameForm.MatchString(g.name) {
		return Group{}, fmt.Errorf("%q is no log group: give its name or its ARN, arn:aws:logs:REGION:ACCOUNT:log-group:NAME", s)
	}
	return g, nil
}

// Region is the one in the ARN, "" for a bare name.
func (g Group) Region() string { return g.region }

// String returns the group as a SOURCE.
func (g Group) String() string {
	if g.arn != "" {
		return "logs://" + g.arn
	}
	return "logs://" + g.name
}

// choose makes a query one of the group.
func (g Group) choose(in *cloudwatchlogs.StartQueryInput) {
	if g.arn != "" {
		in.LogGroupIdentifiers = []string{g.arn}
		return
	}
	in.LogGroupName = &g.name
}
