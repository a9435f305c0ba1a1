package cli

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// TestCloudSources: the answer is the one that the same records in a file give, straight from AWS or through
// a profile; what the source does not show is said; and no more calls are made than whittle says it needs.
func TestCloudSources(t *testing.T) {
	management := func(r object) bool { return r["managementEvent"] == true }
	for _, test := range []struct {
		name, source string
		feature      cloud.Feature
		keep         func(object) bool
		fake         func(records []json.RawMessage) map[string]awsfake.Handler
		says         []string
	}{
		{"Event history", "lookup://eu-west-1", cloud.FeatureLookup, management, eventHistory,
			[]string{"no reads and writes of objects, items and messages", "keeps 90 days"}},
		{"Event history of all Regions", "lookup://", cloud.FeatureLookup, management, eventHistory, []string{"Event history"}},
		{"CloudTrail Lake", "lake://" + store, cloud.FeatureLake, all, eventDataStore, []string{"123 kB scanned by a query"}},
		{"CloudWatch Logs", "logs:///aws/cloudtrail/org", cloud.FeatureLogs, all, logGroup, []string{"123 kB scanned by a query"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			records := recent(t, test.keep)
			inCloud(t, test.fake(records))
			code, want, stderr := runMain(t, "generate", logFile(t, records), "--role", "orders-role")
			if code != ExitOK || !strings.Contains(want, `"secretsmanager:GetSecretValue"`) {
				t.Fatalf("exit %d: %s%s", code, want, stderr)
			}
			code, got, stderr, calls := observed(t, "generate", test.source, "--role", "orders-role")
			if code != ExitOK || got != want {
				t.Errorf("exit %d: %s%s\nwant\n%s", code, got, stderr, want)
			}
			for _, s := range test.says {
				if !strings.Contains(stderr, s) {
					t.Errorf("%q is not in:\n%s", s, stderr)
				}
			}
			if err := cloud.Check(calls, test.feature); err != nil {
				t.Error(err)
			}
			profile := filepath.Join(t.TempDir(), "usage.json.gz")
			if code, _, stderr, _ := observed(t, "collect", test.source, "-o", profile); code != ExitOK {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			if code, got, stderr := runMain(t, "generate", profile, "--role", "orders-role"); code != ExitOK || got != want {
				t.Errorf("from the profile: exit %d: %s%s\nwant\n%s", code, got, stderr, want)
			}
		})
	}
}

// TestCloudUsageErrors: flags and sources that cannot be meant are refused before AWS is asked.
func TestCloudUsageErrors(t *testing.T) {
	server := inCloud(t, nil)
	policies := "../../../testdata/policies"
	for _, test := range []struct {
		args string
		want string
	}{
		{"collect " + quickstart + " --state s.json", "--state: it remembers what was read of one s3:// source, and there are 0"},
		{"collect s3://a s3://b --state s.json", "--state: it remembers what was read of one s3:// source, and there are 2"},
		{"collect " + quickstart + " --requester-pays", "--requester-pays: there is no s3:// source"},
		{"collect s3://a --max-scan 1GB", "--max-scan: there is no athena:// source"},
		{"collect athena://db/t --max-scan lots", `--max-scan "lots"`},
		{"collect athena://db/t --max-scan -1GB", `--max-scan "-1GB"`},
		{"collect s3://", "bucket is missing"},
		{"collect s3:///prefix", "bucket is missing"},
		{"collect lake://x", `"x" is no event data store`},
		{"collect lake://", `"" is no event data store`},
		{"collect logs://", `"" is no log group`},
		{"collect logs://a:b", `"a:b" is no log group`},
		{"collect athena://db", "write athena://DATABASE/TABLE"},
		{"collect athena://db/t?colour=red", `"colour"`},
		{"collect athena://db/t;drop", "letters, digits"},
		{"collect lookup://Mars/1", `"Mars/1" is no Region`},
		{"collect s3://a --regions Mars/1", `--regions "Mars/1"`},
		{"collect gs://bucket", "gs:// is not a kind of source"},
		{"collect S3://bucket", "S3:// is not a kind of source"},
		{"collect", "SOURCE is missing"},
		{"collect s3://a --accounts 12", `--accounts "12"`},
		{"collect s3://a --since yesterday", `--since "yesterday"`},
		{"unused " + quickstart + " --current aws --assume-role me", `--assume-role "me": write a role's ARN`},
		{"unused " + quickstart + " --current aws --assume-role arn:aws:iam::{account}:user/me", "write a role's ARN"},
		{"unused " + quickstart + " --current aws --assume-role arn:aws:iam::{who}:role/me", "write a role's ARN"},
		{"unused " + quickstart + " --current " + policies + " --functions file", `--functions "file": the only place is aws`},
		{"unused " + quickstart + " --current aws --current aws", "aws and aws: the current policies are in one of them"},
		{"unused " + quickstart + " --current config --current aws", "config and aws: the current policies are in one of them"},
		{"unused " + quickstart + " --current config --assume-role arn:aws:iam::{account}:role/me", "use an aggregator, as config:NAME"},
		{"generate " + quickstart + " --assume-role nonsense", `--assume-role "nonsense"`},
		{"doctor --data-types S3", `--data-types "S3"`},
		{"doctor lookup://", "with --policy only"},
	} {
		code, stdout, stderr, calls := observed(t, strings.Fields(test.args)...)
		if code != ExitError || stdout != "" || len(calls) > 0 {
			t.Errorf("%s: exit %d, calls %v, output %.100q", test.args, code, calls, stdout)
		}
		if !strings.Contains(stderr, test.want) || !strings.Contains(stderr, `Run "whittle help"`) {
			t.Errorf("%s: no usage error with %q:\n%s", test.args, test.want, stderr)
		}
	}
	if calls := server.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked: %v", calls)
	}
}
