package athena

import (
	"cmp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

func TestWorkgroup(t *testing.T) {
	place := fields{"OutputLocation": "s3://theirs/"}
	for _, test := range []struct {
		name, state, output string
		config              fields
		want                workgroup
		notes, err          string
	}{
		{name: "the workgroup's place", config: fields{"ResultConfiguration": place}},
		{name: "the user's place", output: "s3://mine/", config: fields{"ResultConfiguration": place}, want: workgroup{output: "s3://mine/"}},
		{name: "the user's place only", output: "s3://mine/", config: fields{}, want: workgroup{output: "s3://mine/"}},
		{name: "no place", config: fields{}, err: "output=s3://"},
		{name: "no configuration", err: "output=s3://"},
		{
			name: "enforced", output: "s3://mine/", notes: "output=s3://mine/ is not used: workgroup primary puts results where it is set to: s3://theirs/",
			config: fields{"EnforceWorkGroupConfiguration": true, "ResultConfiguration": place},
		},
		{name: "enforced without place", output: "s3://mine/", config: fields{"EnforceWorkGroupConfiguration": true}, err: "has no place for results"},
		{name: "managed", config: fields{"ManagedQueryResultsConfiguration": fields{"Enabled": true}}, want: workgroup{managed: true}},
		{
			name: "managed and the user's place", output: "s3://mine/", want: workgroup{managed: true}, notes: "Athena's own storage",
			config: fields{"ManagedQueryResultsConfiguration": fields{"Enabled": true}, "EnforceWorkGroupConfiguration": true},
		},
		{
			name: "cut-off", want: workgroup{cutoff: 10_000_000},
			config: fields{"ResultConfiguration": place, "BytesScannedCutoffPerQuery": 10_000_000},
		},
		{name: "disabled", state: "DISABLED", config: fields{"ResultConfiguration": place}, err: "is disabled"},
		{
			name: "old engine", err: "has Athena engine version 2",
			config: fields{"ResultConfiguration": place, "EngineVersion": fields{"EffectiveEngineVersion": "Athena engine version 2"}},
		},
		{
			name: "Spark", err: "is for Spark",
			config: fields{"ResultConfiguration": place, "EngineVersion": fields{"EffectiveEngineVersion": "PySpark engine version 3"}},
		},
		{name: "newer engine", config: fields{"ResultConfiguration": place, "EngineVersion": fields{"EffectiveEngineVersion": "Athena engine version 4"}}},
		{name: "engine chosen later", config: fields{"ResultConfiguration": place, "EngineVersion": fields{"SelectedEngineVersion": "AUTO"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			f.group = fields{"Name": "primary", "State": cmp.Or(test.state, "ENABLED")}
			if test.config != nil {
				f.group["Configuration"] = test.config
			}
			s := f.source(t)
			s.spec.Output = test.output
			got, err := s.workgroup(t.Context())
			if test.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), "workgroup primary ") || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			notes := strings.Join(got.notes, "\n")
			if !strings.Contains(notes, test.notes) || test.notes == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, test.notes)
			}
			got.notes = nil
			if diff := gocmp.Diff(test.want, got, gocmp.AllowUnexported(workgroup{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorkgroupMissing(t *testing.T) {
	for _, handler := range []awsfake.Handler{
		func(*awsfake.Request) (any, error) {
			return nil, &awsfake.Error{Code: "InvalidRequestException", Message: "there is no such workgroup"}
		},
		func(*awsfake.Request) (any, error) { return fields{}, nil },
	} {
		f := newFake(t)
		f.handle["GetWorkGroup"] = handler
		_, err := f.source(t).workgroup(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), "workgroup primary: ") || !strings.Contains(err.Error(), "there is no such workgroup") ||
			!strings.Contains(err.Error(), "list-work-groups") {
			t.Error(err)
		}
	}
}
