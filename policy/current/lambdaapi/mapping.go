package lambdaapi

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy"
)

// mapping adds what an event source mapping asks for: Lambda polls the source with the function's role
// (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html). One that is off may be
// turned on again, and uses nothing until then.
func (c *collector) mapping(m types.EventSourceMappingConfiguration) {
	from := aws.ToString(m.EventSourceArn)
	s := source{setting: "event source mapping " + aws.ToString(m.UUID)}
	if from != "" {
		s.setting += " of " + from
	}
	if state := aws.ToString(m.State); strings.EqualFold(state, "Disabled") {
		s.setting += ", which is disabled"
		s.optional = true
	}
	c.poll(s, m, from)
	if key := aws.ToString(m.KMSKeyArn); key != "" {
		// The key's policy lets Lambda itself decrypt the filters.
		f := s.perhaps()
		f.setting, f.page = "KMS key "+key+" for filters of "+s.setting, "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"
		c.add(f, []string{"kms:Decrypt"}, literal(key))
	}
	if d := m.DestinationConfig; d != nil && d.OnFailure != nil && aws.ToString(d.OnFailure.Destination) != "" {
		c.onFailure(s, m, from, *d.OnFailure.Destination)
	}
}

// poll adds the right to read from the source.
func (c *collector) poll(s source, m types.EventSourceMappingConfiguration, from string) {
	if from == "" && m.SelfManagedEventSource != nil {
		c.selfManaged(s, m)
		return
	}
	arn, err := policy.ParseARN(from)
	if err != nil {
		c.open(s.setting)
		return
	}
	on := literal(from)
	switch arn.Service {
	case "sqs":
		s.page = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html"
		c.add(s, []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}, on)
	case "dynamodb":
		s.page = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html"
		c.add(s, []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}, on)
		c.add(s, []string{"dynamodb:ListStreams"}, "*")
	case "kinesis":
		c.kinesis(s, arn)
	case "kafka":
		c.msk(s, m, arn)
	case "mq":
		s.page = "https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html"
		c.add(s, []string{"mq:DescribeBroker"}, on)
		c.secrets(s, m.SourceAccessConfigurations)
		c.networks(s, nil, nil)
	case "rds":
		c.documentDB(s, m, arn)
	default:
		c.open(s.setting)
	}
}

// kinesis: with enhanced fan-out the source is a consumer of the stream.
func (c *collector) kinesis(s source, arn policy.ARN) {
	s.page = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html"
	stream, consumer, fanOut := arn, arn, strings.Contains(arn.Resource, "/consumer/")
	stream.Resource, _, _ = strings.Cut(arn.Resource, "/consumer/")
	c.add(s, []string{
		"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
	}, literal(stream.String()))
	c.add(s, []string{"kinesis:ListStreams"}, "*")
	if fanOut {
		c.add(s, []string{"kinesis:SubscribeToShard"}, literal(consumer.String()))
	}
}

// documentDB: the names of the parameter group and the subnet group are not in the setting.
func (c *collector) documentDB(s source, m types.EventSourceMappingConfiguration, arn policy.ARN) {
	s.page = "https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html"
	c.add(s, []string{"rds:DescribeDBClusters"}, literal(arn.String()))
	for action, kind := range map[string]string{"rds:DescribeDBClusterParameters": "cluster-pg:*", "rds:DescribeDBSubnetGroups": "subgrp:*"} {
		of := arn
		of.Resource = kind
		c.add(s, []string{action}, of.String())
	}
	c.secrets(s, m.SourceAccessConfigurations)
	c.networks(s, nil, nil)
}

// networks is the right to reach a source in a VPC, whose subnets and security groups may not be known.
func (c *collector) networks(s source, subnets, groups []string) {
	c.interfaces(s, subnets, groups)
	c.add(s, []string{"ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"}, "*")
}

// secrets is the right to read what the source asks of its clients.
func (c *collector) secrets(s source, configs []types.SourceAccessConfiguration) {
	for _, a := range configs {
		switch a.Type {
		case types.SourceAccessTypeVpcSubnet, types.SourceAccessTypeVpcSecurityGroup, types.SourceAccessTypeVirtualHost:
		default:
			if !c.secret(s, aws.ToString(a.URI)) && carriesSecret(a.Type) {
				c.open("authentication " + string(a.Type) + " of " + s.setting)
			}
		}
	}
}

// onFailure adds where batches go that the function does not manage.
func (c *collector) onFailure(s source, m types.EventSourceMappingConfiguration, from, target string) {
	arn, _ := policy.ParseARN(from)
	to := s
	to.setting = "on-failure destination " + target + " of " + s.setting
	switch arn.Service {
	case "kinesis":
		to.page = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
	case "dynamodb":
		to.page = "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"
	default:
		to.page = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html"
	}
	if topic, ok := strings.CutPrefix(target, "kafka://"); ok {
		c.kafkaTopic(to, m, arn, topic)
		return
	}
	c.destination(to, target)
}
