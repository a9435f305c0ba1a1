package actionmap

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// conditions returns the conditions of a line's grants in this call.
//
// A KMS call that a service made with the role's forwarded credentials needs the permission only
// through that service. The condition kms:ViaService says so; it holds for no call without a key, nor
// for RetireGrant:
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (c *call) conditions(l line) []policy.Condition {
	conditions := slices.Clone(l.conditions)
	if l.action.Service != "kms" || !l.action.TakesResource() || l.action.Name == "RetireGrant" {
		return conditions
	}
	if via := c.via(); via != "" {
		conditions = append(conditions, policy.Condition{
			Operator: "StringEquals", Key: "kms:ViaService", Values: []string{via},
		})
	}
	return conditions
}

// via returns the value of kms:ViaService, empty where the page does not name the service. It ends in
// amazonaws.com in all partitions.
func (c *call) via() string {
	name, ok := strings.CutSuffix(c.usage.InvokedBy, ".amazonaws.com")
	if !ok || c.region == "" || !slices.Contains(viaServices, name) {
		return ""
	}
	return name + "." + c.region + ".amazonaws.com"
}

// viaServices are those of the page's table.
var viaServices = strings.Fields(`
	airflow appflow apprunner athena auditmanager backup backup-gateway cassandra codeartifact
	codeguru-reviewer comprehend connect directoryservice dms dynamodb ec2 ecr eks elasticfilesystem es
	finspace firehose forecast fsx geo glue groundstation healthlake importexport iotsitewise kafka
	kendra kinesis kinesisvideo lambda lex license-manager lookoutequipment lookoutmetrics lookoutvision
	macie malware-protection managedblockchain mediatailor memorydb mgn monitron mq nimble omics profile
	proton qldb rds redshift redshift-serverless rekognition s3 sagemaker secretsmanager ses sns
	sqlworkbench sqs ssm ssm-contacts ssm-incidents storagegateway timestream translate wisdom workmail
	workspaces workspaces-web xray
`)
