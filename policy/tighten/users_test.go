package tighten

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

const page = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"

const group = "arn:aws:logs:us-east-1:111122223333:log-group:"

// settings of the test's function: its own log group, tracing that may be done without, a file system.
func settings(name string) current.Function {
	return current.Function{
		ARN: "arn:aws:lambda:us-east-1:111122223333:function:" + name, Role: role,
		Needs: []current.Need{
			{Action: "logs:PutLogEvents", Resource: group + "/" + name + ":*", Setting: "log group /" + name, Page: page},
			{Action: "xray:GetSamplingRules", Resource: "*", Setting: "active tracing", Page: page, Optional: true},
			{Action: "elasticfilesystem:ClientMount", Resource: "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/*", Setting: "file system access point x", Page: page,
				Conditions: []policy.Condition{{Operator: "StringEquals", Key: "elasticfilesystem:AccessPointArn", Values: []string{"x"}}}},
		},
	}
}

// added are the grants that only settings or guesses are behind.
func added(r report.Role) []string {
	var out []string
	for _, p := range r.Permissions {
		if p.Evidence.Count == 0 {
			out = append(out, p.Action+" "+p.Resource)
		}
	}
	return out
}

func TestProposeSettings(t *testing.T) {
	const refunds = "arn:aws:lambda:us-east-1:111122223333:function:refunds"
	put := made("dynamodb", "PutItem", map[string]string{"tableName": "orders"})
	of := func(function string) trail.Usage {
		u := put
		u.Function = function
		return u
	}
	poll := made("sqs", "ReceiveMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/in"}, func(u *trail.Usage) { u.Function, u.ByLambda = "", true })
	traced := made("xray", "PutTraceSegments", nil)
	stream := made("logs", "CreateLogStream", map[string]string{"logGroupName": "/my/app", "logStreamName": "s"})
	assume := func(session string) trail.Usage {
		u := made("sts", "AssumeRole", nil)
		u.Kind, u.Function, u.Session, u.InvokedBy = trail.Assumption, "", session, edgeService
		return u
	}
	asked := []string{"elasticfilesystem:ClientMount arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/*", "logs:PutLogEvents " + group + "/orders:*"}
	foreign := settings("foreign")
	foreign.Role = "arn:aws:iam::111122223333:role/other"
	guess := func(name string) []string {
		return []string{
			"logs:CreateLogGroup " + group + "/aws/lambda/" + name, "logs:CreateLogGroup " + group + "/aws/lambda/" + name + ":*",
			"logs:CreateLogStream " + group + "/aws/lambda/" + name + ":*", "logs:PutLogEvents " + group + "/aws/lambda/" + name + ":*",
		}
	}
	for _, test := range []struct {
		reason string
		usages []trail.Usage
		opt    Options
		want   []string
		names  []string
		notes  []string
	}{
		{
			reason: "settings replace the guess", usages: []trail.Usage{put}, opt: Options{Functions: []current.Function{settings("orders"), foreign}, FunctionsKnown: true},
			want: asked, names: []string{fn},
		},
		{
			reason: "nothing that Lambda does is guessed", usages: []trail.Usage{put, poll}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want: asked, names: []string{fn},
		},
		{
			reason: "what goes with the code's own calls", usages: []trail.Usage{put, traced}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want:  append(slices.Clone(asked), "xray:GetSamplingRules *", "xray:GetSamplingStatisticSummaries *", "xray:GetSamplingTargets *", "xray:PutTelemetryRecords *"),
			names: []string{fn},
		},
		{
			reason: "the code's own log group", usages: []trail.Usage{put, stream}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want: append(slices.Clone(asked), "logs:PutLogEvents "+group+"/my/app:log-stream:s"), names: []string{fn},
		},
		{
			reason: "a function that is known by its name in events", usages: []trail.Usage{of("orders")}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want: asked, names: []string{fn},
		},
		{
			reason: "a function that is no more", usages: []trail.Usage{put, of(refunds)}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want: append(slices.Clone(asked), guess("refunds")...), names: []string{fn, refunds},
			notes: []string{"the log has calls of functions that do not use the role now: refunds; what they need beside their calls is guessed"},
		},
		{
			reason: "no function is left", usages: []trail.Usage{put}, opt: Options{FunctionsKnown: true}, want: guess("orders"), names: []string{fn},
			notes: []string{
				"the log has calls of functions that do not use the role now: orders; what they need beside their calls is guessed",
				"no function uses the role now, in the accounts and Regions that were read",
			},
		},
		{
			reason: "at the edge", usages: []trail.Usage{put, assume("orders"), assume("us-east-1.orders")}, opt: Options{Functions: []current.Function{settings("orders")}, FunctionsKnown: true},
			want: append(slices.Clone(asked), guess("us-east-1.orders")...), names: []string{fn, "us-east-1.orders"},
			notes: []string{
				"function orders is known by its session name only; its log group is assumed in us-east-1, where it was seen",
				"function us-east-1.orders is known by its session name only; its log group is assumed in us-east-1, where it was seen",
			},
		},
		{
			reason: "shared", usages: []trail.Usage{put}, opt: Options{Functions: []current.Function{settings("orders"), settings("refunds")}, FunctionsKnown: true},
			want: append(slices.Clone(asked), "logs:PutLogEvents "+group+"/refunds:*"), names: []string{fn, refunds},
			notes: []string{"the role is shared: 2 functions use it (orders, refunds), and each has what the others need"},
		},
		{
			reason: "one function", usages: []trail.Usage{put, of(refunds), of("refunds")}, opt: Options{Function: refunds, Functions: []current.Function{settings("orders"), settings("refunds")}, FunctionsKnown: true},
			want:  []string{asked[0], "logs:PutLogEvents " + group + "/refunds:*"},
			names: []string{refunds},
			notes: []string{"the role is shared: 2 functions use it (orders, refunds), and each has what the others need"},
		},
		{
			reason: "not all are known", usages: []trail.Usage{put}, opt: Options{Functions: []current.Function{settings("refunds")}},
			want: append([]string{asked[0], "logs:PutLogEvents " + group + "/refunds:*"}, guess("orders")...), names: []string{fn, refunds},
		},
		{
			reason: "nothing beside the calls", usages: []trail.Usage{put}, opt: Options{NoOverlay: true, Functions: []current.Function{settings("orders")}, FunctionsKnown: true}, names: []string{fn},
		},
		{
			reason: "a setting that is not understood", usages: []trail.Usage{put}, names: []string{fn},
			opt:   Options{FunctionsKnown: true, Functions: []current.Function{{ARN: fn, Role: role, Unknown: []string{"event source mapping u of arn:aws:new:::x"}}}},
			notes: []string{"it is not known what event source mapping u of arn:aws:new:::x of function orders asks for"},
		},
	} {
		t.Run(test.reason, func(t *testing.T) {
			got := propose(t, test.opt, test.usages...)
			want := slices.Clone(test.want)
			slices.Sort(want)
			list := added(got)
			slices.Sort(list)
			if d := cmp.Diff(want, list); d != "" {
				t.Errorf("added (-want +got):\n%s", d)
			}
			if d := cmp.Diff(test.names, got.Functions); d != "" {
				t.Errorf("functions (-want +got):\n%s", d)
			}
			notes := slices.DeleteFunc(got.Notes, func(n string) bool { return strings.HasSuffix(n, "the policy does not have it") })
			if d := cmp.Diff(test.notes, notes, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}

// TestProposeSettingsFindings: each permission says which setting of which function asks for it, and its
// conditions are in the policy.
func TestProposeSettingsFindings(t *testing.T) {
	got := propose(t, Options{Functions: []current.Function{settings("orders"), settings("refunds")}, FunctionsKnown: true},
		made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}))
	for _, p := range got.Permissions {
		if p.Action != "elasticfilesystem:ClientMount" {
			continue
		}
		want := report.Permission{
			Action: p.Action, AccessLevel: "Read", Resource: p.Resource, Sids: p.Sids, Rules: []string{page},
			Functions:  []string{fn, strings.Replace(fn, "orders", "refunds", 1)},
			Conditions: []report.Condition{{Operator: "StringEquals", Key: "elasticfilesystem:AccessPointArn", Values: []string{"x"}}},
			Findings: []report.Finding{
				{Kind: "setting", Detail: "file system access point x of function orders asks for it"}, {Kind: "setting", Detail: "file system access point x of function refunds asks for it"},
			},
		}
		if d := cmp.Diff(want, p); d != "" || len(p.Sids) == 0 {
			t.Errorf("(-want +got):\n%s", d)
		}
		return
	}
	t.Errorf("no permission for the file system in %+v", got.Permissions)
}

func TestFunctionsListed(t *testing.T) {
	call := func(function string) trail.Usage {
		return made("ec2", "DescribeInstances", nil, func(u *trail.Usage) { u.Function = function })
	}
	west := strings.Replace(fn, "us-east-1", "eu-west-1", 1)
	got := Functions([]trail.Usage{call("orders"), call("gone"), call(west)}, settings("orders"), settings("orders"), settings("idle"))
	want := []string{west, strings.Replace(fn, "orders", "idle", 1), fn, "gone"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSomeOf(t *testing.T) {
	var names []string
	for i := range 12 {
		names = append(names, fmt.Sprintf("%s%02d", fn, i))
	}
	want := "orders00, orders01, orders02, orders03, orders04, orders05, orders06, orders07, orders08, orders09 and 2 more"
	if got := someOf(names); got != want {
		t.Errorf("got %q", got)
	}
}

// TestProposeWithheld: what a setting mostly does without is said, and not granted, unless calls show it.
func TestProposeWithheld(t *testing.T) {
	f := current.Function{ARN: fn, Role: role, Needs: []current.Need{
		{Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111122223333:key/k", Setting: "KMS key k", Page: page, Optional: true},
		{Action: "xray:GetSamplingRules", Resource: "*", Setting: "active tracing", Page: page, Optional: true},
		{Action: "xray:GetSamplingTargets", Resource: "*", Setting: "active tracing", Page: page, Optional: true},
	}}
	got := propose(t, Options{Functions: []current.Function{f}, FunctionsKnown: true},
		made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}), made("kms", "Decrypt", map[string]string{"resources:": f.Needs[0].Resource}))
	want := []string{"active tracing of function orders may ask for xray:GetSamplingRules, xray:GetSamplingTargets, works without in most cases, and the policy does not have it"}
	if d := cmp.Diff(want, got.Notes); d != "" {
		t.Errorf("notes (-want +got):\n%s", d)
	}
	if len(got.Permissions) != 2 {
		t.Errorf("permissions: %+v", got.Permissions)
	}
}
