package minimize

import (
	"regexp"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// A noun is what a Sid calls a resource: its name, if it has one to speak of, and its kind.
type noun struct{ name, kind string }

// How long may be, in a Sid, the name of a resource, and those of two.
const (
	maxName  = 30
	maxNames = 40
)

// resourceWords names one resource, or two with short names, else the kinds of all.
func resourceWords(resources []string) string {
	var nouns, kinds []string
	for _, r := range resources {
		n := nounOf(r)
		nouns = append(nouns, n.name+n.kind)
		kinds = append(kinds, n.kind)
	}
	nouns, kinds = distinct(nouns), distinct(kinds)
	switch names := strings.Join(nouns, "And"); {
	case len(nouns) == 1, len(nouns) == 2 && len(names) <= maxNames:
		return names
	case len(kinds) <= 2:
		return plural(kinds[0]) + strings.Join(kinds[1:], "")
	}
	return "Resources"
}

func plural(kind string) string {
	if strings.HasSuffix(kind, "s") {
		return kind
	}
	if stem, ok := strings.CutSuffix(kind, "y"); ok && !strings.HasSuffix(kind, "Key") {
		return stem + "ies"
	}
	return kind + "s"
}

// kindOf are the kinds of services whose ARNs do not say it.
var kindOf = map[string]string{"sqs": "Queue", "sns": "Topic"}

func nounOf(resource string) noun {
	if resource == "*" {
		return noun{kind: "AnyResource"}
	}
	arn, err := policy.ParseARN(resource)
	if err != nil {
		return noun{kind: "Resource"}
	}
	arn.Service = strings.ToLower(arn.Service)
	if arn.Service == "s3" && arn.Region == "" {
		bucket, _, isObject := strings.Cut(arn.Resource, "/")
		if isObject {
			return newNoun(bucket, "BucketObjects")
		}
		return newNoun(bucket, "Bucket")
	}
	kind, name, found := cutAny(arn.Resource)
	if !found {
		return newNoun(arn.Resource, kindOf[arn.Service])
	}
	switch {
	case arn.Service == "logs":
		name, stream, _ := strings.Cut(name, ":")
		name = name[strings.LastIndexByte(name, '/')+1:]
		if strings.HasPrefix(stream, "log-stream") {
			return newNoun(name, "LogStreams")
		}
		return newNoun(name, "LogGroup")
	case arn.Service == "secretsmanager", arn.Service == "ssm":
		return newNoun(name, camel(kind)) // the name is all of the path
	case arn.Service == "kms" && kind == "key":
		return noun{kind: "Key"} // which is named by a UUID
	}
	name, rest, nested := cutAny(name)
	if part, _, _ := cutAny(rest); nested && arn.Service == "dynamodb" {
		return newNoun(name, "Table"+camel(part))
	}
	return newNoun(name, camel(kind))
}

// cutAny cuts s at its first slash or colon.
func cutAny(s string) (before, after string, found bool) {
	if i := strings.IndexAny(s, "/:"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// generatedID matches names that say nothing to people: UUIDs, eni-0a1b2c3d4e5f60718.
var generatedID = regexp.MustCompile(`^([a-z]+-)?[0-9a-f]{8}[0-9a-f-]*$`)

func newNoun(name, kind string) noun {
	if generatedID.MatchString(name) && strings.ContainsAny(name, "0123456789") && kind != "" {
		return noun{kind: kind}
	}
	name = camel(name)
	if len(name) > maxName {
		name = name[:maxName]
	}
	// "orders-bucket" is the OrdersBucket, not the OrdersBucketBucket.
	for i := len(kind); i > 0; i-- {
		if strings.HasSuffix(name, kind[:i]) && (i == len(kind) || 'A' <= kind[i] && kind[i] <= 'Z') {
			return noun{strings.TrimSuffix(name, kind[:i]), kind}
		}
	}
	return noun{name, kind}
}
