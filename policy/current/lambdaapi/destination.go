package lambdaapi

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy"
)

const pageAsync = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"

// async adds the destinations of asynchronous calls.
func (c *collector) async(a types.FunctionEventInvokeConfig) {
	d := a.DestinationConfig
	if d == nil {
		return
	}
	if d.OnSuccess != nil && aws.ToString(d.OnSuccess.Destination) != "" {
		c.destination(source{setting: "on-success destination " + *d.OnSuccess.Destination, page: pageAsync}, *d.OnSuccess.Destination)
	}
	if d.OnFailure != nil && aws.ToString(d.OnFailure.Destination) != "" {
		c.destination(source{setting: "on-failure destination " + *d.OnFailure.Destination, page: pageAsync}, *d.OnFailure.Destination)
	}
}

// destination adds the right to send there. Lambda takes a bucket only where the role may write all of it
// and list it.
func (c *collector) destination(s source, target string) {
	arn, err := policy.ParseARN(target)
	if err != nil {
		c.open(s.setting)
		return
	}
	on := literal(target)
	switch arn.Service {
	case "sqs":
		c.add(s, []string{"sqs:SendMessage"}, on)
	case "sns":
		c.add(s, []string{"sns:Publish"}, on)
	case "lambda":
		c.add(s, []string{"lambda:InvokeFunction"}, on)
	case "events":
		c.add(s, []string{"events:PutEvents"}, on)
	case "s3":
		c.add(s, []string{"s3:ListBucket"}, on)
		c.add(s, []string{"s3:PutObject"}, on+"/*")
	default:
		c.open(s.setting)
	}
}
