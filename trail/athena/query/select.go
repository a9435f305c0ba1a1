package query

import (
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

func text(t Table, q trail.Query, o Options) (Statement, error) {
	if err := t.check(); err != nil {
		return Statement{}, err
	}
	c, err := columnsOf(&t)
	if err != nil {
		return Statement{}, err
	}
	kinds := o.Kinds
	if len(o.Only) > 0 {
		kinds = o.Only
	}
	known, err := constantsOf(&q, kinds)
	if err != nil {
		return Statement{}, err
	}
	where, gaps, err := t.prune(&q)
	if err != nil {
		return Statement{}, err
	}
	b := &builder{query: &q, columns: &c, known: known, only: len(o.Only) > 0, from: identifier(t.Database) + "." + identifier(t.Name), where: where}
	sql := b.statement()
	if len(sql) > MaxBytes {
		return Statement{}, fmt.Errorf("%w: %d bytes, of which %d say what to keep of %d kinds of events; ask for fewer kinds, accounts or Regions",
			ErrTooLong, len(sql), len(known.words)+len(known.projections)+len(known.kinds), len(kinds))
	}
	return Statement{SQL: sql, Gaps: trail.MergeGaps(c.gaps, gaps)}, nil
}

// A builder writes one statement. It is a chain of SELECTs, each over the one before, so that the table is
// read once: Athena reads a table again for each place that names it.
type builder struct {
	query   *trail.Query
	columns *columns
	known   constants
	only    bool
	from    string
	where   string
}

// An as is an expression with its name.
type as struct{ name, expression string }

func selection(all bool, columns []as) string {
	var lines []string
	if all {
		lines = append(lines, "*")
	}
	for _, c := range columns {
		lines = append(lines, c.expression+" AS "+c.name)
	}
	return "SELECT\n    " + strings.Join(lines, ",\n    ")
}

func (b *builder) statement() string {
	steps := []struct{ name, text string }{
		{"raw", selection(false, b.raw()) + "\n  FROM " + b.from + b.where},
		{"parsed", selection(true, b.parsed()) + "\n  FROM raw"},
		{"judged", selection(true, b.judged()) + "\n  FROM parsed"},
		{"kept", selection(true, b.kept()) + "\n  FROM judged"},
		{"named", selection(true, named) + "\n  FROM kept" + b.onlyAsked()},
		{"reduced", selection(true, reduced) + "\n  FROM named"},
		{"spaced", selection(true, spaced) + "\n  FROM reduced"},
		{"records", selection(false, b.records()) + "\n  FROM spaced"},
		{"events", "SELECT record, name, at, event, copy, role, eventname, count(*) AS copies\n  FROM records\n  GROUP BY record, name, at, event, copy, role, eventname"},
		{"counted", "SELECT *,\n    CASE WHEN copy = '' THEN 1 ELSE row_number() OVER (PARTITION BY CASE WHEN copy = '' THEN event ELSE copy END, role, eventname, at ORDER BY event, record, name) END AS nth\n  FROM events"},
		{"grouped", grouped},
	}
	var s strings.Builder
	for i, step := range steps {
		s.WriteString([]string{"WITH ", ",\n"}[min(i, 1)] + step.name + " AS (\n  " + step.text + "\n)")
	}
	s.WriteString("\n" + rows)
	return s.String()
}

// grouped counts. The copies of an event in other accounts, all but the first, are rows of their own: they
// tell of the log and not of the role. The latest events are those with the smallest texts of the time
// that is left and the ID.
const grouped = `SELECT
    record,
    min(name) AS first_name,
    max(name) AS last_name,
    sum(copies) AS records,
    sum(CASE WHEN nth > 1 THEN 0 WHEN event = '' AND copy = '' THEN copies ELSE 1 END) AS events,
    min(at) AS first_at,
    max(at) AS last_at,
    array_agg(DISTINCT at / 86400) FILTER (WHERE at IS NOT NULL) AS days,
    min(lpad(CAST(253402300799 - coalesce(at, 253402300799) AS VARCHAR), 12, '0') || event, 16) FILTER (WHERE event <> '' AND nth = 1) AS latest
  FROM counted
  GROUP BY record, nth > 1`

// rows writes what was counted as Columns say. Days count from the first one.
const rows = `SELECT
  record,
  CASE WHEN first_name = last_name THEN json_format(CAST(first_name AS JSON)) ELSE '' END AS name,
  CAST(records AS VARCHAR) AS records,
  CAST(events AS VARCHAR) AS events,
  coalesce(CAST(first_at AS VARCHAR), '') AS first_time,
  coalesce(CAST(last_at AS VARCHAR), '') AS last_time,
  coalesce(array_join(transform(array_sort(days), d -> d - first_at / 86400), ','), '') AS days,
  json_format(CAST(coalesce(reduce(latest, CAST(ARRAY[] AS ARRAY(VARCHAR)), (s, x) -> CASE WHEN any_match(s, y -> substr(y, 13) = substr(x, 13)) THEN s ELSE s || x END, s -> slice(s, 1, 3)), ARRAY[]) AS JSON)) AS ids
FROM grouped`

// projection is the number of what is asked of the kind of event, see constants.
func (b *builder) projection() string {
	if b.known.kinds == "" {
		return "CAST(NULL AS VARCHAR)"
	}
	return "element_at(split_to_map(" + literal(b.known.kinds) + ", ',', '='), replace(eventsource || '/', '.amazonaws.com/', '~') || eventname)"
}

// raw reads the table's columns.
func (b *builder) raw() []as {
	var out []as
	for _, f := range fields {
		out = append(out, as{f.name, b.columns.text[f.name]})
	}
	if b.columns.resources != nil {
		out = append(out, as{"resources", `"resources"`})
	}
	return out
}

// parsed reads times and parameters, and looks up what is asked of the kind of event.
func (b *builder) parsed() []as {
	return []as{
		{"at", "CASE WHEN regexp_like(eventtime, " + literal(secondsTime) + ") THEN CAST(to_unixtime(try(from_iso8601_timestamp(eventtime))) AS BIGINT) END"},
		{"request_json", "try(json_parse(request))"},
		{"response_json", "try(json_parse(response))"},
		{"called", "category NOT IN ('Insight', 'NetworkActivity', 'Aggregated') AND lower(eventtype) NOT IN ('awsserviceevent', 'awsvpceevent', 'awscloudtrailinsight', 'awsconsolesignin', 'awsconsoleaction')"},
		{"assumed", "identity = 'AWSService' AND eventname = 'AssumeRole' AND invokedby IN ('lambda.amazonaws.com', 'edgelambda.amazonaws.com')"},
		{"projection", b.projection()},
		{"projections", "split(" + literal(b.known.projections) + ", ',')"},
		{"words", "split(" + literal(b.known.words) + ", ',')"},
	}
}
