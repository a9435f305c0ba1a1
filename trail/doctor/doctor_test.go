package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

// selector writes an advanced selector of fields.
func selector(fields ...types.AdvancedFieldSelector) types.AdvancedEventSelector {
	return types.AdvancedEventSelector{FieldSelectors: fields}
}

func field(name string, change func(*types.AdvancedFieldSelector)) types.AdvancedFieldSelector {
	f := types.AdvancedFieldSelector{Field: aws.String(name)}
	change(&f)
	return f
}

func allData(name string) types.AdvancedEventSelector {
	return selector(equals("eventCategory", "Data"), equals("resources.type", name))
}

var (
	allManagement = selector(equals("eventCategory", "Management"))
	everything    = []types.AdvancedEventSelector{allManagement, allData("AWS::S3::Object"), allData("AWS::SQS::Queue")}
)

func dataResource(kind string, values ...string) []types.DataResource {
	return []types.DataResource{{Type: aws.String(kind), Values: values}}
}

func TestFindings(t *testing.T) {
	objects := func(f types.AdvancedFieldSelector) []types.AdvancedEventSelector {
		return []types.AdvancedEventSelector{allManagement, allData("AWS::SQS::Queue"),
			selector(equals("eventCategory", "Data"), equals("resources.type", "AWS::S3::Object"), f)}
	}
	basic := func(change func(*types.EventSelector)) []types.EventSelector {
		s := types.EventSelector{IncludeManagementEvents: aws.Bool(true), ReadWriteType: types.ReadWriteTypeAll}
		change(&s)
		return []types.EventSelector{s}
	}
	tests := []struct {
		reason  string
		trails  []fakeTrail
		regions []string
		// want are kinds, each with words of its text behind a colon.
		want []string
	}{
		{"nothing is hidden", []fakeTrail{{name: "a", advanced: everything}}, nil, nil},
		{"no trail", nil, nil, []string{"no-trail: create-trail"}},
		{"as a trail is made: no data events", []fakeTrail{{name: "a", basic: basic(func(*types.EventSelector) {})}}, nil,
			[]string{"no-data-events: AWS::S3::Object, AWS::SQS::Queue"}},
		{"stopped", []fakeTrail{{name: "a", advanced: everything, stopped: true}}, nil, []string{"stopped: start-logging --region eu-west-1 --name arn:"}},
		{"stopped, but another logs", []fakeTrail{{name: "a", stopped: true}, {name: "b", advanced: everything}}, nil, []string{"stopped: does not log"}},
		{"one Region", []fakeTrail{{name: "a", advanced: everything, single: true}}, []string{"eu-west-1", "us-east-1"},
			[]string{"single-region: --is-multi-region-trail"}},
		{"one Region, without global services", []fakeTrail{{name: "a", advanced: everything, single: true, noGlobal: true}}, nil,
			[]string{"single-region: only eu-west-1", "no-global-events: --include-global-service-events"}},
		{"writes only", []fakeTrail{{name: "a", advanced: everything[1:], basic: basic(func(s *types.EventSelector) { s.ReadWriteType = types.ReadWriteTypeWriteOnly })}}, nil,
			[]string{"management-reads: GetSecretValue"}},
		{"reads only", []fakeTrail{{name: "a", advanced: append(everything[1:], selector(equals("eventCategory", "Management"), equals("readOnly", "true")))}}, nil,
			[]string{"management-writes: StartExecution"}},
		{"two trails, each with half", []fakeTrail{
			{name: "a", advanced: append(slices.Clone(everything[1:]), selector(equals("eventCategory", "Management"), equals("readOnly", "true")))},
			{name: "b", advanced: []types.AdvancedEventSelector{selector(equals("eventCategory", "Management"), equals("readOnly", "false"))}},
		}, nil, []string{"overlap: management events"}},
		{"no management events", []fakeTrail{{name: "a", advanced: everything[1:]}}, nil, []string{"management-reads: ", "management-writes: "}},
		{"KMS left out, basic", []fakeTrail{{name: "a", advanced: everything[1:], basic: basic(func(s *types.EventSelector) {
			s.ExcludeManagementEventSources = []string{"kms.amazonaws.com"}
		})}}, nil, []string{"excluded-sources: kms:Decrypt"}},
		{"RDS Data left out, advanced", []fakeTrail{{name: "a", advanced: append(everything[1:], selector(equals("eventCategory", "Management"),
			field("eventSource", func(f *types.AdvancedFieldSelector) { f.NotEquals = []string{"rdsdata.amazonaws.com"} })))}}, nil,
			[]string{"excluded-sources: left out: rdsdata.amazonaws.com"}},
		{"all buckets, basic", []fakeTrail{{name: "a", advanced: everything[2:], basic: basic(func(s *types.EventSelector) {
			s.DataResources = dataResource("AWS::S3::Object", "arn:aws:s3")
		})}}, nil, nil},
		{"one bucket, basic", []fakeTrail{{name: "a", advanced: everything[2:], basic: basic(func(s *types.EventSelector) {
			s.DataResources = dataResource("AWS::S3::Object", "arn:aws:s3:::b/", "arn:aws:s3:::c/x")
		})}}, nil, []string{"some-data-events: only where resources.ARN begins with arn:aws:s3:::b/ or arn:aws:s3:::c/x"}},
		{"no bucket at all, basic", []fakeTrail{{name: "a", advanced: everything[2:], basic: basic(func(s *types.EventSelector) {
			s.DataResources = dataResource("AWS::S3::Object")
		})}}, nil, []string{"no-data-events: AWS::S3::Object"}},
		{"some event names", []fakeTrail{{name: "a", advanced: objects(equals("eventName", "PutObject"))}}, nil,
			[]string{"some-data-events: only where eventName is PutObject"}},
		{"some buckets left out", []fakeTrail{{name: "a", advanced: objects(field("resources.ARN", func(f *types.AdvancedFieldSelector) { f.NotStartsWith = []string{"arn:aws:s3:::logs/"} }))}}, nil,
			[]string{"some-data-events: does not begin with arn:aws:s3:::logs/"}},
		{"writes of objects", []fakeTrail{{name: "a", advanced: objects(equals("readOnly", "false"))}}, nil, []string{"some-data-events: readOnly is false"}},
		{"one role", []fakeTrail{{name: "a", advanced: objects(equals("userIdentity.arn", "arn:aws:sts::111122223333:assumed-role/x/x"))}}, nil, []string{"some-data-events: userIdentity.arn is"}},
		{"all roles", []fakeTrail{{name: "a", advanced: objects(field("userIdentity.arn", func(f *types.AdvancedFieldSelector) { f.StartsWith = []string{"arn:aws:sts::"} }))}}, nil, nil},
		{"no users, which no function is", []fakeTrail{{name: "a", advanced: objects(field("userIdentity.arn", func(f *types.AdvancedFieldSelector) { f.NotStartsWith = []string{"arn:aws:iam::"} }))}}, nil, nil},
		{"not from the console, where no function calls", []fakeTrail{{name: "a", advanced: objects(field("sessionCredentialFromConsole", func(f *types.AdvancedFieldSelector) { f.NotEquals = []string{"true"} }))}}, nil, nil},
		{"only from the console", []fakeTrail{{name: "a", advanced: objects(equals("sessionCredentialFromConsole", "true"))}}, nil, []string{"no-data-events: AWS::S3::Object"}},
		{"not delivered", []fakeTrail{{name: "a", advanced: everything, deliveryError: "AccessDenied"}}, nil, []string{"delivery-failed: (AccessDenied)"}},
		{"not validated", []fakeTrail{{name: "a", advanced: everything, notValidated: true}}, nil, []string{"unvalidated: --enable-log-file-validation"}},
		{"twice", []fakeTrail{{name: "a", advanced: everything}, {name: "b", advanced: everything[:1]}}, nil, []string{"overlap: management events by arn:"}},
		{"an organisation's trail that a member cannot read", []fakeTrail{{name: "org", account: "999999999999", organization: true, refused: denied}, {name: "a", advanced: everything}}, nil,
			[]string{"unread: belongs to account 999999999999"}},
		{"lacks differ by Region", []fakeTrail{{name: "a", single: true, advanced: everything}, {name: "b", single: true, home: "us-east-1", advanced: everything[:2]}}, []string{"eu-west-1", "us-east-1"},
			[]string{"single-region: ", "no-data-events: AWS::SQS::Queue"}},
	}
	for _, tt := range tests {
		r, err := examine(t, tt.trails, fakeBucket{}, tt.regions...)
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
		}
		var got []string
		for _, f := range r.Findings {
			got = append(got, string(f.Kind))
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: findings %q, want %q", tt.reason, got, tt.want)
			continue
		}
		for i, f := range r.Findings {
			kind, words, _ := strings.Cut(tt.want[i], ": ")
			if text := strings.Join([]string{f.What, f.Hides, f.Change, f.Command}, "\n"); string(f.Kind) != kind || !strings.Contains(text, words) {
				t.Errorf("%s: finding %+v, want %s", tt.reason, f, tt.want[i])
			}
			if f.What == "" || f.Change == "" {
				t.Errorf("%s: %s says too little", tt.reason, f.Kind)
			}
		}
	}
}

func TestRegionsOfAFinding(t *testing.T) {
	r, err := examine(t, []fakeTrail{{name: "a", single: true, advanced: everything}, {name: "b", single: true, home: "us-east-1", advanced: everything[:2]}},
		fakeBucket{}, "us-east-1", "eu-west-1", "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	last := r.Findings[len(r.Findings)-1]
	if !slices.Equal(last.Regions, []string{"us-east-1"}) || !strings.HasSuffix(last.Trail, "/b") || !slices.Equal(r.Regions, []string{"eu-west-1", "us-east-1"}) {
		t.Errorf("%+v in %v", last, r.Regions)
	}
	if r.Hidden() != 2 {
		t.Errorf("%d hide something", r.Hidden())
	}
}

func TestFirstDay(t *testing.T) {
	old := "AWSLogs/111122223333/CloudTrail/us-east-1/2024/02/29/x.json.gz"
	tests := []struct {
		reason       string
		organization bool
		keys         []string
		err          error
		want, refuse string
	}{
		{"the oldest of all Regions", false, []string{"AWSLogs/111122223333/CloudTrail/eu-west-1/2025/01/01/x.json.gz", old,
			"AWSLogs/111122223333/CloudTrail/us-east-1/2024/12/01/x.json.gz"}, nil, "2024-02-29", ""},
		{"siblings and other accounts do not count", false, []string{old, "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2020/01/01/x.json.gz",
			"AWSLogs/999999999999/CloudTrail/us-east-1/2020/01/01/x.json.gz", "AWSLogs/111122223333/CloudTrail/us-east-1/0000x/01/01/x"}, nil, "2024-02-29", ""},
		{"an organisation's", true, []string{"AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2023/03/04/x.json.gz", old}, nil, "2023-03-04", ""},
		{"empty", false, nil, nil, "", ""},
		{"not to be listed", false, nil, denied, "", "AccessDenied: Access Denied"},
	}
	for _, tt := range tests {
		r, err := examine(t, []fakeTrail{{name: "a", advanced: everything, organization: tt.organization}}, fakeBucket{tt.keys, tt.err})
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
			continue
		}
		if got := r.Trails[0]; got.FirstDay != tt.want || got.FirstDayError != tt.refuse {
			t.Errorf("%s: %q, %q", tt.reason, got.FirstDay, got.FirstDayError)
		}
	}
}

// TestErrorsKeepWhatWasRead: a trail or Region that cannot be read does not hide the others.
func TestErrorsKeepWhatWasRead(t *testing.T) {
	r, err := examine(t, []fakeTrail{{name: "a", refused: denied}, {name: "b", advanced: everything}}, fakeBucket{})
	if !errors.Is(err, denied) || !strings.Contains(err.Error(), "trail arn:aws:cloudtrail:eu-west-1:111122223333:trail/a: ") {
		t.Errorf("error %v", err)
	}
	if len(r.Trails) != 2 || !r.Trails[0].Unread || !r.Trails[1].Logging || r.Findings[0].Kind != Unread {
		t.Errorf("report %+v", r)
	}
	expired := &smithy.GenericAPIError{Code: "ExpiredTokenException", Fault: smithy.FaultClient}
	if _, err = examine(t, []fakeTrail{{name: "org", account: "999999999999", refused: expired}}, fakeBucket{}); !errors.Is(err, expired) {
		t.Errorf("error %v, want %v", err, expired)
	}
	broken := errors.New("no network")
	_, err = examine(t, []fakeTrail{{name: "b", advanced: everything}}, fakeBucket{err: broken})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "bucket logs") {
		t.Errorf("error %v", err)
	}
	r, err = Examine(t.Context(), Clients{CloudTrail: func(context.Context, string) (API, error) { return &fake{err: denied}, nil }}, Settings{Regions: []string{"eu-west-1"}})
	if !errors.Is(err, denied) || len(r.Findings) != 0 {
		t.Errorf("%v; findings %v from nothing", err, r.Findings)
	}
}

// TestDataTypesAreThoseOfActions: each is what some action's calls are recorded as.
func TestDataTypesAreThoseOfActions(t *testing.T) {
	have := map[string]bool{}
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, a := range service.Actions() {
			have[recorded.Of(a.ID()).EventType] = true
		}
	}
	if len(DataTypes()) < 10 {
		t.Errorf("only %d types", len(DataTypes()))
	}
	for _, name := range DataTypes() {
		if !have[name] {
			t.Errorf("no action is recorded as %s", name)
		}
	}
}
