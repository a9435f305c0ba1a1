package cloud

import "slices"

// What the table below is written with.
const (
	logObjects    = "arn:aws:s3:::LOG-BUCKET/LOG-PREFIX*"
	logBucket     = "arn:aws:s3:::LOG-BUCKET"
	resultObjects = "arn:aws:s3:::RESULT-BUCKET/RESULT-PREFIX*"
	resultBucket  = "arn:aws:s3:::RESULT-BUCKET"
	workgroup     = "arn:aws:athena:REGION:ACCOUNT:workgroup/WORKGROUP"
	store         = "arn:aws:cloudtrail:REGION:ACCOUNT:eventdatastore/EVENT-DATA-STORE"
	anyRole       = "arn:aws:iam::ACCOUNT:role/*"

	encrypted  = "the logs are encrypted with a KMS key"
	cancelled  = "the command is interrupted"
	inUse      = "a function uses a role that is asked for"
	unanswered = "the query of AWS Config is refused or finds nothing"
)

// The permissions on the table, its database and the catalog, which the Glue Data Catalog asks for together
// (https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html).
var glueTable = slices.Concat(
	on("glue:GetDatabase", glueCatalog, glueDatabase),
	on("glue:GetTable", glueCatalog, glueDatabase, glueTableARN),
)

const (
	glueCatalog  = "arn:aws:glue:REGION:ACCOUNT:catalog"
	glueDatabase = "arn:aws:glue:REGION:ACCOUNT:database/DATABASE"
	glueTableARN = "arn:aws:glue:REGION:ACCOUNT:table/DATABASE/TABLE"
)

// on is one action on several resources.
func on(action string, resources ...string) []Grant {
	var out []Grant
	for _, r := range resources {
		out = append(out, Grant{Action: action, Resource: r})
	}
	return out
}

// onlyWhen is grants that are needed only under a condition.
func onlyWhen(when string, grants ...Grant) []Grant {
	out := slices.Clone(grants)
	for i := range out {
		out[i].When = when
	}
	return out
}

// same is a call whose action has the operation's name.
func same(service, prefix, operation, when string, resources ...string) Call {
	return Call{Service: service, Operation: operation, When: when, Grants: on(prefix+":"+operation, resources...)}
}

var readLogKey = onlyWhen(encrypted, on("kms:Decrypt", "arn:aws:kms:REGION:ACCOUNT:key/LOG-KEY")...)

var listRegions = Call{
	Service: "Account", Operation: "ListRegions", When: "no Regions are named",
	Grants: on("account:ListRegions", "arn:aws:account::ACCOUNT:account"),
}

// ownAccount needs no permission.
var ownAccount = Call{Service: "STS", Operation: "GetCallerIdentity", When: "no role is assumed"}

var needs = []Need{
	{
		Feature: FeatureS3, For: "SOURCE s3://BUCKET/PREFIX",
		Calls: []Call{
			{Service: "S3", Operation: "HeadBucket", Grants: on("s3:ListBucket", logBucket)},
			{Service: "S3", Operation: "ListObjectsV2", Grants: on("s3:ListBucket", logBucket)},
			{Service: "S3", Operation: "GetObject", Grants: on("s3:GetObject", logObjects)},
		},
		Behind: readLogKey,
	},
	{
		Feature: FeatureAthena, For: "SOURCE athena://DATABASE/TABLE",
		Calls: []Call{
			same("Athena", "athena", "GetWorkGroup", "", workgroup),
			{Service: "Athena", Operation: "GetTableMetadata", Grants: slices.Concat(
				on("athena:GetTableMetadata", "arn:aws:athena:REGION:ACCOUNT:datacatalog/CATALOG"), glueTable)},
			{Service: "Glue", Operation: "GetTable", When: "Athena does not describe the table", Grants: glueTable},
			{Service: "S3", Operation: "ListObjectsV2", When: "the bytes are estimated", Grants: on("s3:ListBucket", logBucket)},
			same("Athena", "athena", "StartQueryExecution", "", workgroup),
			same("Athena", "athena", "GetQueryExecution", "", workgroup),
			same("Athena", "athena", "StopQueryExecution", cancelled, workgroup),
			same("Athena", "athena", "GetQueryResults", "the result is read page by page", workgroup),
			{Service: "S3", Operation: "GetObject", When: "the result is read from its file", Grants: on("s3:GetObject", resultObjects)},
		},
		// The query runs with the caller's permissions on the logs and the place of results
		// (https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html).
		Behind: slices.Concat(
			on("glue:GetPartitions", glueCatalog, glueDatabase, glueTableARN),
			on("s3:GetBucketLocation", logBucket, resultBucket),
			on("s3:ListBucket", logBucket, resultBucket),
			on("s3:GetObject", logObjects, resultObjects),
			on("s3:PutObject", resultObjects),
			on("s3:AbortMultipartUpload", resultObjects),
			on("s3:ListMultipartUploadParts", resultObjects),
			readLogKey,
		),
	},
	{
		Feature: FeatureLookup, For: "SOURCE lookup://REGION,...",
		Calls: []Call{
			same("CloudTrail", "cloudtrail", "LookupEvents", "", "*"), listRegions,
			{Service: "STS", Operation: "GetCallerIdentity", When: "--accounts names accounts"}, // needs no permission
		},
	},
	{
		Feature: FeatureLake, For: "SOURCE lake://EVENT-DATA-STORE",
		Calls: []Call{
			same("CloudTrail", "cloudtrail", "StartQuery", "", store),
			same("CloudTrail", "cloudtrail", "DescribeQuery", "", store),
			same("CloudTrail", "cloudtrail", "GetQueryResults", "", store),
			same("CloudTrail", "cloudtrail", "CancelQuery", cancelled, store),
		},
		Behind: onlyWhen("the event data store has a KMS key of its own",
			on("kms:Decrypt", "arn:aws:kms:REGION:ACCOUNT:key/LOG-KEY")...),
	},
	{
		Feature: FeatureLogs, For: "SOURCE logs://LOG-GROUP",
		Calls: []Call{
			same("CloudWatch Logs", "logs", "StartQuery", "", "arn:aws:logs:REGION:ACCOUNT:log-group:LOG-GROUP:*"),
			same("CloudWatch Logs", "logs", "GetQueryResults", "", "arn:aws:logs:REGION:ACCOUNT:log-group:LOG-GROUP:*"),
			same("CloudWatch Logs", "logs", "StopQuery", cancelled, "*"),
		},
	},
	{
		Feature: FeatureCurrentAWS, For: "--current aws, the whole account",
		Calls: []Call{same("IAM", "iam", "GetAccountAuthorizationDetails", "", "*")},
	},
	{
		Feature: FeatureCurrentRoles, For: "--current aws --role NAME",
		Calls: []Call{
			same("IAM", "iam", "GetRole", "", anyRole),
			same("IAM", "iam", "ListRolePolicies", "", anyRole),
			same("IAM", "iam", "GetRolePolicy", "the role has inline policies", anyRole),
			same("IAM", "iam", "ListAttachedRolePolicies", "", anyRole),
			same("IAM", "iam", "GetPolicy", "the role has managed policies", anyPolicy...),
			same("IAM", "iam", "GetPolicyVersion", "the role has managed policies", anyPolicy...),
		},
	},
	{
		Feature: FeatureCurrentConfig, For: "--current config",
		Calls: []Call{
			same("Config Service", "config", "SelectResourceConfig", "no aggregator is named", "*"),
			same("Config Service", "config", "SelectAggregateResourceConfig", "an aggregator is named",
				"arn:aws:config:REGION:ACCOUNT:config-aggregator/AGGREGATOR"),
			same("Config Service", "config", "ListDiscoveredResources", unanswered, "*"),
			same("Config Service", "config", "BatchGetResourceConfig", unanswered, "*"),
			same("Config Service", "config", "GetResourceConfigHistory", "--grace asks when a permission was granted", "*"),
		},
	},
	{
		Feature: FeatureLastAccessed, For: "--last-accessed",
		Calls: []Call{
			same("IAM", "iam", "GenerateServiceLastAccessedDetails", "", anyRole),
			same("IAM", "iam", "GetServiceLastAccessedDetails", "", "*"),
			ownAccount,
		},
	},
	{
		Feature: FeatureFunctions, For: "--functions aws",
		Calls: []Call{
			same("Lambda", "lambda", "ListFunctions", "", "*"),
			same("Lambda", "lambda", "ListEventSourceMappings", inUse, "*"),
			{Service: "Lambda", Operation: "ListFunctionEventInvokeConfigs", When: inUse,
				Grants: on("lambda:ListFunctionEventInvokeConfigs", "arn:aws:lambda:REGION:ACCOUNT:function:*")},
			listRegions,
			ownAccount,
		},
	},
	{
		Feature: FeatureAssumeRole, For: "--assume-role ARN",
		Calls: []Call{
			same("Organizations", "organizations", "ListAccounts", "the ARN says {account}", "*"),
			same("STS", "sts", "AssumeRole", "", "arn:aws:iam::*:role/TARGET-ROLE"),
		},
	},
	{
		Feature: FeatureDoctor, For: "whittle doctor",
		Calls: []Call{
			{Service: "STS", Operation: "GetCallerIdentity"}, // needs no permission
			same("CloudTrail", "cloudtrail", "DescribeTrails", "", "*"),
			same("CloudTrail", "cloudtrail", "GetTrailStatus", "there is a trail", anyTrail),
			same("CloudTrail", "cloudtrail", "GetEventSelectors", "there is a trail", anyTrail),
			{Service: "S3", Operation: "HeadBucket", When: "there is a trail", Grants: on("s3:ListBucket", logBucket)},
			{Service: "S3", Operation: "ListObjectsV2", When: "there is a trail", Grants: on("s3:ListBucket", logBucket)},
		},
	},
}

// anyTrail covers an organisation's trail, too, which belongs to another account.
const anyTrail = "arn:aws:cloudtrail:*:*:trail/*"

// anyPolicy are the customer's managed policies and AWS's.
var anyPolicy = []string{"arn:aws:iam::ACCOUNT:policy/*", "arn:aws:iam::aws:policy/*"}
