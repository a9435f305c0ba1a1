package actionmap

import (
	"regexp"
	"strings"
)

// anySuffix matches what Secrets Manager appends to a secret's name in its ARN.
const anySuffix = "-??????"

const suffixAssumed = "Secrets Manager appends a hyphen and six characters to the name, which the event does not show"

// fullSecret is the end of a complete secret ARN. plainWord is an end that a name may as well have.
var (
	fullSecret = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)
	plainWord  = regexp.MustCompile(`-([A-Z]?[a-z]{5,6}|[0-9]{6})$`)
)

// secretID reads a secret's name, ARN, or ARN without the random end. Where an ARN's end can be either
// the random one or a word of the name, it stands for both.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
func secretID(text string) ([]value, reading) {
	open := value{suffix: anySuffix, assumed: suffixAssumed}
	if !isARN(text) {
		open.parts = []string{text}
		return one(open)
	}
	open.arn = text
	switch {
	case !fullSecret.MatchString(text):
		return one(open)
	case plainWord.MatchString(text):
		return []value{{arn: text}, open}, reads
	}
	return one(value{arn: text})
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
