package actionmap

import (
	"regexp"
	"strings"
)

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
		a, ok := parseARN(text)
		if rest, ok = strings.CutPrefix(a.resource, "function:"); !ok || a.service != "lambda" {
			return nil, unreadable
		}
		v.arn = text
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

var statements = regexp.MustCompile(`(?is)^\s*(?:EXISTS\s*\(\s*)?(SELECT|INSERT|UPDATE|DELETE)\b(.*)$`)

// afterVerb finds the table in what follows the verb. A SELECT's list may hold any expression, but
// quotes in it are balanced, so the first FROM outside of quotes is the clause.
var tableAfter = map[string]*regexp.Regexp{
	"SELECT": regexp.MustCompile(`(?is)^(?:[^"']|"[^"]*"|'[^']*')*?\sFROM\s+` + tableName),
	"DELETE": regexp.MustCompile(`(?is)^\s+FROM\s+` + tableName),
	"INSERT": regexp.MustCompile(`(?is)^\s+INTO\s+` + tableName),
	"UPDATE": regexp.MustCompile(`(?is)^\s+` + tableName),
}

// tableName is a table, perhaps with an index, in or out of double quotes, and what must follow.
const tableName = `(?:"([^"]+)"|([\w.-]+?))(?:\.(?:"([^"]+)"|([\w-]+)))?(?:[\s;,)]|$)`

// partiQL returns the form of PartiQL statements that begin with a verb, with the table as the only
// part, or with the table and the index.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
func partiQL(verb string, index bool) form {
	return func(text string) ([]value, reading) {
		statement := statements.FindStringSubmatch(text)
		if statement == nil {
			return nil, unreadable
		}
		if !strings.EqualFold(statement[1], verb) {
			return nil, nothing
		}
		m := tableAfter[verb].FindStringSubmatch(statement[2])
		if m == nil {
			return nil, unreadable
		}
		table, of := m[1]+m[2], m[3]+m[4]
		switch {
		case (of != "") != index:
			return nil, nothing
		case index && isARN(table):
			return one(value{arn: table + "/index/" + of})
		case index:
			return name(table, of)
		}
		return nameOrARN(table)
	}
}
