package actionmap

import "regexp"

// anySuffix matches what Secrets Manager appends to a secret's name in its ARN.
const anySuffix = "-??????"

const suffixAssumed = "Secrets Manager appends a hyphen and six characters to the name, which the event does not show"

// fullSecret is the end of a complete secret ARN. plainWord is an end that a name may as well have: small
// letters and digits, capitals and digits, or words that begin with a capital. Of the ends that Secrets
// Manager makes up, about one in seven looks so.
var (
	fullSecret = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)
	plainWord  = regexp.MustCompile(`-([a-z0-9]{6}|[A-Z0-9]{6}|[A-Z][a-z0-9]{5}|[A-Za-z][a-z]+[A-Z][a-z]+)$`)
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
