package query_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

var update = flag.Bool("update", false, "write the expected statements")

// golden compares with, or with -update writes, a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func fields(_, name string) trail.Fields {
	switch name {
	case "GetObject":
		return trail.Fields{Paths: []string{"?versionId", "bucketName", "key", "resources:AWS::S3::Bucket"}, Wide: "key"}
	case "TransactWriteItems":
		return trail.Fields{Paths: []string{"transactItems[].put.tableName", "requestItems{}", "responseElements:tableArn"}}
	}
	return trail.Fields{}
}

var since, until = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

func TestText(t *testing.T) {
	kinds := []query.Kind{{"s3.amazonaws.com", "GetObject"}, {"dynamodb.amazonaws.com", "TransactWriteItems"}, {"s3.amazonaws.com", "ListBuckets"}}
	organization := awsTable()
	organization.Partitions = []query.Column{{Name: "account", Type: "string"}, {Name: "region", Type: "string"}, {Name: "timestamp", Type: "string"}}
	organization.Parameters = map[string]string{
		"projection.enabled": "true", "projection.account.type": "enum", "projection.account.values": "111122223333, 444455556666",
		"projection.timestamp.type": "date", "projection.timestamp.format": "yyyy/MM/dd",
		"storage.location.template": "s3://logs/AWSLogs/o-exampleorgid/${account}/CloudTrail/${region}/${timestamp}",
	}
	old := oldTable()
	old.Partitions = []query.Column{{Name: "region", Type: "string"}, {Name: "year", Type: "string"}, {Name: "month", Type: "string"}, {Name: "day", Type: "string"}}
	for _, test := range []struct {
		name    string
		table   query.Table
		query   trail.Query
		options query.Options
	}{
		{"plain.sql", awsTable(), trail.Query{Fields: fields}, query.Options{Kinds: kinds}},
		{"organization.sql", organization, trail.Query{Fields: fields, Since: since, Until: until, Accounts: []string{"111122223333"}, Regions: []string{"eu-west-1", "it's"}}, query.Options{Only: kinds[:1]}},
		{"old.sql", old, trail.Query{Since: since, Until: until}, query.Options{}},
	} {
		s, err := query.Text(test.table, test.query, test.options)
		if err != nil {
			t.Fatal(err)
		}
		var gaps strings.Builder
		for _, g := range s.Gaps {
			gaps.WriteString("-- " + string(g.Kind) + ": " + g.Detail + "\n")
		}
		golden(t, test.name, gaps.String()+s.SQL+"\n")
	}
}

func TestTextErrors(t *testing.T) {
	change := func(change func(*query.Table)) query.Table {
		table := awsTable()
		change(&table)
		return table
	}
	injected := change(func(t *query.Table) {
		t.Partitions = []query.Column{{Name: "account", Type: "string"}}
		t.Parameters = map[string]string{"projection.enabled": "true", "projection.account.type": "injected"}
	})
	for _, test := range []struct {
		reason  string
		table   query.Table
		options query.Options
		want    string
	}{
		{"a table of something else", query.Table{Database: "d", Name: "t", Columns: []query.Column{{Name: "a", Type: "string"}}}, query.Options{},
			"no column eventtime, eventsource, eventname, errorcode, useridentity.type"},
		{"a name that ends the quotes", change(func(t *query.Table) { t.Name = `x" y` }), query.Options{}, "table"},
		{"a database without name", change(func(t *query.Table) { t.Database = "" }), query.Options{}, "database"},
		{"a partition key with a quote", change(func(t *query.Table) { t.Partitions = []query.Column{{Name: `a"`, Type: "string"}} }), query.Options{}, "partition key"},
		{"accounts have to be given", injected, query.Options{}, "name the accounts"},
		{"a kind of no name", awsTable(), query.Options{Only: []query.Kind{{"s3.amazonaws.com", "Get'Object"}}}, "no name that AWS gives"},
	} {
		all := func(_, _ string) trail.Fields { return trail.Fields{Paths: []string{"a"}} }
		if _, err := query.Text(test.table, trail.Query{Fields: all}, test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v", test.reason, err)
		}
	}
	long := func(_, name string) trail.Fields { return trail.Fields{Paths: []string{strings.Repeat(name, 1000)}} }
	var kinds []query.Kind
	for _, name := range []string{"abc", "def"} {
		for range 100 {
			name += "x"
			kinds = append(kinds, query.Kind{"s", name})
		}
	}
	if _, err := query.Text(awsTable(), trail.Query{Fields: long}, query.Options{Kinds: kinds}); !errors.Is(err, query.ErrTooLong) {
		t.Errorf("error %v, want ErrTooLong", err)
	}
}

func TestDDL(t *testing.T) {
	trailOf := query.Delivery{Database: "logs", Table: "cloudtrail", Location: "s3://my-logs/pre fix/", Accounts: []string{"111122223333"}, Regions: []string{"us-east-1", "eu-west-1"}, Since: "2024/01/31"}
	organization := trailOf
	organization.Organization, organization.Accounts = "o-exampleorgid", []string{"444455556666", "111122223333"}
	injected := organization
	injected.Accounts = nil
	for name, d := range map[string]query.Delivery{"trail.ddl": trailOf, "organization.ddl": organization, "injected.ddl": injected} {
		text, err := query.DDL(d)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, text)
	}
	for reason, change := range map[string]func(*query.Delivery){
		"quote in the location":   func(d *query.Delivery) { d.Location = "s3://my-logs/x'y" },
		"variable in the prefix":  func(d *query.Delivery) { d.Location = "s3://my-logs/${region}" },
		"no bucket":               func(d *query.Delivery) { d.Location = "/logs" },
		"backquote in the table":  func(d *query.Delivery) { d.Table = "a`b" },
		"several accounts":        func(d *query.Delivery) { d.Accounts = []string{"111122223333", "444455556666"} },
		"no account number":       func(d *query.Delivery) { d.Accounts = []string{"x"} },
		"no Region":               func(d *query.Delivery) { d.Regions = nil },
		"a list as a Region":      func(d *query.Delivery) { d.Regions = []string{"us-east-1,x"} },
		"no organization":         func(d *query.Delivery) { d.Organization = "o-x" },
		"another form of the day": func(d *query.Delivery) { d.Since = "2024-01-31" },
	} {
		d := trailOf
		change(&d)
		if text, err := query.DDL(d); err == nil {
			t.Errorf("%s: no error, but %s", reason, text)
		}
	}
}
