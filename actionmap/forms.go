package actionmap

import "strings"

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
