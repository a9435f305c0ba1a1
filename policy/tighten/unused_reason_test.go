package tighten

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

const firstDay = 20700 // of the log of fullLog, which has 40 days

// sort is one line of coverage of the test's account for a span of days of the log.
func sort(region, source, kind string, readOnly bool, from, to int32) trail.Coverage {
	c := trail.Coverage{Account: "111122223333", Region: region, Source: source + ".amazonaws.com", Type: kind, ReadOnly: readOnly}
	for d := from; d < to; d++ {
		c.Days = append(c.Days, firstDay+d)
	}
	return c
}

// fullLog has management events, those of AWS KMS and of global services, and data events of S3 and SQS, on each
// of 40 days, and no other data events.
func fullLog() trail.Stats {
	at := time.Unix(firstDay*24*60*60, 0).UTC()
	s := trail.Stats{Files: 1, Records: 1, Used: 1, First: at, Last: at.AddDate(0, 0, 40).Add(-time.Second)}
	for _, readOnly := range []bool{false, true} {
		s.Coverage = append(s.Coverage,
			sort("us-east-1", "ec2", "", readOnly, 0, 40), sort("us-east-1", "kms", "", readOnly, 0, 40), sort("us-east-1", "iam", "", readOnly, 0, 40),
			sort("us-east-1", "s3", "AWS::S3::Object", readOnly, 0, 40), sort("us-east-1", "sqs", "AWS::SQS::Queue", readOnly, 0, 40),
		)
	}
	s.Coverage = trail.MergeCoverage(s.Coverage)
	return s
}

// without leaves out the coverage of which drop says so.
func without(drop func(trail.Coverage) bool) func(*UnusedOptions) {
	return func(o *UnusedOptions) { o.Stats.Coverage = slices.DeleteFunc(o.Stats.Coverage, drop) }
}

// gap says that the source could not show all.
func gap(kind trail.GapKind) func(*UnusedOptions) {
	return func(o *UnusedOptions) {
		o.Stats.Gaps = []trail.Gap{{Kind: kind, Source: "lookup://us-east-1", Detail: "Something is missing."}}
	}
}

func allowing(action, resource string, more ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%q,"Resource":%q%s}]}`, action, resource, strings.Join(more, ""))
}

// TestUnusedReasons: one permission, and each reason why silence proves nothing of it.
func TestUnusedReasons(t *testing.T) {
	call := made("ec2", "DescribeInstances", nil)
	failed := func(u *trail.Usage) { u.Outcome, u.ErrorCode = trail.Inconclusive, "ThrottlingException" }
	denied := func(u *trail.Usage) { u.Outcome, u.ErrorCode = trail.Denied, "AccessDenied" }
	read := map[string]string{"bucketName": "b", "key": "k"}
	const key = "arn:aws:kms:us-east-1:111122223333:key/k"
	for _, test := range []struct {
		reason string
		action string
		on     string
		status string
		why    string // a part of it
		change func(*UnusedOptions)
		role   func(*current.Role)
		usages []trail.Usage
	}{
		{reason: "an object, and the log has those", action: "s3:GetObject", on: "arn:aws:s3:::b/*", status: report.Unused},
		{reason: "a management event", action: "ssm:GetParameter", on: "*", status: report.Unused},
		{reason: "idle role", action: "ssm:GetParameter", on: "*", status: report.Unused, usages: []trail.Usage{}},
		{reason: "denied is no use", action: "s3:GetObject", on: "*", status: report.Unused, usages: []trail.Usage{call, made("s3", "GetObject", read, denied)}},

		{reason: "used", action: "s3:GetObject", on: "arn:aws:s3:::b/*", status: report.Used, usages: []trail.Usage{made("s3", "GetObject", read)}},
		{reason: "Event history", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "lookup://us-east-1 is no whole log",
			change: gap(trail.GapNoDataEvents)},
		{reason: "not read to its end", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "was not read to its end", change: gap(trail.GapPartial)},
		{reason: "columns that show uses", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "does not show all that calls used", change: gap(trail.GapUse)},
		{reason: "columns that do not matter", action: "ssm:GetParameter", on: "*", status: report.Unused, change: gap(trail.GapColumns)},
		{reason: "used elsewhere", action: "s3:GetObject", on: "arn:aws:s3:::c/*", status: report.Unused, usages: []trail.Usage{made("s3", "GetObject", read)}},
		{reason: "made-up action", action: "ssm:Invented", on: "*", status: report.Unobservable, why: "reference"},
		{reason: "never recorded", action: "logs:PutLogEvents", on: "*", status: report.Unobservable, why: "never"},
		{reason: "not documented", action: "s3:ReplicateObject", on: "*", status: report.Unobservable, why: "no AWS page"},
		{reason: "data events of another type", action: "dynamodb:GetItem", on: "*", status: report.Unobservable, why: "AWS::DynamoDB::Table data events"},
		{reason: "data events of another source", action: "s3:GetObject", on: "*", status: report.Unobservable, why: "AWS::S3::Object data events", change: func(o *UnusedOptions) {
			for i := range o.Stats.Coverage {
				if c := &o.Stats.Coverage[i]; c.Type == "AWS::S3::Object" {
					c.Source = "sqs.amazonaws.com"
				}
			}
		}},
		{reason: "no management events", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "none of these in us-east-1",
			change: without(func(c trail.Coverage) bool { return c.Type == "" })},
		{reason: "writes only", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "only writes",
			change: without(func(c trail.Coverage) bool { return c.ReadOnly })},
		{reason: "writes only, and it writes", action: "ssm:PutParameter", on: "*", status: report.Unused,
			change: without(func(c trail.Coverage) bool { return c.ReadOnly })},
		{reason: "reads only", action: "ssm:PutParameter", on: "*", status: report.Unobservable, why: "only reads",
			change: without(func(c trail.Coverage) bool { return !c.ReadOnly })},
		{reason: "writes of objects only", action: "s3:GetObject", on: "*", status: report.Unobservable, why: "only writes",
			change: without(func(c trail.Coverage) bool { return c.ReadOnly && c.Type == "AWS::S3::Object" })},
		{reason: "AWS KMS", action: "kms:Decrypt", on: key, status: report.Unused},
		{reason: "AWS KMS left out", action: "kms:Decrypt", on: key, status: report.Unobservable, why: "AWS KMS in us-east-1, which a trail can leave out",
			change: without(func(c trail.Coverage) bool { return c.Source == "kms.amazonaws.com" })},
		{reason: "global services", action: "iam:ListRoles", on: "*", status: report.Unused},
		{reason: "global services left out", action: "iam:ListRoles", on: "*", status: report.Unobservable, why: "global services",
			change: without(func(c trail.Coverage) bool { return c.Source == "iam.amazonaws.com" })},
		{reason: "the global endpoint", action: "sts:AssumeRole", on: "*", status: report.Unobservable, why: "in us-east-1",
			usages: []trail.Usage{made("ec2", "DescribeInstances", nil, func(u *trail.Usage) { u.Region, u.Function = "eu-west-1", "" })},
			change: func(o *UnusedOptions) {
				for i := range o.Stats.Coverage {
					o.Stats.Coverage[i].Region = "eu-west-1"
				}
			}},
		{reason: "a global service elsewhere", action: "globalaccelerator:ListAccelerators", on: "*", status: report.Unobservable, why: "in us-west-2"},
		{reason: "RDS Data API left out", action: "rds-data:ExecuteStatement", on: "*", status: report.Unobservable, why: "RDS"},
		{reason: "too few days", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "covers 40 days of management events in us-east-1, of 41",
			change: func(o *UnusedOptions) { o.MinDays = 41 }},
		{reason: "30 days by default", action: "ssm:GetParameter", on: "*", status: report.Unused, change: func(o *UnusedOptions) { o.MinDays = 0 }},
		{reason: "data events of a few days", action: "s3:GetObject", on: "*", status: report.Unobservable, why: "covers 5 days of AWS::S3::Object data events", change: func(o *UnusedOptions) {
			for i := range o.Stats.Coverage {
				if c := &o.Stats.Coverage[i]; c.Type == "AWS::S3::Object" {
					c.Days = c.Days[10:15]
				}
			}
		}},
		{reason: "days without records", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "covers 20 days", change: func(o *UnusedOptions) {
			for i := range o.Stats.Coverage {
				c := &o.Stats.Coverage[i]
				c.Days = slices.DeleteFunc(slices.Clone(c.Days), func(d int32) bool { return d%2 == 0 })
			}
		}},
		{reason: "another Region", action: "sqs:SendMessage", on: "arn:aws:sqs:eu-west-1:111122223333:q", status: report.Unobservable, why: "no records of account 111122223333 in eu-west-1"},
		{reason: "only some Regions were read", action: "sqs:SendMessage", on: "*", status: report.Unobservable, why: "only the records of us-east-1",
			change: func(o *UnusedOptions) { o.Regions = []string{"us-east-1"} }},
		{reason: "only its own was read", action: "sqs:SendMessage", on: "arn:aws:sqs:us-east-1:111122223333:q", status: report.Unused,
			change: func(o *UnusedOptions) { o.Regions = []string{"us-east-1"} }},
		{reason: "another account", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "no records of account 111122223333", change: func(o *UnusedOptions) {
			for i := range o.Stats.Coverage {
				o.Stats.Coverage[i].Account = "444455556666"
			}
		}},
		{reason: "profile of an older version", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "does not tell what it covers",
			change: func(o *UnusedOptions) { o.Stats.Coverage = nil }},
		{reason: "account unknown", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "account is not known",
			role: func(r *current.Role) { r.ARN = "" }, usages: []trail.Usage{}},
		{reason: "a file broke", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "1 file (truncated)",
			change: func(o *UnusedOptions) {
				o.Stats.SkippedFiles = map[trail.SkipReason]int64{trail.SkipTruncated: 1, trail.SkipDigestFile: 3}
			}},
		{reason: "records that are none", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "2 records (malformed)",
			change: func(o *UnusedOptions) {
				o.Stats.Skipped = map[trail.SkipReason]int64{trail.SkipMalformed: 2, trail.SkipIAMUser: 9}
			}},
		{reason: "nothing broke", action: "ssm:GetParameter", on: "*", status: report.Unused,
			change: func(o *UnusedOptions) { o.Stats.SkippedFiles = map[trail.SkipReason]int64{trail.SkipDigestFile: 3} }},
		{reason: "IAM knows of a use", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "last used on 2026-09-14", usages: []trail.Usage{},
			role: func(r *current.Role) { r.LastUsed = time.Unix((firstDay+10)*24*60*60, 0) }},
		{reason: "IAM knows of an older use", action: "ssm:GetParameter", on: "*", status: report.Unused, usages: []trail.Usage{},
			role: func(r *current.Role) { r.LastUsed = time.Unix((firstDay-10)*24*60*60, 0) }},
		{reason: "granted when the log had ended", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "after the log ends",
			role: func(r *current.Role) { r.Policies[0].Created = time.Unix((firstDay+50)*24*60*60, 0) }},
		{reason: "a call of the service that is not understood", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "ssm Invented",
			usages: []trail.Usage{made("ssm", "Invented", nil)}},
		{reason: "a call of the service that is not understood, and throttled", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "ssm Invented",
			usages: []trail.Usage{made("ssm", "Invented", nil, failed)}},
		{reason: "a call of another service that is not understood", action: "ssm:GetParameter", on: "*", status: report.Unused,
			usages: []trail.Usage{made("sqs", "Invented", nil)}},
		{reason: "a call of nobody knows which service", action: "ssm:GetParameter", on: "*", status: report.Unobservable, why: "invented Call",
			usages: []trail.Usage{made("invented", "Call", nil)}},
		{reason: "a call that needs nothing", action: "sts:AssumeRole", on: "*", status: report.Unused, usages: []trail.Usage{made("sts", "GetCallerIdentity", nil)}},
		{reason: "tried, and throttled", action: "s3:GetObject", on: "arn:aws:s3:::b/*", status: report.Unobservable, why: "ThrottlingException",
			usages: []trail.Usage{made("s3", "GetObject", read, failed)}},
		{reason: "tried elsewhere, and throttled", action: "s3:GetObject", on: "arn:aws:s3:::c/*", status: report.Unused,
			usages: []trail.Usage{made("s3", "GetObject", read, failed)}},
		{reason: "goes with what was seen", action: "logs:CreateLogStream", on: "*", status: report.Unobservable, why: "writes its log"},
		{reason: "the same on another log group", action: "logs:CreateLogStream", on: "arn:aws:logs:us-east-1:111122223333:log-group:other:*", status: report.Unused},
	} {
		t.Run(test.reason, func(t *testing.T) {
			opt := UnusedOptions{Mapper: newMapper(t), Stats: fullLog(), MinDays: 40}
			if test.change != nil {
				test.change(&opt)
			}
			who := roleWith(t, allowing(test.action, test.on))
			who.ARN = role
			if test.role != nil {
				test.role(&who)
			}
			usages := test.usages
			if usages == nil {
				usages = []trail.Usage{call}
			}
			r := unused(t, who, usages, opt)
			if len(r.Granted) != 1 {
				t.Fatalf("%+v", r.Granted)
			}
			g := r.Granted[0]
			if g.Status != test.status || !strings.Contains(g.Why, test.why) || g.Status == report.Unused && g.Why != "" || g.Kept != (g.Status != report.Unused) {
				t.Errorf("%s (%s), kept %v; want %s (…%s…)", g.Status, g.Why, g.Kept, test.status, test.why)
			}
			if (len(r.Proposed) == 0) != (test.status == report.Unused) {
				t.Errorf("proposed: %+v", r.Proposed)
			}
			if (len(r.Removes) == 0) != (test.status != report.Unused) && test.status != report.Used {
				t.Errorf("removes: %+v", r.Removes)
			}
		})
	}
}

func TestUnusedConditions(t *testing.T) {
	usage := []trail.Usage{made("sqs", "SendMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q"})}
	for _, test := range []struct{ reason, condition, status string }{
		{"holds", `{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}`, report.Used},
		{"the log does not tell", `{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, report.Used},
		{"does not hold, and the log would have the others", `{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}`, report.Unused},
		{"another Region", `{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`, report.Unobservable},
		{"Regions that are not named", `{"StringLike":{"aws:RequestedRegion":"eu-*"}}`, report.Unobservable},
	} {
		who := roleWith(t, allowing("sqs:SendMessage", "*", `,"Condition":`+test.condition))
		who.ARN = role
		g := unused(t, who, usage, UnusedOptions{Mapper: newMapper(t), Stats: fullLog(), KeepResources: true}).Granted[0]
		if g.Status != test.status || len(g.Conditions) != 1 {
			t.Errorf("%s: %+v", test.reason, g)
		}
	}
}

func TestUnusedGrace(t *testing.T) {
	day := func(n int) time.Time { return time.Unix(int64(firstDay+n)*24*60*60, 0) }
	for _, test := range []struct {
		reason        string
		grace         int
		policy, maker time.Time
		kept          bool
	}{
		{"no grace", 0, day(39), day(39), false},
		{"nothing is known", 7, time.Time{}, time.Time{}, false},
		{"old", 7, day(20), day(10), false},
		{"new policy", 7, day(35), day(10), true},
		{"new role", 7, time.Time{}, day(35), true},
	} {
		who := roleWith(t, allowing("ssm:GetParameter", "*"))
		who.ARN, who.Created, who.Policies[0].Created = role, test.maker, test.policy
		r := unused(t, who, []trail.Usage{made("ec2", "DescribeInstances", nil)}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog(), Grace: test.grace})
		if g := r.Granted[0]; g.Status != report.Unused || g.Kept != test.kept || (g.Why != "") != test.kept || (len(r.Proposed) == 1) != test.kept {
			t.Errorf("%s: %+v, %+v", test.reason, g, r.Proposed)
		}
	}
}

// TestUnusedGraceKeepsResources: what was granted a short time ago keeps the resources that are not used yet.
func TestUnusedGraceKeepsResources(t *testing.T) {
	read := made("s3", "GetObject", map[string]string{"bucketName": "b", "key": "k"})
	for _, grace := range []int{0, 7} {
		who := roleWith(t, allowing("s3:GetObject", "*"))
		who.ARN, who.Policies[0].Created = role, time.Unix((firstDay+35)*24*60*60, 0)
		r := unused(t, who, []trail.Usage{read}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog(), Grace: grace})
		if on := r.Proposed[0].Document.Statements[0].Resources[0]; (on == "*") != (grace > 0) || len(r.Granted[0].UsedOn) != 1 {
			t.Errorf("grace %d: %s, %+v", grace, on, r.Granted[0])
		}
	}
}

func TestUnusedNotes(t *testing.T) {
	who := roleWith(t, allowing("s3:GetObject", "*"), allowing("s3:ListBucket", "*"))
	who.ARN, who.Missing, who.MissingBoundary = role, []string{"arn:aws:iam::aws:policy/P"}, "arn:aws:iam::aws:policy/B"
	stats := fullLog()
	for i := range stats.Coverage {
		stats.Coverage[i].Days = slices.DeleteFunc(slices.Clone(stats.Coverage[i].Days), func(d int32) bool { return d == firstDay+3 })
	}
	r := unused(t, who, []trail.Usage{made("sqs", "SendMessage", nil, func(u *trail.Usage) { u.Outcome = trail.Denied })}, UnusedOptions{Mapper: newMapper(t), Stats: stats})
	want := []string{
		"the policy arn:aws:iam::aws:policy/P is attached and not in the input: what it does is not in this report",
		"the permissions boundary arn:aws:iam::aws:policy/B is not in the input: what it does is not in this report",
		"the log has no record of us-east-1 on 1 day: 2026-09-07",
		"the log has records of account 111122223333 in us-east-1: calls in other Regions would not be in it if no trail records them",
		"1 call was refused, which is no use of a permission: sqs:SendMessage",
		"nothing of policy p1 is in use: detach it",
		"nothing of policy p2 is in use: detach it",
		"a trail that selects the data events of some buckets, tables or functions only looks like one that selects all: check its selectors before you remove data permissions",
	}
	if d := cmp.Diff(want, r.Notes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if r.Days != 39 || r.Inactive || r.Calls.Denied != 1 {
		t.Errorf("%d days, inactive %v, %+v", r.Days, r.Inactive, r.Calls)
	}
	if r := unused(t, who, nil, UnusedOptions{Mapper: newMapper(t), Stats: stats}); !r.Inactive || !slices.Contains(r.Notes, "the log has no call of the role") {
		t.Errorf("%+v", r)
	}
	who.Policies[1].Err = fmt.Errorf("p.json:1:2: no policy")
	if _, err := Unused(who, nil, UnusedOptions{Mapper: newMapper(t), Stats: stats}); err == nil || !strings.Contains(err.Error(), "p.json:1:2") {
		t.Errorf("error %v", err)
	}
}
