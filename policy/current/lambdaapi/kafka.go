package lambdaapi

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy"
)

// authentication are the ways to log in to a broker that need no permission for its records.
var authentication = []types.SourceAccessType{
	types.SourceAccessTypeBasicAuth, types.SourceAccessTypeSaslScram256Auth, types.SourceAccessTypeSaslScram512Auth,
	types.SourceAccessTypeClientCertificateTlsAuth,
}

// carriesSecret reports whether the value is a secret, or stands for rights of the role that the setting
// does not name. The others are plain values that go with OAuth.
func carriesSecret(t types.SourceAccessType) bool {
	return !strings.HasPrefix(string(t), "OAUTHBEARER_") || t == "OAUTHBEARER_AUTH"
}

// msk is the right to poll a cluster of Amazon MSK, or one of another account by a connection to its VPC.
func (c *collector) msk(s source, m types.EventSourceMappingConfiguration, arn policy.ARN) {
	s.page = "https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html"
	on := literal(arn.String())
	if strings.HasPrefix(arn.Resource, "vpc-connection/") {
		c.add(s, []string{"kafka:DescribeVpcConnection"}, on)
	}
	cluster, ok := clusterOf(arn)
	if !ok {
		c.open(s.setting)
		return
	}
	c.add(s, []string{"kafka:DescribeClusterV2"}, cluster("cluster", ""))
	c.add(s.perhaps(), []string{"kafka:DescribeCluster"}, cluster("cluster", "")) // one of the two will do
	c.add(s, []string{"kafka:GetBootstrapBrokers"}, "*")
	c.secrets(s, m.SourceAccessConfigurations)
	c.networks(s, nil, nil)
	var group string
	if k := m.AmazonManagedKafkaEventSourceConfig; k != nil {
		group = aws.ToString(k.ConsumerGroupId)
		c.registry(s, k.SchemaRegistryConfig)
	}
	if byRole(m) {
		c.kafkaCluster(s, m, cluster, group)
	}
}

// byRole reports whether Lambda logs in to a cluster of Amazon MSK with the role, as it does where the
// setting names no other way and the cluster takes it.
func byRole(m types.EventSourceMappingConfiguration) bool {
	return len(valuesOf(m.SourceAccessConfigurations, authentication...)) == 0
}

// kafkaCluster is the right to read topics as a member of a group.
func (c *collector) kafkaCluster(s source, m types.EventSourceMappingConfiguration, cluster patterns, group string) {
	s.page = "https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html"
	c.add(s, []string{"kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"}, cluster("cluster", ""))
	if group = literal(group); group == "" {
		group = "*" // Lambda made one up
	}
	c.add(s, []string{"kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"}, cluster("group", "/"+group))
	for _, topic := range m.Topics {
		c.add(s, []string{"kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"}, cluster("topic", "/"+literal(topic)))
	}
}

// patterns returns the pattern for a kind of resource of a cluster, with an end.
type patterns func(kind, end string) string

// clusterOf reads the ARN of a cluster, or of a connection to one
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html).
// That of a connection names the cluster's account and name.
func clusterOf(arn policy.ARN) (patterns, bool) {
	parts := strings.Split(arn.Resource, "/")
	var path string
	switch {
	case parts[0] == "cluster" && len(parts) == 3:
		path = literal(parts[1]) + "/" + literal(parts[2])
	case parts[0] == "vpc-connection" && len(parts) == 4:
		arn.Account, path = literal(parts[1]), literal(parts[2])+"/*"
	default:
		return nil, false
	}
	return func(kind, end string) string {
		of := arn
		of.Resource = kind + "/" + path + end
		return of.String()
	}, true
}

// selfManaged is the right to reach brokers that Amazon MSK does not run.
func (c *collector) selfManaged(s source, m types.EventSourceMappingConfiguration) {
	s.page = "https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-permissions.html"
	c.secrets(s, m.SourceAccessConfigurations)
	trim := func(ids []string, prefix string) []string {
		for i := range ids {
			ids[i] = strings.TrimPrefix(ids[i], prefix)
		}
		return ids
	}
	subnets := trim(valuesOf(m.SourceAccessConfigurations, types.SourceAccessTypeVpcSubnet), "subnet:")
	groups := trim(valuesOf(m.SourceAccessConfigurations, types.SourceAccessTypeVpcSecurityGroup), "security_group:")
	if len(subnets)+len(groups) > 0 {
		c.networks(s, subnets, groups)
	}
	if k := m.SelfManagedKafkaEventSourceConfig; k != nil {
		c.registry(s, k.SchemaRegistryConfig)
	}
}

// registry is the right to read schemas: from AWS Glue, or with a secret from another registry.
func (c *collector) registry(s source, r *types.KafkaSchemaRegistryConfig) {
	if r == nil {
		return
	}
	uri := aws.ToString(r.SchemaRegistryURI)
	s.setting = "schema registry " + uri + " of " + s.setting
	for _, a := range r.AccessConfigs {
		if !c.secret(s, aws.ToString(a.URI)) {
			c.open("authentication " + string(a.Type) + " of " + s.setting)
		}
	}
	arn, err := policy.ParseARN(uri)
	name, isRegistry := strings.CutPrefix(arn.Resource, "registry/")
	switch {
	case err != nil: // reached without AWS
	case arn.Service == "glue" && isRegistry:
		schemas := arn
		schemas.Resource = "schema/" + literal(name) + "/*"
		c.add(s, []string{"glue:GetRegistry"}, literal(uri))
		c.add(s, []string{"glue:GetSchemaVersion"}, literal(uri), schemas.String())
	default:
		c.open(s.setting)
	}
}

// kafkaTopic is the right to write to a topic of the source's own cluster.
func (c *collector) kafkaTopic(s source, m types.EventSourceMappingConfiguration, arn policy.ARN, topic string) {
	cluster, ok := clusterOf(arn)
	switch {
	case ok && arn.Service == "kafka" && byRole(m):
		c.add(s, []string{"kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"}, cluster("topic", "/"+literal(topic)))
	case slices.Contains([]string{"kafka", ""}, arn.Service): // brokers know who may write
	default:
		c.open(s.setting)
	}
}
