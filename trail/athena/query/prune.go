package query

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

// lateDelivery is how long after an event its file may arrive, as in trail/logfile. Partitions are those of
// the delivery.
const lateDelivery = 24 * time.Hour

// prune returns the WHERE that leaves out the partitions which q does not need, "" for none, and what is
// left out that may have been asked for.
func (t *Table) prune(q *trail.Query) (string, []trail.Gap, error) {
	var tests []string
	var gaps []trail.Gap
	parts := map[string]Column{}
	for _, p := range t.Partitions {
		parts[strings.ToLower(p.Name)] = p
	}
	for _, name := range []string{"timestamp", "date", "dt", "day"} {
		if p, ok := parts[name]; ok && parts["month"].Name == "" {
			tests = append(tests, t.days(p, q)...)
		}
	}
	tests = append(tests, calendar(parts, q)...)
	for _, name := range []string{"region", "awsregion", "aws_region"} {
		if p, ok := parts[name]; ok && isString(p.Type) {
			switch {
			case len(q.Regions) > 0:
				tests = append(tests, identifier(p.Name)+" IN ("+list(q.Regions)+")")
			case t.projection(p.Name, "type") == "injected":
				return "", nil, fmt.Errorf("the table's partition key %s has to be given with each query (its projection is injected): name the Regions", p.Name)
			}
		}
	}
	for _, name := range []string{"account", "account_id", "accountid", "aws_account_id"} {
		p, ok := parts[name]
		if !ok || !isString(p.Type) {
			continue
		}
		in := identifier(p.Name) + " IN (" + list(q.Accounts) + ")"
		switch {
		case t.projection(p.Name, "type") == "injected" && len(q.Accounts) == 0:
			return "", nil, fmt.Errorf("the table's partition key %s has to be given with each query (its projection is injected): name the accounts", p.Name)
		case t.projection(p.Name, "type") == "injected":
			tests = append(tests, in)
			if !t.ofOrganization() {
				gaps = append(gaps, trail.Gap{Kind: trail.GapPlaces, Detail: "the table can be read for the named accounts only, so that calls recorded by the accounts of what they used, and not by their own, are not in it"})
			}
		case t.complete(p, q.Accounts):
			tests = append(tests, in)
		}
	}
	if len(tests) == 0 {
		return "", gaps, nil
	}
	return "\n  WHERE " + strings.Join(tests, "\n    AND "), gaps, nil
}

func (t *Table) projection(key, property string) string {
	if !strings.EqualFold(t.Parameters["projection.enabled"], "true") {
		return ""
	}
	return t.Parameters["projection."+strings.ToLower(key)+"."+property]
}

var organization = regexp.MustCompile(`/AWSLogs/o-[a-z0-9]+/`)

func (t *Table) ofOrganization() bool {
	return organization.MatchString(t.Parameters["storage.location.template"])
}

// complete reports whether the table has a partition for each of the accounts and is of an organization's
// trail, so that the others' need not be read. The key is the account that recorded a call, and a call of
// another account's resource may be recorded by the resource's owner alone; but the trail of an organization
// recorded it for the caller as well, as trail/logfile holds.
func (t *Table) complete(key Column, accounts []string) bool {
	if len(accounts) == 0 || !t.ofOrganization() || t.projection(key.Name, "type") != "enum" {
		return false
	}
	known := strings.Split(t.projection(key.Name, "values"), ",")
	for i := range known {
		known[i] = strings.TrimSpace(known[i])
	}
	return !slices.ContainsFunc(accounts, func(a string) bool { return !slices.Contains(known, a) })
}

// days bounds a partition key that is a day.
func (t *Table) days(p Column, q *trail.Query) []string {
	quote := literal
	layout := t.DayLayout(p.Name)
	if strings.EqualFold(p.Type, "date") {
		layout, quote = time.DateOnly, func(day string) string { return "DATE " + literal(day) }
	} else if !isString(p.Type) {
		layout = ""
	}
	if layout == "" {
		return nil // how it is written is not known
	}
	var tests []string
	from, to := t.DayBounds(p.Name, q)
	if !from.IsZero() {
		tests = append(tests, identifier(p.Name)+" >= "+quote(from.Format(layout)))
	}
	if !to.IsZero() {
		tests = append(tests, identifier(p.Name)+" <= "+quote(to.Format(layout)))
	}
	return tests
}

// DayBounds are the first and the last value that q needs of a partition key of days, zero for no bound. A
// partition of several days is named after its first, which may lie before the window.
func (t *Table) DayBounds(key string, q *trail.Query) (from, to time.Time) {
	if !q.Since.IsZero() && t.ofSingleDays(key) {
		from = q.Since.UTC()
	}
	if !q.Until.IsZero() {
		to = lastDay(q)
	}
	return from, to
}

// DayLayout is Go's layout for how the projection of a key writes days, "" if that is not known or does not sort
// as the days do.
func (t *Table) DayLayout(key string) string { return layoutOf(t.projection(key, "format")) }

// ofSingleDays reports whether each day has a partition of its own, as projection has it by default
// (https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html).
func (t *Table) ofSingleDays(key string) bool {
	interval, unit := t.projection(key, "interval"), strings.ToUpper(t.projection(key, "interval.unit"))
	return (interval == "" || interval == "1") && (unit == "" || unit == "DAYS")
}

// lastDay is the last day on which events of the window may have been delivered.
func lastDay(q *trail.Query) time.Time { return q.Until.Add(lateDelivery - 1).UTC() }

// dayForms are formats, in the letters of Java's DateTimeFormatter, whose texts sort as the days do.
var dayForms = regexp.MustCompile(`^yyyy([-/_.]?)MM([-/_.]?)dd$`)

// layoutOf returns Go's layout for a format, "" for one of which the order is not known.
func layoutOf(format string) string {
	if !dayForms.MatchString(format) {
		return ""
	}
	return strings.NewReplacer("yyyy", "2006", "MM", "01", "dd", "02").Replace(format)
}

// calendar bounds partition keys year, month and day. They may be numbers or texts, with leading zeros or
// without. A value that is no number is read.
func calendar(parts map[string]Column, q *trail.Query) []string {
	for _, name := range []string{"year", "month", "day"} {
		if parts[name].Name == "" {
			return nil
		}
	}
	part := func(name string) string { return "TRY_CAST(" + identifier(parts[name].Name) + " AS INTEGER)" }
	day := part("year") + " * 10000 + " + part("month") + " * 100 + " + part("day")
	var tests []string
	if !q.Since.IsZero() {
		tests = append(tests, "coalesce("+day+" >= "+q.Since.UTC().Format("20060102")+", true)")
	}
	if !q.Until.IsZero() {
		tests = append(tests, "coalesce("+day+" <= "+lastDay(q).Format("20060102")+", true)")
	}
	return tests
}

func isString(hiveType string) bool {
	t := strings.ToLower(hiveType)
	return t == "string" || strings.HasPrefix(t, "varchar") || strings.HasPrefix(t, "char")
}
