package query

import (
	"strings"
	"time"
)

// judged finds the role, as far as it takes to see which records matter.
func (b *builder) judged() []as {
	asRole := func(x string) string {
		return "CASE WHEN regexp_like(" + x + ", " + literal(roleARN) + ") THEN " + x +
			" WHEN regexp_like(" + x + ", " + literal(sessionARN) + ") THEN regexp_replace(" + x + ", " + literal(sessionARN) + ", 'arn:$1:iam::$2:role/$3') END"
	}
	text := func(name string) string {
		return "CASE WHEN substr(json_format(json_extract(request_json, '$." + name + "')), 1, 1) = '\"' THEN json_extract_scalar(request_json, '$." + name + "') END"
	}
	// A name that is no text makes the whole request unreadable for the Observer.
	readable := "coalesce(substr(json_format(json_extract(request_json, '$.roleSessionName')), 1, 1) IN ('\"', 'n'), true)"
	return []as{
		{"role", "CASE WHEN identity = 'AssumedRole' THEN coalesce(" + asRole("issuer") + ", " + asRole("arn") + ") WHEN assumed AND " + readable + " THEN " + asRole(text("roleArn")) + " END"},
		{"tokens", "CASE WHEN projection IS NULL THEN CAST(ARRAY[] AS ARRAY(VARCHAR)) ELSE transform(split(element_at(projections, CAST(projection AS INTEGER)), ' '), i -> element_at(words, CAST(i AS INTEGER))) END"},
		{"session", "CASE WHEN identity = 'AssumedRole' THEN CASE WHEN strpos(arn, ':assumed-role/') > 0 THEN regexp_extract(substr(arn, strpos(arn, ':assumed-role/') + 14), " + literal(lastStep) + ") ELSE '' END WHEN assumed THEN " + text("roleSessionName") + " END"},
		{"inside", b.inside()},
	}
}

// inside is whether the window holds the record, true where Go has to read the time.
func (b *builder) inside() string {
	var tests []string
	if since := b.query.Since; !since.IsZero() {
		tests = append(tests, "at >= "+number(ceilSecond(since)))
	}
	if until := b.query.Until; !until.IsZero() {
		tests = append(tests, "at < "+number(ceilSecond(until)))
	}
	if tests == nil {
		return "true"
	}
	return "coalesce(" + strings.Join(tests, " AND ") + ", true)"
}

// ceilSecond is the first second that is not before t, as records have seconds.
func ceilSecond(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// kept says which records may be used. Of the others no more is kept than why they are not, and what
// they say of the log.
func (b *builder) kept() []as {
	keep := "called AND role IS NOT NULL AND inside"
	if accounts := b.query.Accounts; len(accounts) > 0 {
		keep += " AND split_part(role, ':', 5) IN (" + list(accounts) + ")"
	}
	if regions := b.query.Regions; len(regions) > 0 {
		keep += " AND region IN (" + list(regions) + ")"
	}
	return []as{
		{"keep", keep},
		{"start", sqlStart("request_json")},
	}
}

// onlyAsked limits a second query to the records that the first one had no parameters of.
func (b *builder) onlyAsked() string {
	if !b.only {
		return ""
	}
	return "\n  WHERE keep AND projection IS NOT NULL"
}

// named finds the member that holds the name that may get gaps.
var named = []as{
	{"wide", "CASE WHEN keep AND start = '{' THEN substr(element_at(filter(tokens, t -> substr(t, 1, 1) = '!'), 1), 2) END"},
}

// reduced reads that name, and of a message what trail.ParseDenial does: who called goes before it, and what
// AWS encoded for itself is another text each time.
var reduced = []as{
	{"whole", sqlWide},
	{"denial", "CASE WHEN strpos(message, 'is not authorized to perform: ') > 0 THEN regexp_replace(substr(message, strpos(message, 'is not authorized to perform: ')), " +
		literal(encodedMessage) + ", '$1-') END"},
}

// sqlWide is the name, if the member is a text.
const sqlWide = "CASE WHEN wide IS NOT NULL AND substr(json_format(element_at(CAST(request_json AS MAP(VARCHAR, JSON)), wide)), 1, 1) = '\"' THEN CAST(element_at(CAST(request_json AS MAP(VARCHAR, JSON)), wide) AS VARCHAR) END"

// spaced is the name with its gaps, NULL where it has none.
var spaced = []as{
	{"gaps", "CASE WHEN strpos(whole, chr(0)) = 0 AND length(to_utf8(whole)) <= " + number(maxName) + " THEN nullif(" + sqlGaps("whole") + ", whole) END"},
}
