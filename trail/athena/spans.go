package athena

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// spansOf returns where the files are that a query over a table reads. With atMost they may hold files that
// it does not read. A table with partition projection tells it exactly
// (https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html), if its
// partitions are laid out as CloudTrail delivers; where partitions were added one by one it is anything
// below the table's location.
func spansOf(t query.Table, location string, q *trail.Query) (spans []span, atMost bool, err error) {
	projected := strings.EqualFold(strings.TrimSpace(t.Parameters["projection.enabled"]), "true")
	template := location
	switch {
	case len(t.Partitions) == 0:
	case !projected:
		atMost = true
	case t.Parameters["storage.location.template"] != "":
		template = t.Parameters["storage.location.template"]
	default:
		for _, p := range t.Partitions {
			template = strings.TrimSuffix(template, "/") + "/" + p.Name + "=${" + p.Name + "}"
		}
	}
	if template == "" {
		return nil, false, errors.New("the Glue Data Catalog does not say where the table's files are, as for a view")
	}
	bucket, path, err := splitS3(template)
	if err != nil {
		return nil, false, err
	}
	e := expander{table: t, query: q, bucket: bucket, atMost: atMost, organization: organizationForm.MatchString(template)}
	return e.expand(path), e.atMost, nil
}

// An expander puts values into a storage.location.template.
type expander struct {
	table  query.Table
	query  *trail.Query
	bucket string
	atMost bool
	// organization says that it is an organization's trail.
	organization bool
}

var organizationForm = regexp.MustCompile(`/AWSLogs/o-[a-z0-9]+/`)

// expand goes through the template from one ${key} to the next, as long as it knows the values that the
// query asks for.
func (e *expander) expand(path string) []span {
	prefixes := []string{""}
	for {
		before, rest, more := strings.Cut(path, "${")
		name, after, closed := strings.Cut(rest, "}")
		for i := range prefixes {
			prefixes[i] += before
		}
		if !more || !closed {
			for i := range prefixes {
				prefixes[i] = strings.TrimSuffix(prefixes[i], "/") + "/"
			}
			return e.spans(prefixes, "", "")
		}
		key := strings.ToLower(name)
		if from, to, ok := e.days(key); ok {
			e.atMost = e.atMost || strings.Contains(after, "${")
			return e.spans(prefixes, from, to)
		}
		values, ok := e.values(key)
		if !ok || len(prefixes)*len(values) > maxLists {
			e.atMost = true
			return e.spans(prefixes, "", "")
		}
		var next []string
		for _, p := range prefixes {
			for _, v := range values {
				next = append(next, p+v)
			}
		}
		prefixes, path = next, after
	}
}

// spans returns a span for each prefix, of the keys that go on from one text to another.
func (e *expander) spans(prefixes []string, from, to string) []span {
	spans := make([]span, len(prefixes))
	for i, p := range prefixes {
		spans[i] = span{bucket: e.bucket, prefix: p}
		if from != "" {
			spans[i].from = p + from
		}
		if to != "" {
			spans[i].to = p + to + "\xff" // more than any text that begins so
		}
	}
	return spans
}

func (e *expander) property(key, name string) string {
	return strings.TrimSpace(e.table.Parameters["projection."+key+"."+name])
}

// These are the names by which package query knows a key, and what it asks of each.
var (
	dayKeys     = []string{"timestamp", "date", "dt", "day"}
	regionKeys  = []string{"region", "awsregion", "aws_region"}
	accountKeys = []string{"account", "account_id", "accountid", "aws_account_id"}
)

// days returns the first and the last day of a key of days that the query needs, "" for no bound.
func (e *expander) days(key string) (from, to string, ok bool) {
	layout := e.table.DayLayout(key)
	if layout == "" || !slices.Contains(dayKeys, key) || !strings.EqualFold(e.property(key, "type"), "date") {
		return "", "", false
	}
	first, last := e.table.DayBounds(key, e.query)
	if !first.IsZero() {
		from = first.Format(layout)
	}
	if !last.IsZero() {
		to = last.Format(layout)
	}
	if first, _, _ := strings.Cut(e.property(key, "range"), ","); first > from {
		if _, err := time.Parse(layout, first); err == nil {
			from = first
		}
	}
	return from, to, true
}

// values returns the values of a key that the query needs. The accounts are all that recorded calls, unless
// each account of the query has a folder of its own in the trail of an organization.
func (e *expander) values(key string) ([]string, bool) {
	var asked []string
	switch {
	case slices.Contains(regionKeys, key):
		asked = e.query.Regions
	case slices.Contains(accountKeys, key):
		asked = e.query.Accounts
	}
	switch strings.ToLower(e.property(key, "type")) {
	case "injected":
		return asked, len(asked) > 0
	case "enum":
		all := strings.Split(e.property(key, "values"), ",")
		for i := range all {
			all[i] = strings.TrimSpace(all[i])
		}
		missing := func(v string) bool { return !slices.Contains(all, v) }
		if len(asked) == 0 || slices.Contains(accountKeys, key) && (!e.organization || slices.ContainsFunc(asked, missing)) {
			return all, true
		}
		return slices.DeleteFunc(all, func(v string) bool { return !slices.Contains(asked, v) }), true
	}
	return nil, false
}
