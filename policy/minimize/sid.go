package minimize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
)

// maxSid keeps Sids readable; IAM has no limit for them.
const maxSid = 64

// nameStatements gives every statement a Sid of its own: service, access, resource, such as
// S3ReadOrdersBucketObjects or DynamoDBPutItemOrdersTable. Names from logs contribute only ASCII
// letters and digits.
func nameStatements(statements []policy.Statement) {
	taken := map[string]bool{}
	for i := range statements {
		s := &statements[i]
		name := sid(*s)
		s.Sid = name
		for n := 2; taken[s.Sid]; n++ {
			s.Sid = name + strconv.Itoa(n)
		}
		taken[s.Sid] = true
	}
}

func sid(s policy.Statement) string {
	words := serviceWords(s.Actions) + accessWords(s.Actions)
	if resource := resourceWords(s.Resources); !strings.HasSuffix(words, resource) { // not GenerateDataKeyKey
		words += resource
	}
	words += conditionWords(s.Conditions)
	if words == "" {
		return "Statement" // of names without a single ASCII letter
	}
	return words[:min(len(words), maxSid)]
}

// serviceNames are the prefixes whose usual name is not their prefix with a capital letter.
var serviceNames = map[string]string{
	"apigateway": "APIGateway", "appsync": "AppSync", "athena": "Athena", "bedrock": "Bedrock",
	"cloudformation": "CloudFormation", "cloudwatch": "CloudWatch", "cognito-idp": "Cognito",
	"dynamodb": "DynamoDB", "ec2": "EC2", "ecr": "ECR", "ecs": "ECS", "elasticfilesystem": "EFS",
	"es": "OpenSearch", "events": "EventBridge", "execute-api": "APIGateway", "iam": "IAM",
	"kms": "KMS", "rds": "RDS", "rds-db": "RDS", "s3": "S3", "secretsmanager": "SecretsManager",
	"ses": "SES", "sns": "SNS", "sqs": "SQS", "ssm": "SSM", "states": "StepFunctions", "sts": "STS",
	"xray": "XRay",
}

func serviceWords(actions []string) string {
	var names []string
	for _, a := range actions {
		prefix := service(a)
		name, ok := serviceNames[prefix]
		if !ok {
			name = camel(prefix)
		}
		names = append(names, name)
	}
	names = distinct(names)
	if len(names) > 3 {
		return "SeveralServices"
	}
	return strings.Join(names, "")
}

// access is an action's level, in the order in which statements are sorted.
type access int

const (
	list access = iota
	read
	write
	tag
	permissions
)

func accessOf(action string) access {
	a, ok := reference.LookupAction(action)
	if !ok {
		return write // what is not known may do anything
	}
	switch a.AccessLevel {
	case reference.List:
		return list
	case reference.Read:
		return read
	case reference.Tagging:
		return tag
	case reference.PermissionsManagement:
		return permissions
	}
	return write
}

func lowestAccess(actions []string) access {
	lowest := permissions
	for _, a := range actions {
		lowest = min(lowest, accessOf(a))
	}
	return lowest
}

// accessWords is the name of a single action, else the levels of all.
func accessWords(actions []string) string {
	if len(actions) == 1 {
		_, name, _ := strings.Cut(actions[0], ":")
		return camel(name)
	}
	words := map[access]string{list: "List", read: "Read", write: "Write", tag: "Tag", permissions: "Manage"}
	var levels []access
	for _, a := range actions {
		level := accessOf(a)
		if service(a) == "kms" && level == write {
			words[write] = "Use" // Decrypt and its like count as Write
		}
		levels = append(levels, level)
	}
	slices.Sort(levels)
	var out string
	for _, level := range slices.Compact(levels) {
		out += words[level]
	}
	return out
}

// conditionWords says for what service a key is used, the one condition that the same action and
// resource often differ by.
func conditionWords(conditions []policy.Condition) string {
	for _, c := range conditions {
		if strings.EqualFold(c.Key, "kms:ViaService") && len(c.Values) == 1 {
			prefix, _, _ := strings.Cut(c.Values[0], ".")
			return "Via" + serviceWords([]string{prefix + ":"})
		}
	}
	return ""
}

// camel joins the ASCII words of s, each with a capital letter.
func camel(s string) string {
	var b strings.Builder
	capital := true
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z' && capital:
			b.WriteByte(c - 'a' + 'A')
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			b.WriteByte(c)
		default:
			capital = true
			continue
		}
		capital = false
	}
	return b.String()
}

// distinct returns the texts without repetitions, in the order in which they first come.
func distinct(texts []string) []string {
	var out []string
	for _, s := range texts {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
