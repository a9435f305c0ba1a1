package actionmap

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// conditions returns the conditions of a line's grants in this call, sorted.
//
// A KMS call that a service made with the role's forwarded credentials needs the permission only
// through that service:
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (c *call) conditions(l line) []policy.Condition {
	conditions := slices.Clone(l.conditions)
	if via := c.via(); via != "" && l.action.Service == "kms" {
		conditions = append(conditions, policy.Condition{
			Operator: "StringEquals", Key: "kms:ViaService", Values: []string{via},
		})
	}
	return conditions
}

// via returns the value of kms:ViaService, empty where it is not known.
func (c *call) via() string {
	service, ok := strings.CutSuffix(c.usage.InvokedBy, ".amazonaws.com")
	if !ok || !slices.Contains(viaServices, service) || c.region == "" || c.partition != "aws" && c.partition != "aws-us-gov" {
		return ""
	}
	return service + "." + c.region + ".amazonaws.com"
}

// viaServices are those of the page's table that call KMS for a function's role.
var viaServices = []string{
	"dynamodb", "ebs", "ec2", "elasticfilesystem", "es", "kinesis", "lambda", "rds", "redshift", "s3",
	"secretsmanager", "ses", "sns", "sqs", "ssm",
}
