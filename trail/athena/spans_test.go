package athena

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

func TestSpans(t *testing.T) {
	const logs = "s3://logs/AWSLogs/o-a1b2c3d4e5"
	organization := map[string]string{
		"projection.enabled":        "true",
		"storage.location.template": logs + "/${account}/CloudTrail/${region}/${day}",
		"projection.account.type":   "enum", "projection.account.values": "111122223333,444455556666",
		"projection.region.type": "enum", "projection.region.values": "eu-west-1,us-east-1",
		"projection.day.type": "date", "projection.day.format": "yyyy/MM/dd", "projection.day.range": "2024/01/31,NOW",
	}
	change := func(changes ...string) map[string]string {
		out := map[string]string{}
		for k, v := range organization {
			out[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			out[changes[i]] = changes[i+1]
		}
		return out
	}
	september := trail.Query{
		Since: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC),
		Regions: []string{"eu-west-1"},
	}
	keys := []query.Column{{Name: "account", Type: "string"}, {Name: "region", Type: "string"}, {Name: "day", Type: "string"}}
	for _, test := range []struct {
		name       string
		parameters map[string]string
		keys       []query.Column
		location   string
		query      trail.Query
		want       string // prefix from..to, one a line
		atMost     bool
		err        string
	}{
		{name: "no partitions", location: logs, want: "AWSLogs/o-a1b2c3d4e5/ .."},
		{name: "a bucket", location: "s3://logs", want: "/ .."},
		{name: "added one by one", location: logs, keys: keys, query: september, want: "AWSLogs/o-a1b2c3d4e5/ ..", atMost: true},
		{
			name: "projected", parameters: organization, keys: keys, query: september,
			want: "AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/ 2026/09/01..2026/10/01\n" +
				"AWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/eu-west-1/ 2026/09/01..2026/10/01",
		},
		{
			name: "all", parameters: organization, keys: keys,
			want: "AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/ 2024/01/31..\nAWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/us-east-1/ 2024/01/31..\n" +
				"AWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/eu-west-1/ 2024/01/31..\nAWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/us-east-1/ 2024/01/31..",
		},
		{
			name: "injected accounts", parameters: change("projection.account.type", "injected"), keys: keys,
			query: trail.Query{Accounts: []string{"999999999999"}, Regions: []string{"us-east-1"}},
			want:  "AWSLogs/o-a1b2c3d4e5/999999999999/CloudTrail/us-east-1/ 2024/01/31..",
		},
		{
			name: "an account with a folder of its own", parameters: organization, keys: keys,
			query: trail.Query{Accounts: []string{"444455556666"}, Regions: []string{"us-east-1"}},
			want:  "AWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/us-east-1/ 2024/01/31..",
		},
		{
			name: "an account whose calls others recorded", parameters: organization, keys: keys,
			query: trail.Query{Accounts: []string{"444455556666", "999999999999"}, Regions: []string{"us-east-1"}},
			want: "AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/us-east-1/ 2024/01/31..\n" +
				"AWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/us-east-1/ 2024/01/31..",
		},
		{
			name: "an account, and no organization", keys: keys,
			parameters: change("storage.location.template", "s3://logs/AWSLogs/${account}/CloudTrail/${region}/${day}"),
			query:      trail.Query{Accounts: []string{"444455556666"}, Regions: []string{"us-east-1"}},
			want: "AWSLogs/111122223333/CloudTrail/us-east-1/ 2024/01/31..\n" +
				"AWSLogs/444455556666/CloudTrail/us-east-1/ 2024/01/31..",
		},
		{
			name: "a Region that the table does not have", parameters: organization, keys: keys,
			query: trail.Query{Regions: []string{"sa-east-1"}},
		},
		{
			name: "injected accounts that nobody gives", parameters: change("projection.account.type", "injected"), keys: keys,
			query: september, want: "AWSLogs/o-a1b2c3d4e5/ ..", atMost: true,
		},
		{
			name: "days first", parameters: change("storage.location.template", "s3://logs/${day}/${region}"), keys: keys,
			query: september, want: " 2026/09/01..2026/10/01", atMost: true,
		},
		{
			name: "days of another format", parameters: change("projection.day.format", "dd-MM-yyyy"), keys: keys, query: september,
			want:   "AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/ ..\nAWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/eu-west-1/ ..",
			atMost: true,
		},
		{
			name: "as Hive lays out", parameters: change("storage.location.template", ""), location: "s3://logs/hive/", keys: keys[1:], query: september,
			want: "hive/region=eu-west-1/day= 2026/09/01..2026/10/01",
		},
		{
			name: "more than can be listed", keys: keys, query: september, atMost: true,
			parameters: change("projection.account.values", strings.Repeat("111122223333,", maxLists)), want: "AWSLogs/o-a1b2c3d4e5/ ..",
		},
		{name: "a view", err: "does not say where"},
		{name: "not in S3", location: "hdfs://there", err: "not an s3:// URL"},
		{name: "a template that does not end", parameters: change("storage.location.template", "s3://logs/${day"), keys: keys, want: "/ .."},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := query.Table{Partitions: test.keys, Parameters: test.parameters}
			spans, atMost, err := spansOf(table, test.location, &test.query)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range spans {
				if s.bucket != "logs" {
					t.Errorf("bucket %q", s.bucket)
				}
				got = append(got, s.prefix+" "+strings.TrimPrefix(s.from, s.prefix)+".."+strings.TrimSuffix(strings.TrimPrefix(s.to, s.prefix), "\xff"))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" || atMost != test.atMost {
				t.Errorf("at most %v; (-want +got):\n%s", atMost, diff)
			}
		})
	}
}
