package athena

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseSpec(t *testing.T) {
	for _, test := range []struct {
		url  string
		want Spec
	}{
		{"athena://logs/cloudtrail", Spec{DefaultCatalog, "logs", "cloudtrail", "primary", "", DefaultMaxRows}},
		{
			"athena://Logs/CloudTrail_PP?workgroup=audit.v3&output=s3://results/whittle/&catalog=other&max-rows=50",
			Spec{"other", "logs", "cloudtrail_pp", "audit.v3", "s3://results/whittle/", 50},
		},
		{"athena://my-logs/_1?catalog=a%20b", Spec{"a b", "my-logs", "_1", "primary", "", DefaultMaxRows}},
	} {
		got, err := ParseSpec(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.url, diff)
		}
	}
}

func TestParseSpecRefuses(t *testing.T) {
	for url, want := range map[string]string{
		"s3://logs/cloudtrail":                             "not an athena:// URL",
		"athena://logs":                                    "athena://DATABASE/TABLE",
		"athena://logs/":                                   "table",
		"athena:///cloudtrail":                             "database",
		"athena://logs/cloudtrail/2026":                    "athena://DATABASE/TABLE",
		"athena://logs/cloud%2ftrail":                      "table",
		"athena://logs/cloud%0atrail":                      "table",
		"athena://logs/cloudtrail?wrkgroup=a":              `parameter "wrkgroup" is unknown`,
		"athena://logs/cloudtrail?Workgroup=a":             `parameter "Workgroup" is unknown`,
		"athena://logs/cloudtrail?workgroup=":              "workgroup",
		"athena://logs/cloudtrail?workgroup=a&workgroup=b": "2 times",
		"athena://logs/cloudtrail?workgroup=a/b":           "workgroup",
		"athena://logs/cloudtrail?output=/tmp":             "s3://",
		"athena://logs/cloudtrail?output=s3://":            "bucket",
		"athena://logs/cloudtrail?max-rows=0":              "max-rows",
		"athena://logs/cloudtrail?max-rows=many":           "max-rows",
		"athena://logs/cloudtrail?a;b":                     "semicolon",
	} {
		_, err := ParseSpec(url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", url, err, want)
		}
	}
}

// TestSpecString: what String writes, ParseSpec reads.
func TestSpecString(t *testing.T) {
	name := rapid.StringMatching(`[a-z0-9_][a-z0-9_-]{0,20}`)
	rapid.Check(t, func(t *rapid.T) {
		want := Spec{
			Catalog: rapid.StringMatching(`[a-zA-Z0-9_ %&=+."-]{1,20}`).Draw(t, "catalog"), Database: name.Draw(t, "database"), Table: name.Draw(t, "table"),
			Workgroup: rapid.StringMatching(`[a-zA-Z0-9._-]{1,10}`).Draw(t, "workgroup"),
			Output:    rapid.SampledFrom([]string{"", "s3://bucket", "s3://bucket/a&b=c/"}).Draw(t, "output"),
			MaxRows:   rapid.Int64Range(1, 2_000_000).Draw(t, "rows"),
		}
		got, err := ParseSpec(want.String())
		if err != nil || got != want {
			t.Fatalf("%s: %+v, %v; want %+v", want, got, err, want)
		}
	})
}
