package query

import "strings"

// An asker writes what is asked of one JSON object of the record. It knows how deep the tokens go, because
// what is not asked is expensive to write: the engine compiles a statement's expressions each time.
type asker struct {
	prefix        string // "", "<" or ">"
	depth         int    // 0 for nothing asked
	lists, nested bool
}

// askerOf finds in the words of all projections those with the prefix.
func askerOf(prefix string, words []string) asker {
	a := asker{prefix: prefix}
	for _, word := range words {
		rest, ok := strings.CutPrefix(word, prefix)
		if !ok || rest == "" || prefix == "" && strings.IndexByte("<>#!*", rest[0]) >= 0 {
			continue
		}
		a.depth = max(a.depth, 1+strings.Count(rest, "."))
		a.lists = a.lists || strings.Contains(rest, "[].")
		a.nested = a.nested || strings.Contains(strings.ReplaceAll(rest, "[].", ""), ".")
	}
	return a
}

// object returns the JSON object of those members that the tokens of the row ask for, NULL if the value is
// none. The column tokens is an array of text.
func (a asker) object(value string) string {
	if a.depth == 0 {
		return "JSON '{}'"
	}
	return a.members(value, literal(a.prefix), 1)
}

// members is object for the members whose path begins with prefix, an SQL expression.
func (a asker) members(object, prefix string, level int) string {
	k, v := "k"+number(int64(level)), "v"+number(int64(level))
	return "CAST(map_filter(transform_values(CAST(" + object + " AS MAP(VARCHAR, JSON)), (" + k + ", " + v + ") -> " +
		a.node(v, prefix+" || "+k, level) + "), (k, v) -> v IS NOT NULL) AS JSON)"
}

// node returns what is kept of a JSON value whose path is an SQL expression, NULL for nothing.
func (a asker) node(value, path string, level int) string {
	asks := func(suffix string) string { return "contains(tokens, " + path + suffix + ")" }
	begins := func(suffix string) string {
		return "any_match(tokens, t -> strpos(t, " + path + " || '" + suffix + "') = 1)"
	}
	var b strings.Builder
	b.WriteString("CASE WHEN " + value + " IS NULL OR json_format(" + value + ") = 'null' THEN NULL")
	b.WriteString(" WHEN " + asks("") + " THEN " + value)
	if level < a.depth && a.nested {
		b.WriteString(" WHEN " + begins(".") + " AND " + sqlStart(value) + " = '{' THEN " + a.members(value, path+" || '.'", level+1))
	}
	if level < a.depth && a.lists {
		element := "e" + number(int64(level))
		b.WriteString(" WHEN " + begins("[].") + " AND " + sqlStart(value) + " = '[' THEN CAST(transform(CAST(" + value + " AS ARRAY(JSON)), " +
			element + " -> CASE WHEN " + sqlStart(element) + " = '{' THEN " + a.members(element, path+" || '[].'", level+1) + " ELSE " + element + " END) AS JSON)")
	}
	b.WriteString(" WHEN " + asks(" || '{'") + " AND " + sqlStart(value) + " = '{' THEN CAST(transform_values(CAST(" + value +
		" AS MAP(VARCHAR, JSON)), (k, v) -> true) AS JSON)")
	b.WriteString(" WHEN " + asks(" || '?'") + " THEN JSON 'true'")
	b.WriteString(" END")
	return b.String()
}

// sqlStart returns the first character of a JSON value.
func sqlStart(value string) string { return "substr(json_format(" + value + "), 1, 1)" }
