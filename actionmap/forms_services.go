package actionmap

import (
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

// copySource reads the header x-amz-copy-source: BUCKET/KEY or the ARN of an access point's object,
// URL-encoded, with "?versionId=" for a version.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func copySource(text string) ([]value, reading) {
	path, _, _ := strings.Cut(text, "?versionId=")
	path, err := url.PathUnescape(path)
	if err != nil {
		return nil, unreadable
	}
	if isARN(path) {
		return one(value{arn: path})
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !ok {
		return nil, unreadable
	}
	return name(bucket, key)
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

// functionName reads a Lambda function without a qualifier: NAME, ACCOUNT:function:NAME or an ARN.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-request-FunctionName
func functionName(text string) ([]value, reading) { return lambdaFunction(text, 1) }

// qualifiedFunction reads the same forms followed by a version or alias.
func qualifiedFunction(text string) ([]value, reading) { return lambdaFunction(text, 2) }

func lambdaFunction(text string, parts int) ([]value, reading) {
	var v value
	rest := text
	switch {
	case isARN(text):
		a, _ := parseARN(text)
		name, isFunction := strings.CutPrefix(a.resource, "function:")
		if !isFunction || a.service != "lambda" {
			return nil, unreadable
		}
		v.arn, rest = text, name
	case strings.Contains(text, ":function:"):
		v.account, rest, _ = strings.Cut(text, ":function:")
		if !isAccount(v.account) {
			return nil, unreadable
		}
	}
	v.parts = strings.Split(rest, ":")
	if len(v.parts) != parts {
		return nil, elsewhere
	}
	return one(v)
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

// busName reads an event bus's name or ARN as a name.
func busName(text string) ([]value, reading) {
	if isARN(text) {
		a, ok := parseARN(text)
		bus, isBus := strings.CutPrefix(a.resource, "event-bus/")
		if !ok || !isBus || a.service != "events" {
			return nil, unreadable
		}
		return one(value{account: a.account, parts: []string{bus}})
	}
	return name(text)
}

// customBusName is busName without the default bus, whose rules' ARNs do not name it.
func customBusName(text string) ([]value, reading) {
	values, r := busName(text)
	if len(values) == 1 && values[0].parts[0] == "default" {
		return nil, elsewhere
	}
	return values, r
}

// parameterName reads an SSM parameter: /a/b, b or an ARN, with :VERSION or :LABEL. ARNs write the name
// without its leading slash; AWS's public parameters, under /aws/service, belong to no account.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
func parameterName(text string) ([]value, reading) {
	if isARN(text) {
		if strings.Count(text, ":") > 5 {
			text, _, _ = cutLast(text, ":")
		}
		return one(value{arn: text})
	}
	path, _, _ := strings.Cut(text, ":")
	v := value{parts: []string{strings.TrimPrefix(path, "/")}}
	if strings.HasPrefix(path, "/aws/service/") {
		v.account = public
	}
	if v.parts[0] == "" {
		return nil, unreadable
	}
	return one(v)
}

// ssmDocument reads an SSM document's name or ARN; AWS's own documents belong to no account.
func ssmDocument(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	v := value{parts: []string{text}}
	if strings.HasPrefix(text, "AWS-") || strings.HasPrefix(text, "AWS") && strings.Contains(text, "-") {
		v.account = public
	}
	return one(v)
}
