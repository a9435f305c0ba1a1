package tighten

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// TestUnusedProposal: how a document looks without what is unused.
func TestUnusedProposal(t *testing.T) {
	read := made("s3", "GetObject", map[string]string{"bucketName": "b", "key": "k"})
	send := made("sqs", "SendMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q"})
	const narrow = `"arn:aws:s3:::b/k"`
	for _, test := range []struct {
		reason, statements, want string
		keepResources            bool
	}{
		{"nothing is unused", `{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}`,
			`{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}`, false},
		{"an action", `{"Sid":"A","Effect":"Allow","Action":["S3:getobject","s3:PutObject"],"Resource":"*"}`,
			`{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":` + narrow + `}`, false},
		{"an action, and resources are kept", `{"Sid":"A","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}`,
			`{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, true},
		{"a resource", `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::c/*"]}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, true},
		{"the whole statement", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},{"Sid":"B","Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:111122223333:q"}`,
			`{"Sid":"B","Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:111122223333:q"}`, false},
		{"a wildcard of which one is used", `{"Effect":"Allow","Action":"s3:*tObject","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":` + narrow + `}`, false},
		{"a wildcard of which nothing can be told", `{"Effect":"Allow","Action":["dynamodb:*Item","s3:PutObject"],"Resource":"*"}`,
			`{"Effect":"Allow","Action":"dynamodb:*Item","Resource":"*"}`, false},
		{"conditions stay", `{"Effect":"Allow","Action":"s3:*tObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":` + narrow + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, false},
		{"NotResource that leaves it", `{"Effect":"Allow","Action":"s3:*tObject","NotResource":"arn:aws:s3:::c/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":` + narrow + `}`, false},
		{"NotResource is kept", `{"Sid":"A","Effect":"Allow","Action":"s3:*tObject","NotResource":"arn:aws:s3:::c/*"}`,
			`{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::c/*"}`, true},
		{"NotResource that takes it", `{"Effect":"Allow","Action":"s3:*tObject","NotResource":"arn:aws:s3:::b/*"}`, ``, false},
		{"a variable stays", `{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::${aws:PrincipalTag/bucket}/*"}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${aws:PrincipalTag/bucket}/*"}`, false},
		{"Deny stays", `{"Effect":"Deny","Action":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`,
			`{"Effect":"Deny","Action":"iam:*","Resource":"*"}`, false},
		{"a statement that grants nothing stays", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"}`, false},
	} {
		t.Run(test.reason, func(t *testing.T) {
			who := roleWith(t, `{"Version":"2012-10-17","Statement":[`+test.statements+`]}`)
			who.ARN = role
			r := unused(t, who, []trail.Usage{read, send}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog(), KeepResources: test.keepResources})
			var got string
			for _, p := range r.Proposed {
				got += string(p.Document.Format())
			}
			want := ""
			if test.want != "" {
				want = string(document(t, `{"Version":"2012-10-17","Statement":[`+test.want+`]}`).Format())
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestUnusedLimits: what a Deny or the boundary takes away is not granted.
func TestUnusedLimits(t *testing.T) {
	for _, test := range []struct {
		reason, deny, boundary string
		granted                bool
	}{
		{"nothing", "", "", true},
		{"the same", `"Action":"s3:getobject","Resource":"arn:aws:s3:::b/*"`, "", false},
		{"more", `"NotAction":"iam:*","NotResource":"arn:aws:s3:::c/*"`, "", false},
		{"all that the action can act on", `"Action":"*","Resource":"arn:aws:s3:::*/*"`, "", false},
		{"a part", `"Action":"s3:*","Resource":"arn:aws:s3:::b/k"`, "", true},
		{"something else", `"Action":"s3:*","NotResource":"arn:aws:s3:::b/k"`, "", true},
		{"another action", `"NotAction":"s3:Get*","Resource":"*"`, "", true},
		{"under a condition", `"Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`, "", true},
		{"the boundary allows it", "", `"Effect":"Allow","Action":"s3:*","Resource":"*"`, true},
		{"the boundary allows a part", "", `"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/k"`, true},
		{"the boundary allows other resources", "", `"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::c/*"`, false},
		{"the boundary allows other actions", "", `"Effect":"Allow","NotAction":"s3:Get*","Resource":"*"`, false},
		{"the boundary denies", "", `"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"`, false},
	} {
		text := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		if test.deny != "" {
			text += `,{"Effect":"Deny",` + test.deny + `}`
		}
		who := roleWith(t, `{"Version":"2012-10-17","Statement":[`+text+`]}`)
		who.ARN = role
		if test.boundary != "" {
			bound := roleWith(t, `{"Version":"2012-10-17","Statement":[{`+test.boundary+`}]}`)
			who.Boundary = &bound.Policies[0]
		}
		r := unused(t, who, nil, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
		if (len(r.Granted) > 0) != test.granted {
			t.Errorf("%s: %+v", test.reason, r.Granted)
		}
	}
}

// TestUsageOf: what a log says of a difference between policies.
func TestUsageOf(t *testing.T) {
	read := made("s3", "GetObject", map[string]string{"bucketName": "b", "key": "k"})
	who := roleWith(t)
	who.ARN = role
	usage := UsageOf(who, []trail.Usage{read}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
	seen := []report.ActionCount{{Action: "s3:GetObject", Count: 1}}
	for _, test := range []struct {
		reason string
		change report.Change
		status string
		why    string
		used   []report.ActionCount
	}{
		{"used", report.Change{Known: []string{"s3:GetObject", "s3:PutObject"}, Resources: []string{"*"}}, report.Used, "", seen},
		{"used elsewhere", report.Change{Known: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::c/*"}}, report.Unused, "", nil},
		{"used on what is left out", report.Change{Known: []string{"s3:GetObject"}, Resources: []string{"*"}, ResourcesExcept: []string{"arn:aws:s3:::b/*"}}, report.Unused, "", nil},
		{"used outside", report.Change{Known: []string{"s3:GetObject"}, Resources: []string{"*"}, ResourcesWithin: []string{"arn:aws:s3:::c/*"}}, report.Unused, "", nil},
		{"unused", report.Change{Known: []string{"s3:DeleteObject"}, Resources: []string{"*"}}, report.Unused, "", nil},
		{"some cannot be told", report.Change{Known: []string{"dynamodb:GetItem", "dynamodb:PutItem", "s3:PutObject"}, Resources: []string{"*"}}, report.Unobservable, "dynamodb:GetItem: it is recorded as", nil},
		{"goes with what was seen", report.Change{Known: []string{"logs:CreateLogStream"}, Resources: []string{"*"}}, report.Unobservable, "writes its log", nil},
		{"actions to come", report.Change{Future: true, Resources: []string{"*"}}, report.Unobservable, "reference does not know", nil},
		{"made up", report.Change{Unknown: []string{"s3:Invented"}, Resources: []string{"*"}}, report.Unobservable, "reference", nil},
	} {
		got := usage(test.change)
		if got.Status != test.status || !strings.Contains(got.Why, test.why) || (got.Why == "") != (test.why == "") || (got.Evidence.Count > 0) != (test.status == report.Used) {
			t.Errorf("%s: %+v", test.reason, got)
		}
		if d := cmp.Diff(test.used, got.Used); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.reason, d)
		}
	}
}
