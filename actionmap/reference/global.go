package reference

import "slices"

// GlobalConditionKey returns the key of any service's requests that a policy's key is an instance of:
// "aws:SourceIp" itself, and "aws:PrincipalTag/${TagKey}" for "aws:PrincipalTag/team". The keys that
// the page below calls cross-service, such as "lambda:SourceFunctionArn", are among them.
//
// The table is that of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, where a
// key with two types (aws:EpochTime is Date and Numeric) has the first here.
func GlobalConditionKey(name string) (*ConditionKey, bool) {
	if k, ok := lookup(globalKeys, name, func(k *ConditionKey) string { return k.Name }); ok {
		return k, true
	}
	for _, k := range globalKeys {
		if k.covers(name) {
			return k, true
		}
	}
	return nil, false
}

// GlobalConditionKeys returns all keys that GlobalConditionKey knows, sorted by name without regard
// to case.
func GlobalConditionKeys() []*ConditionKey { return globalKeys }

var globalKeys = sortedKeys(
	// The principal.
	key("aws:PrincipalArn", ARNType),
	key("aws:PrincipalAccount", StringType),
	keys("aws:PrincipalOrgPaths", StringType),
	key("aws:PrincipalOrgID", StringType),
	key("aws:PrincipalTag/${TagKey}", StringType),
	key("aws:PrincipalIsAWSService", BoolType),
	key("aws:PrincipalServiceName", StringType),
	keys("aws:PrincipalServiceNamesList", StringType),
	key("aws:PrincipalType", StringType),
	key("aws:userid", StringType),
	key("aws:username", StringType),

	// The role session.
	key("aws:AssumedRoot", BoolType),
	key("aws:FederatedProvider", StringType),
	key("aws:TokenIssueTime", DateType),
	key("aws:SignInSessionArn", ARNType),
	key("aws:MultiFactorAuthAge", NumericType),
	key("aws:MultiFactorAuthPresent", BoolType),
	key("aws:ChatbotSourceArn", ARNType),
	key("aws:Ec2InstanceSourceVpc", StringType),
	key("aws:Ec2InstanceSourcePrivateIPv4", IPAddressType),
	key("aws:SourceIdentity", StringType),
	key("ec2:RoleDelivery", NumericType),
	key("ec2:SourceInstanceArn", ARNType),
	key("glue:RoleAssumedBy", StringType),
	key("glue:CredentialIssuingService", StringType),
	key("codebuild:BuildArn", ARNType),
	key("codebuild:ProjectArn", ARNType),
	key("lambda:SourceFunctionArn", ARNType),
	key("ssm:SourceInstanceArn", ARNType),
	key("identitystore:UserId", StringType),

	// The network.
	key("aws:SourceIp", IPAddressType),
	key("aws:SourceVpc", StringType),
	key("aws:SourceVpcArn", ARNType),
	key("aws:SourceVpce", StringType),
	key("aws:VpceAccount", StringType),
	key("aws:VpceOrgID", StringType),
	keys("aws:VpceOrgPaths", StringType),
	key("aws:VpcSourceIp", IPAddressType),

	// The resource.
	key("aws:ResourceAccount", StringType),
	key("aws:ResourceOrgID", StringType),
	keys("aws:ResourceOrgPaths", StringType),
	key("aws:ResourceTag/${TagKey}", StringType),

	// The request.
	keys("aws:CalledVia", StringType),
	key("aws:CalledViaFirst", StringType),
	key("aws:CalledViaLast", StringType),
	key("aws:CalledViaAWSMCP", StringType),
	key("aws:ViaAWSService", BoolType),
	key("aws:ViaAWSMCPService", BoolType),
	key("aws:CurrentTime", DateType),
	key("aws:EpochTime", DateType),
	key("aws:referer", StringType),
	key("aws:RequestedRegion", StringType),
	key("aws:RequestTag/${TagKey}", StringType),
	keys("aws:TagKeys", StringType),
	key("aws:SecureTransport", BoolType),
	key("aws:SourceAccount", StringType),
	key("aws:SourceArn", ARNType),
	key("aws:SourceOrgID", StringType),
	keys("aws:SourceOrgPaths", StringType),
	key("aws:UserAgent", StringType),
	key("aws:IsMcpServiceAction", BoolType),
)

func key(name string, t ConditionType) *ConditionKey { return &ConditionKey{Name: name, Type: t} }

func keys(name string, t ConditionType) *ConditionKey {
	return &ConditionKey{Name: name, Type: t, MultiValued: true}
}

func sortedKeys(list ...*ConditionKey) []*ConditionKey {
	slices.SortFunc(list, func(a, b *ConditionKey) int { return compareFold(a.Name, b.Name) })
	return list
}
