package trail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sample is a record of a call by a user, who is nobody's role: what a log covers does not depend on it.
func sample(at, recipient, region, source, members string) []byte {
	return fmt.Appendf(nil, `{"eventTime":%q,"eventSource":%q,"eventName":"E","awsRegion":%q,"recipientAccountId":%q,
		"userIdentity":{"type":"IAMUser","accountId":"999988887777"},%s}`, at, source, region, recipient, members)
}

func covering(q Query, records ...[]byte) []Coverage {
	o, a := NewObserver(q), NewAggregator()
	for _, r := range records {
		seen := o.Observe(r)
		a.Add(&seen)
	}
	return a.Stats().Coverage
}

func TestCoverage(t *testing.T) {
	const here, account = "eu-west-1", "111122223333"
	day := func(n int) int32 { return day(mustTime.AddDate(0, 0, n)) }
	records := [][]byte{
		sample("2026-09-03T23:59:59Z", account, here, "s3.amazonaws.com", `"readOnly":true`),
		sample("2026-09-01T00:00:00Z", account, here, "s3.amazonaws.com", `"readOnly":"true"`),
		sample("2026-09-03T01:00:00Z", account, here, "s3.amazonaws.com", `"readOnly":true`),
		sample("2026-09-02T01:00:00Z", account, here, "s3.amazonaws.com", `"readOnly":false`),
		sample("2026-09-02T01:00:00Z", account, here, "s3.amazonaws.com", `"readOnly":true,"managementEvent":false,
			"resources":[{"type":"AWS::S3::Object"},{"type":"AWS::S3::Bucket"},{"type":"AWS::S3::Object"},{"ARN":"a"}]`),
		sample("2026-09-02T01:00:00Z", account, here, "sqs.amazonaws.com", `"readOnly":true,"eventCategory":"Data"`),
		sample("2026-09-02T01:00:00Z", "", "us-east-1", "iam.amazonaws.com", `"readOnly":true`),
		// None of these shows what a trail records.
		sample("2026-09-04T01:00:00Z", account, here, "s3.amazonaws.com", `"responseElements":null`),
		sample("2026-09-04T01:00:00Z", account, here, "s3.amazonaws.com", `"readOnly":true,"eventCategory":"Insight"`),
		sample("2026-09-04T01:00:00Z", account, here, "kms.amazonaws.com", `"readOnly":true,"eventType":"AwsServiceEvent"`),
		sample("2026-09-04T01:00:00Z", "../etc", here, "s3.amazonaws.com", `"readOnly":true`),
		sample("2026-09-04T01:00:00Z", account, "\u001b[2J", "s3.amazonaws.com", `"readOnly":true`),
		[]byte(`{"eventTime":7}`),
	}
	all := []Coverage{
		{account, here, "s3.amazonaws.com", "", false, []int32{day(1)}},
		{account, here, "s3.amazonaws.com", "", true, []int32{day(0), day(2)}},
		{account, here, "s3.amazonaws.com", "AWS::S3::Bucket", true, []int32{day(1)}},
		{account, here, "s3.amazonaws.com", "AWS::S3::Object", true, []int32{day(1)}},
		{"999988887777", "us-east-1", "iam.amazonaws.com", "", true, []int32{day(1)}},
	}
	for _, test := range []struct {
		reason string
		q      Query
		want   []Coverage
	}{
		{"everything", Query{}, all},
		{"an account", Query{Accounts: []string{"999988887777"}}, all[4:]},
		{"a Region", Query{Regions: []string{here}}, all[:4]},
		{"a window", Query{Since: mustTime.AddDate(0, 0, 1).Truncate(24 * time.Hour)}, []Coverage{
			all[0], {account, here, "s3.amazonaws.com", "", true, []int32{day(2)}}, all[2], all[3], all[4],
		}},
	} {
		if diff := cmp.Diff(test.want, covering(test.q, records...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.reason, diff)
		}
		// A profile of everything, of which the query takes a part, says the same.
		usages, stats, err := ReadProfile(bytes.NewReader(profile(t, nil, Stats{Coverage: all})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := test.q.Keep(usages, &stats); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, stats.Coverage); diff != "" {
			t.Errorf("%s, from a profile (-want +got):\n%s", test.reason, diff)
		}
	}
	// A day of which the window has a part is not known to be covered.
	if got := (&Query{Since: mustTime}).cut(all[1:2]); !slices.Equal(got[0].Days, []int32{day(2)}) {
		t.Errorf("cut in the middle of a day: %+v", got)
	}
}

func TestCoverageMerges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records [][]byte
		for range rapid.IntRange(0, 30).Draw(t, "records") {
			at := time.Unix(int64(rapid.IntRange(-5, 5).Draw(t, "day"))*secondsPerDay, 0).UTC().Format(time.RFC3339)
			members := fmt.Sprintf(`"readOnly":%v`, rapid.Bool().Draw(t, "read"))
			if rapid.Bool().Draw(t, "data") {
				members += `,"eventCategory":"Data","resources":[{"type":"AWS::X::A"},{"type":"AWS::X::B"}]`
			}
			records = append(records, sample(at, "111122223333", rapid.SampledFrom([]string{"a", "b"}).Draw(t, "region"), "x.amazonaws.com", members))
		}
		cut := rapid.IntRange(0, len(records)).Draw(t, "cut")
		whole, first, second := covering(Query{}, records...), covering(Query{}, records[:cut]...), covering(Query{}, records[cut:]...)
		var joined Stats
		joined.Add(Stats{Coverage: second})
		joined.Add(Stats{Coverage: first})
		if diff := cmp.Diff(whole, joined.Coverage); diff != "" {
			t.Fatalf("the parts join to something else:\n%s", diff)
		}
		if err := checkCoverage(whole); err != nil {
			t.Fatal(err)
		}
	})
}

func TestProfileRefusesCoverage(t *testing.T) {
	good := Coverage{"111122223333", "eu-west-1", "s3.amazonaws.com", "AWS::S3::Object", true, []int32{1, 2}}
	for _, test := range []struct {
		reason string
		change func(c *[]Coverage)
	}{
		{"no account", func(c *[]Coverage) { (*c)[0].Account = "" }},
		{"hostile type", func(c *[]Coverage) { (*c)[0].Type = "a\x1b::b" }},
		{"no days", func(c *[]Coverage) { (*c)[0].Days = nil }},
		{"days twice", func(c *[]Coverage) { (*c)[0].Days = []int32{1, 1} }},
		{"twice", func(c *[]Coverage) { *c = append(*c, good) }},
	} {
		list := []Coverage{good}
		if err := checkCoverage(list); err != nil {
			t.Fatal(err)
		}
		test.change(&list)
		if _, stats, err := ReadProfile(bytes.NewReader(profile(t, nil, Stats{Coverage: list}))); err == nil {
			text, _ := json.Marshal(stats)
			t.Errorf("%s: read as %s", test.reason, text)
		}
	}
}
