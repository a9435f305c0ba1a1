package query

import (
	"strings"
)

// sqlObject returns the JSON object of those members of a JSON object that the tokens of the row ask for,
// all of which begin with prefix, an SQL expression. The column tokens is an array of text.
func sqlObject(object, prefix string, level int) string {
	k, v := "k"+number(int64(level)), "v"+number(int64(level))
	return "CAST(map_filter(transform_values(CAST(" + object + " AS MAP(VARCHAR, JSON)), (" + k + ", " + v + ") -> " +
		sqlNode(v, prefix+" || "+k, level) + "), (k, v) -> v IS NOT NULL) AS JSON)"
}

// sqlNode returns what is kept of a JSON value whose path is an SQL expression, NULL for nothing.
func sqlNode(value, path string, level int) string {
	asks := func(suffix string) string { return "contains(tokens, " + path + suffix + ")" }
	var b strings.Builder
	b.WriteString("CASE WHEN " + value + " IS NULL OR json_format(" + value + ") = 'null' THEN NULL")
	b.WriteString(" WHEN " + asks("") + " THEN " + value)
	if level < depth {
		begins := func(suffix string) string {
			return "any_match(tokens, t -> strpos(t, " + path + " || '" + suffix + "') = 1)"
		}
		element := "e" + number(int64(level))
		b.WriteString(" WHEN " + sqlStart(value) + " = '{' AND " + begins(".") + " THEN " + sqlObject(value, path+" || '.'", level+1))
		b.WriteString(" WHEN " + sqlStart(value) + " = '[' AND " + begins("[].") + " THEN CAST(transform(CAST(" + value + " AS ARRAY(JSON)), " +
			element + " -> CASE WHEN " + sqlStart(element) + " = '{' THEN " + sqlObject(element, path+" || '[].'", level+1) + " ELSE " + element + " END) AS JSON)")
	}
	b.WriteString(" WHEN " + asks(" || '{'") + " AND " + sqlStart(value) + " = '{' THEN CAST(transform_values(CAST(" + value +
		" AS MAP(VARCHAR, JSON)), (k, v) -> true) AS JSON)")
	b.WriteString(" WHEN " + asks(" || '?'") + " THEN JSON 'true'")
	b.WriteString(" END")
	return b.String()
}

// sqlStart returns the first character of a JSON value.
func sqlStart(value string) string { return "substr(json_format(" + value + "), 1, 1)" }
