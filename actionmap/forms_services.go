package actionmap

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// queueURL reads https://HOST/ACCOUNT/NAME. The host may be a Region's endpoint, an older one or an
// interface endpoint; SQS looks at the path only.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
func queueURL(text string) ([]value, reading) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return nil, unreadable
	}
	account, queue, ok := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !ok || !isAccount(account) || strings.Contains(queue, "/") {
		return nil, unreadable
	}
	return one(value{account: account, parts: []string{queue}})
}

// aliasName reads a KMS alias, which requests write as alias/NAME.
func aliasName(text string) ([]value, reading) {
	alias, ok := strings.CutPrefix(text, "alias/")
	if !ok {
		return arnOnly(text)
	}
	return name(alias)
}

var keyIDs = regexp.MustCompile(`^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)

// keyID reads a KMS key's ID or ARN, but no alias: policies must name the key.
// https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
func keyID(text string) ([]value, reading) {
	switch {
	case keyIDs.MatchString(text):
		return name(text)
	case isARN(text):
		return one(value{arn: text})
	}
	return nil, unreadable
}

// iamName reads the name of a role, user or policy, which requests give without its path.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func iamName(text string) ([]value, reading) {
	if isARN(text) || strings.Contains(text, "/") {
		return arnOnly(text)
	}
	return one(value{parts: []string{text}, assumed: "the event does not show the path, which is / if none was given"})
}

// subscription reads the ARN of an SNS subscription, TOPIC:ID; permissions are on the topic.
func subscription(text string) ([]value, reading) {
	topic, _, _ := cutLast(text, ":")
	if strings.Count(text, ":") < 6 {
		return nil, unreadable
	}
	return arnOnly(topic)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// functionName reads a Lambda function and leaves a version or alias out: NAME, ACCOUNT:function:NAME or an
// ARN, each perhaps followed by :QUALIFIER.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName
func functionName(text string) ([]value, reading) {
	v, function, _, ok := lambdaFunction(text)
	if !ok {
		return nil, unreadable
	}
	v.parts = []string{function}
	return one(v)
}

// qualifiedFunction reads the same forms where a version or alias follows.
func qualifiedFunction(text string) ([]value, reading) {
	v, function, qualifier, ok := lambdaFunction(text)
	switch {
	case !ok:
		return nil, unreadable
	case qualifier == "":
		return nil, elsewhere
	case v.arn != "":
		v.arn += ":" + qualifier
	}
	v.parts = []string{function, qualifier}
	return one(v)
}

// lambdaFunction takes a function's name apart. The value holds what is known of it without its
// qualifier: its ARN or its account.
func lambdaFunction(text string) (v value, function, qualifier string, ok bool) {
	switch {
	case isARN(text):
		a, _ := parseARN(text)
		name, isFunction := strings.CutPrefix(a.resource, "function:")
		if !isFunction || a.service != "lambda" {
			return v, "", "", false
		}
		function, qualifier, _ = strings.Cut(name, ":")
		v.arn = strings.TrimSuffix(text, name) + function
	case strings.Contains(text, ":function:"):
		v.account, text, _ = strings.Cut(text, ":function:")
		if !isAccount(v.account) {
			return v, "", "", false
		}
		function, qualifier, _ = strings.Cut(text, ":")
	default:
		function, qualifier, _ = strings.Cut(text, ":")
	}
	return v, function, qualifier, function != "" && !strings.Contains(qualifier, ":")
}

// logGroup reads a log group's name or ARN as policies name it for all but tagging: NAME:*.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
func logGroup(text string) ([]value, reading) {
	values, r := logGroupName(text)
	for i := range values {
		values[i].suffix = ":*"
	}
	return values, r
}

// logGroupName reads a log group's name or ARN, with or without the ":*" that the latter may end in.
func logGroupName(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: strings.TrimSuffix(text, ":*")})
	}
	if strings.Contains(text, ":") {
		return nil, unreadable
	}
	return name(text)
}

// stateMachine reads a state machine's ARN and leaves a version or alias out: permissions are on the
// state machine, whichever of its versions the request names.
// https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
func stateMachine(text string) ([]value, reading) {
	a, ok := parseARN(text)
	machine, isMachine := strings.CutPrefix(a.resource, "stateMachine:")
	if !ok || !isMachine {
		return arnOnly(text)
	}
	_, qualifier, qualified := strings.Cut(machine, ":")
	if qualified {
		text = strings.TrimSuffix(text, ":"+qualifier)
	}
	return one(value{arn: text})
}

// inAccount and inRegion read where the resource is that another argument names.
func inAccount(text string) ([]value, reading) {
	if !isAccount(text) {
		return nil, unreadable
	}
	return one(value{account: text})
}

func inRegion(text string) ([]value, reading) {
	if !regions.MatchString(text) {
		return nil, unreadable
	}
	return one(value{region: text})
}

// roleInJSON reads a role out of a policy that is the text of a parameter.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
func roleInJSON(text string) ([]value, reading) {
	var policy struct{ RoleArn string }
	switch err := json.Unmarshal([]byte(text), &policy); {
	case err != nil:
		return nil, unreadable
	case policy.RoleArn == "":
		return nil, nothing
	}
	return arnOnly(policy.RoleArn)
}
