package lambdaapi

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy"
)

// settings adds what the configuration of a function, or of a version, asks for. SnapStart asks for
// nothing of the role.
func (c *collector) settings(f types.FunctionConfiguration) {
	group := "/aws/lambda/" + c.name
	if l := f.LoggingConfig; l != nil && aws.ToString(l.LogGroup) != "" {
		group = *l.LogGroup
	}
	c.logGroup(source{setting: "log group " + group, page: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"}, group)
	if v := f.VpcConfig; v != nil && len(v.SubnetIds) > 0 {
		vpc := source{setting: "VPC configuration", page: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"}
		c.interfaces(vpc, v.SubnetIds, v.SecurityGroupIds)
		c.add(vpc, []string{"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"}, "*")
	}
	if d := f.DeadLetterConfig; d != nil && aws.ToString(d.TargetArn) != "" {
		c.destination(source{setting: "dead-letter target " + *d.TargetArn, page: pageAsync}, *d.TargetArn)
	}
	if t := f.TracingConfig; t != nil && t.Mode == types.TracingModeActive {
		tracing := source{setting: "active tracing", page: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"}
		c.add(tracing, []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}, "*")
		// Lambda samples; an X-Ray SDK in the code may ask for rules of its own.
		c.add(tracing.perhaps(), []string{"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets"}, "*")
	}
	for _, l := range f.Layers {
		if arn := aws.ToString(l.Arn); strings.Contains(arn, ":layer:LambdaInsightsExtension") {
			c.logGroup(source{setting: "layer " + arn, page: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchLambdaInsightsExecutionRolePolicy.html"}, "/aws/lambda-insights")
		}
	}
	for _, fs := range f.FileSystemConfigs {
		c.fileSystem(aws.ToString(fs.Arn))
	}
	if key := aws.ToString(f.KMSKeyArn); key != "" {
		// Lambda makes a grant for the role when the function is deployed, with the deployer's rights,
		// so the role's own policies have to allow it only where that grant is missing.
		c.add(source{setting: "KMS key " + key, page: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html"}.perhaps(),
			[]string{"kms:Decrypt"}, literal(key))
	}
	if d := f.DurableConfig; d != nil {
		durable := source{setting: "durable execution", page: "https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html"}
		c.add(durable, []string{"lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"}, literal(c.arn)+":*")
		if key := aws.ToString(d.KMSKeyArn); key != "" {
			c.open("KMS key " + key + " of durable executions")
		}
	}
}

// logGroup is the right to create and fill a log group. Amazon CloudWatch Logs checks CreateLogStream and
// PutLogEvents against the group's ARN with ":" and more behind the name, and CreateLogGroup against both
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
func (c *collector) logGroup(s source, name string) {
	group := c.regional("logs", "log-group:"+literal(name))
	c.add(s, []string{"logs:CreateLogGroup"}, group, group+":*")
	c.add(s, []string{"logs:CreateLogStream", "logs:PutLogEvents"}, group+":*")
}

// interfaces is the right to make and delete network interfaces. Subnets and security groups may be
// shared by another account, which their IDs do not tell. Before it takes a VPC configuration, Lambda asks
// whether the role may delete interfaces when there is none yet, so that no ARN of one would do: AWS grants
// it on "*" (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html).
func (c *collector) interfaces(s source, subnets, groups []string) {
	c.add(s, []string{"ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}, "*")
	create := []string{"ec2:CreateNetworkInterface"}
	c.add(s, create, c.regional("ec2", "network-interface/*"))
	for kind, ids := range map[string][]string{"subnet/": subnets, "security-group/": groups} {
		shared := policy.ARN{Partition: c.at.Partition, Service: "ec2", Region: c.at.Region, Account: "*", Resource: kind}.String()
		for _, id := range ids {
			c.add(s, create, shared+literal(id))
		}
		if len(ids) == 0 { // those of the event source, which the setting does not name
			c.add(s, create, shared+"*")
		}
	}
}

// fileSystem is the right to mount an access point and write there. For Amazon EFS the file system is not
// in the setting; the condition limits it to the access point.
func (c *collector) fileSystem(accessPoint string) {
	s := source{setting: "file system access point " + accessPoint, page: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html"}
	arn, err := policy.ParseARN(accessPoint)
	system, _, within := strings.Cut(arn.Resource, "/access-point/")
	switch {
	case err != nil:
		c.open(s.setting)
	case arn.Service == "elasticfilesystem":
		arn.Resource = "file-system/*"
		c.when(s, []policy.Condition{{Operator: "StringEquals", Key: "elasticfilesystem:AccessPointArn", Values: []string{accessPoint}}},
			[]string{"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}, arn.String())
	case arn.Service == "s3files" && within:
		s.page = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_s3files.html"
		arn.Resource = literal(system)
		c.add(s, []string{"s3files:ClientMount", "s3files:ClientWrite"}, arn.String())
	default:
		c.open(s.setting)
	}
}

// secret is the right to read a secret, false if the text names none.
func (c *collector) secret(s source, arn string) bool {
	parsed, err := policy.ParseARN(arn)
	if err != nil || parsed.Service != "secretsmanager" {
		return false
	}
	c.add(s, []string{"secretsmanager:GetSecretValue"}, literal(arn))
	return true
}

// valuesOf are the values of some of the configurations for access to an event source.
func valuesOf(configs []types.SourceAccessConfiguration, of ...types.SourceAccessType) []string {
	var out []string
	for _, a := range configs {
		if slices.Contains(of, a.Type) {
			out = append(out, aws.ToString(a.URI))
		}
	}
	return out
}
