package actionmap

import (
	"regexp"
	"strings"
)

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
