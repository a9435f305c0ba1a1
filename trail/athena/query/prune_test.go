package query

import (
	"strings"
	"testing"
	"time"

	"github.com/whittle-iam/whittle/trail"
)

func TestPrune(t *testing.T) {
	since, until := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	window := trail.Query{Since: since, Until: until}
	accounts := trail.Query{Accounts: []string{"111122223333"}}
	projected := func(more ...string) map[string]string {
		p := map[string]string{"projection.enabled": "true"}
		for i := 0; i < len(more); i += 2 {
			p[more[i]] = more[i+1]
		}
		return p
	}
	const organization, single = "s3://b/AWSLogs/o-exampleorgid/${account}/CloudTrail/", "s3://b/AWSLogs/${account}/CloudTrail/"
	for _, test := range []struct {
		reason     string
		partitions []Column
		parameters map[string]string
		query      trail.Query
		want       string
		gap        bool
	}{
		{"no partitions", nil, nil, window, "", false},
		{"a projected day, and a day more for what comes late", []Column{{"timestamp", "string"}}, projected("projection.timestamp.format", "yyyy/MM/dd"), window,
			`"timestamp" >= '2026/09/01' AND "timestamp" <= '2026/10/02'`, false},
		{"another order of the parts does not sort as days do", []Column{{"dt", "string"}}, projected("projection.dt.format", "dd/MM/yyyy"), window, "", false},
		{"a form that nobody says", []Column{{"dt", "string"}}, nil, window, "", false},
		{"projection that is switched off", []Column{{"dt", "string"}}, map[string]string{"projection.dt.format": "yyyy/MM/dd"}, window, "", false},
		{"a date", []Column{{"day", "date"}}, nil, trail.Query{Since: since}, `"day" >= DATE '2026-09-01'`, false},
		{"parts of a date, of any type", []Column{{"year", "string"}, {"month", "int"}, {"day", "string"}}, nil, trail.Query{Until: until},
			`coalesce(TRY_CAST("year" AS INTEGER) * 10000 + TRY_CAST("month" AS INTEGER) * 100 + TRY_CAST("day" AS INTEGER) <= 20261002, true)`, false},
		{"a month without a day", []Column{{"year", "string"}, {"month", "string"}}, nil, window, "", false},
		{"Regions", []Column{{"region", "string"}}, nil, trail.Query{Regions: []string{"eu-west-1", "x'"}}, `"region" IN ('eu-west-1', 'x''')`, false},
		{"all accounts of an organization", []Column{{"account", "string"}},
			projected("projection.account.type", "enum", "projection.account.values", "111122223333, 444455556666", "storage.location.template", organization), accounts, `"account" IN ('111122223333')`, false},
		{"an account that the table does not have", []Column{{"account", "string"}},
			projected("projection.account.type", "enum", "projection.account.values", "444455556666", "storage.location.template", organization), accounts, "", false},
		{"accounts with a trail each: the owner of what was used may be the one that recorded", []Column{{"account", "string"}},
			projected("projection.account.type", "enum", "projection.account.values", "111122223333", "storage.location.template", single), accounts, "", false},
		{"accounts that have to be given", []Column{{"account", "string"}}, projected("projection.account.type", "injected", "storage.location.template", single), accounts, `"account" IN ('111122223333')`, true},
		{"the same of an organization", []Column{{"account", "string"}}, projected("projection.account.type", "injected", "storage.location.template", organization), accounts, `"account" IN ('111122223333')`, false},
	} {
		table := Table{Partitions: test.partitions, Parameters: test.parameters}
		where, gaps, err := table.prune(&test.query)
		got := strings.ReplaceAll(strings.TrimPrefix(where, "\n  WHERE "), "\n    AND ", " AND ")
		if err != nil || got != test.want || (len(gaps) > 0) != test.gap {
			t.Errorf("%s: %s, gaps %v, error %v; want %s", test.reason, got, gaps, err, test.want)
		}
	}
}

func TestHiveTypes(t *testing.T) {
	const identity = "struct<type:string, sessionContext : struct<attributes:struct<a:string,b:decimal(10,2)>,sessionissuer:struct<arn:string>>,list:array<struct<x:int>>>"
	table := Table{Columns: []Column{{"UserIdentity", identity}}}
	for path, want := range map[string]string{
		"useridentity.type":                             `"useridentity"."type"`,
		"useridentity.sessioncontext.sessionissuer.arn": `"useridentity"."sessioncontext"."sessionissuer"."arn"`,
		"useridentity.sessioncontext.attributes.b":      `"useridentity"."sessioncontext"."attributes"."b"`,
		"useridentity.arn":                              "",
		"useridentity.list":                             "",
		"useridentity.type.x":                           "",
		"useridentity":                                  "",
		"other":                                         "",
	} {
		if got, ok := table.find(path); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v", path, got, ok)
		}
	}
	for _, bad := range []string{"", "struct<", "struct<>", "struct<a>", "struct<a:string", "array<"} {
		if of, ok := member(bad, "a"); ok {
			t.Errorf("%q has a member a: %q", bad, of)
		}
	}
}
