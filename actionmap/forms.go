package actionmap

import (
	"net/url"
	"regexp"
	"strings"
)

// A value is what one parameter says about a resource: an ARN, or the values of some of the variables
// of a format, perhaps with an account of their own.
type value struct {
	arn string
	// account replaces the caller's; public stands for none.
	account string
	parts   []string
	// suffix is a pattern that follows the last part.
	suffix string
	// assumed says what of the value follows a documented default, in one sentence.
	assumed string
	// open marks a start that stands for any continuation.
	open bool
}

// public is the account of resources that AWS owns and shares, whose ARNs have no account.
const public = "public"

// A reading says what a form made of a text.
type reading int

const (
	reads      reading = iota // there are values
	elsewhere                 // it names something in a way that another target reads
	nothing                   // it says that there is no such resource
	unreadable                // it is hidden or of no known form
)

// A form reads a parameter's text. There are values only with the reading reads.
type form func(text string) ([]value, reading)

// forms are the names that overrides use after "as".
var forms = map[string]form{
	"":                nameOrARN,
	"name":            nameOnly,
	"arn":             arnOnly,
	"alias-name":      aliasName,
	"bus-name":        busName,
	"copy-source":     copySource,
	"custom-bus-name": customBusName,
	"function":        functionName,
	"iam-name":        iamName,
	"key-id":          keyID,
	"log-group":       logGroup,
	"log-group-name":  logGroupName,
	"parameter":       parameterName,
	"partiql-delete":  partiQL("DELETE", false),
	"partiql-index":   partiQL("SELECT", true),
	"partiql-insert":  partiQL("INSERT", false),
	"partiql-select":  partiQL("SELECT", false),
	"partiql-update":  partiQL("UPDATE", false),
	"qualified":       qualifiedFunction,
	"queue-url":       queueURL,
	"secret":          secretID,
	"ssm-document":    ssmDocument,
	"subscription":    subscription,
}

func one(v value) ([]value, reading) { return []value{v}, reads }

func name(parts ...string) ([]value, reading) { return one(value{parts: parts}) }

func isARN(text string) bool { return strings.HasPrefix(text, "arn:") }

func nameOrARN(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	return name(text)
}

// nameOnly takes no ARNs.
func nameOnly(text string) ([]value, reading) {
	if isARN(text) {
		return nil, elsewhere
	}
	return name(text)
}

// arnOnly takes no names.
func arnOnly(text string) ([]value, reading) {
	if !isARN(text) {
		return nil, elsewhere
	}
	return one(value{arn: text})
}

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
