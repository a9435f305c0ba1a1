package tighten

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// TestUnusedAsked: what a setting asks for is kept, and the report names the setting; without the settings of
// functions the guess from events holds.
func TestUnusedAsked(t *testing.T) {
	const queue, other = "arn:aws:sqs:us-east-1:111122223333:dead", "arn:aws:sqs:us-east-1:111122223333:other"
	const group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*"
	dead := current.Need{Action: "sqs:SendMessage", Resource: queue, Setting: "dead-letter target " + queue, Page: page}
	key := current.Need{Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111122223333:key/k", Setting: "KMS key k", Page: page, Optional: true}
	writes := current.Need{Action: "logs:PutLogEvents", Resource: group, Setting: "log group /aws/lambda/orders", Page: page}
	poll := made("sqs", "ReceiveMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/other"}, func(u *trail.Usage) { u.Function, u.ByLambda = "", true })
	sent := made("sqs", "SendMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/other"})
	for _, test := range []struct {
		reason, action, on string
		needs              []current.Need
		guess              bool // the functions are not known
		usages             []trail.Usage
		status, why        string
	}{
		{"asked for", "sqs:SendMessage", queue, []current.Need{dead}, false, nil, report.Unobservable, "dead-letter target " + queue + " of function orders asks for it"},
		{"asked for, of functions that may not be all", "sqs:SendMessage", queue, []current.Need{dead}, true, nil, report.Unobservable, "dead-letter target"},
		{"asked for by a wildcard", "sqs:Send*", "*", []current.Need{dead}, false, nil, report.Unobservable, "dead-letter target"},
		{"asked for elsewhere", "sqs:SendMessage", other, []current.Need{dead}, false, nil, report.Unused, ""},
		{"not asked for", "sqs:SendMessage", queue, nil, false, nil, report.Unused, ""},
		{"asked for by a setting that does without it mostly", "kms:Decrypt", key.Resource, []current.Need{key}, false, nil, report.Unobservable, "KMS key k of function orders may ask for it"},
		{"the setting is said where CloudTrail never records it", "logs:PutLogEvents", "*", []current.Need{writes}, false, nil, report.Unobservable, "log group /aws/lambda/orders of function orders asks for it"},
		{"what CloudTrail never records stays, although nothing asks for it", "iam:PassRole", "*", []current.Need{writes}, false, nil, report.Unobservable, "CloudTrail never records it"},
		{"guessed, and the settings ask for nothing of the kind", "sqs:DeleteMessage", other, nil, false, []trail.Usage{poll}, report.Unused, ""},
		{"guessed", "sqs:DeleteMessage", other, nil, true, []trail.Usage{poll}, report.Unobservable, "goes with it"},
		{"used, and asked for", "sqs:SendMessage", "*", []current.Need{dead}, false, []trail.Usage{sent}, report.Used, ""},
	} {
		t.Run(test.reason, func(t *testing.T) {
			who := roleWith(t, allowing(test.action, test.on))
			who.ARN, who.FunctionsKnown = role, !test.guess
			who.Functions = []current.Function{{ARN: fn, Role: role, Needs: test.needs}}
			usages := append([]trail.Usage{made("ec2", "DescribeInstances", nil)}, test.usages...)
			g := unused(t, who, usages, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
			for _, row := range g.Granted {
				if row.Status != test.status || !strings.Contains(row.Why, test.why) || row.Kept != (test.status != report.Unused) {
					t.Errorf("%s is %s (%s), want %s (…%s…)", row.Action, row.Status, row.Why, test.status, test.why)
				}
			}
		})
	}
	who := roleWith(t, allowing("sqs:SendMessage", "*"))
	who.ARN, who.FunctionsKnown, who.Functions = role, true, []current.Function{{ARN: fn, Role: role, Needs: []current.Need{dead}}}
	got := unused(t, who, []trail.Usage{sent}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
	if d := cmp.Diff([]string{queue, other}, got.Proposed[0].Document.Statements[0].Resources); d != "" {
		t.Errorf("the proposal is for what was used and what is asked for (-want +got):\n%s", d)
	}
}

// TestUnusedHomes: a function that made no call has its Region, which the log has to cover.
func TestUnusedHomes(t *testing.T) {
	who := roleWith(t, allowing("sqs:SendMessage", "*"))
	who.ARN, who.FunctionsKnown = role, true
	who.Functions = []current.Function{{ARN: fn, Role: role}, {ARN: strings.ReplaceAll(fn, "us-east-1", "eu-west-1"), Role: role, Unknown: []string{"a new setting"}}}
	got := unused(t, who, []trail.Usage{made("ec2", "DescribeInstances", nil)}, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
	if g := got.Granted[0]; g.Status != report.Unobservable || !strings.Contains(g.Why, "in eu-west-1") {
		t.Errorf("%+v", g)
	}
	for _, want := range []string{
		"the role is shared: 2 functions use it (orders, orders), and each has what the others need",
		"it is not known what a new setting of function orders asks for",
	} {
		if !slices.Contains(got.Notes, want) {
			t.Errorf("no note %q in %q", want, got.Notes)
		}
	}
	who.Functions = nil
	got = unused(t, who, nil, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()})
	if want := "no function uses the role now, in the accounts and Regions that were read"; !slices.Contains(got.Notes, want) {
		t.Errorf("no note %q in %q", want, got.Notes)
	}
}

// TestUnusedAccessed: what IAM saw lifts, and never takes away.
func TestUnusedAccessed(t *testing.T) {
	day := func(n int) time.Time { return time.Unix(int64(firstDay+n)*24*60*60, 0) }
	denied := made("ssm", "GetParameter", map[string]string{"name": "x"}, func(u *trail.Usage) { u.Outcome, u.ErrorCode = trail.Denied, "AccessDenied" })
	read := made("s3", "GetObject", map[string]string{"bucketName": "c", "key": "k"})
	for _, test := range []struct {
		reason, action, on string
		accessed           []current.Access
		usages             []trail.Usage
		status, why        string
	}{
		{"cannot be observed, and IAM saw it", "logs:PutLogEvents", "*", []current.Access{{Action: "logs:PutLogEvents", Last: day(10)}}, nil, report.Used, "IAM saw it on 2026-09-14, an attempt at least"},
		{"spelt otherwise", "logs:PutLogEvents", "*", []current.Access{{Action: "logs:putlogevents", Last: day(10)}}, nil, report.Used, "IAM saw it"},
		{"after the log", "logs:PutLogEvents", "*", []current.Access{{Action: "logs:PutLogEvents", Last: day(50)}}, nil, report.Used, "IAM saw it"},
		{"before the window", "logs:PutLogEvents", "*", []current.Access{{Action: "logs:PutLogEvents", Last: day(-10)}}, nil, report.Unobservable, "never records"},
		{"the service as a whole", "logs:PutLogEvents", "*", []current.Access{{Action: "logs:*", Last: day(10)}}, nil, report.Unobservable, "never records"},
		{"the log would have it, and IAM saw it", "ssm:GetParameter", "*", []current.Access{{Action: "ssm:GetParameter", Last: day(10)}}, nil, report.Unobservable, "IAM saw it"},
		{"the log would have it, and IAM saw it later", "ssm:GetParameter", "*", []current.Access{{Action: "ssm:GetParameter", Last: day(50)}}, []trail.Usage{denied}, report.Unobservable, "IAM saw it"},
		{"IAM saw what was denied", "ssm:GetParameter", "*", []current.Access{{Action: "ssm:GetParameter", Last: day(10)}}, []trail.Usage{denied}, report.Unused, ""},
		{"IAM saw what was used elsewhere", "s3:GetObject", "arn:aws:s3:::b/*", []current.Access{{Action: "s3:GetObject", Last: day(10)}}, []trail.Usage{read}, report.Unused, ""},
		{"IAM did not see it", "s3:GetObject", "arn:aws:s3:::c/*", []current.Access{{Action: "s3:PutObject", Last: day(10)}}, []trail.Usage{read}, report.Used, ""},
		{"unused for both", "ssm:GetParameter", "*", []current.Access{{Action: "ssm:GetParameters", Last: day(10)}}, nil, report.Unused, ""},
	} {
		who := roleWith(t, allowing(test.action, test.on))
		who.ARN, who.Accessed = role, test.accessed
		usages := append([]trail.Usage{made("ec2", "DescribeInstances", nil, func(u *trail.Usage) { u.Function = "" })}, test.usages...)
		g := unused(t, who, usages, UnusedOptions{Mapper: newMapper(t), Stats: fullLog()}).Granted[0]
		if g.Status != test.status || !strings.Contains(g.Why, test.why) || g.Kept != (test.status != report.Unused) {
			t.Errorf("%s: %s (%s), want %s (…%s…)", test.reason, g.Status, g.Why, test.status, test.why)
		}
	}
}

// randomFunctions are functions of the example's account with some needs.
func randomFunctions(t *rapid.T) []current.Function {
	var out []current.Function
	for _, arn := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"arn:aws:lambda:us-east-1:111122223333:function:orders-processor", "arn:aws:lambda:us-east-1:111122223333:function:other",
	}), 0, 2, rapid.ID).Draw(t, "functions") {
		f := current.Function{ARN: arn, Role: ordersRole}
		for range rapid.IntRange(0, 3).Draw(t, "needs") {
			n := current.Need{Setting: "s", Page: page, Optional: rapid.Bool().Draw(t, "optional")}
			n.Action, n.Resource, _ = strings.Cut(rapid.SampledFrom([]string{
				"s3:GetObject arn:aws:s3:::other/*", "s3:GetObject arn:aws:s3:::orders-incoming/config/*", "dynamodb:Scan arn:aws:dynamodb:us-east-1:111122223333:table/inventory",
				"sqs:SendMessage arn:aws:sqs:us-east-1:111122223333:orders-queue", "kms:Decrypt arn:aws:kms:us-east-1:111122223333:key/x", "ec2:DeleteNetworkInterface *",
				"sns:Publish arn:aws:sns:us-east-1:111122223333:t", "ssm:GetParameter *",
			}).Draw(t, "need"), " ")
			f.Needs = append(f.Needs, n)
		}
		out = append(out, f)
	}
	return out
}

// checkNeeds asks the evaluator: whatever the current policies allow of what settings ask for, the proposal does.
func checkNeeds(t *rapid.T, role current.Role, boundary []policy.Document, got report.UnusedRole) {
	var identity, proposed []policy.Document
	for _, p := range role.Policies {
		identity = append(identity, p.Document)
	}
	for _, p := range got.Proposed {
		proposed = append(proposed, p.Document)
	}
	before := eval.Compile(eval.Policies{Identity: identity, Boundary: boundary})
	after := eval.Compile(eval.Policies{Identity: proposed, Boundary: boundary})
	for _, f := range role.Functions {
		for _, n := range f.Needs {
			service, _, _ := strings.Cut(n.Action, ":")
			for _, resource := range requestResources {
				if !strings.HasPrefix(resource, "arn:aws:"+service+":") {
					continue // the action does not act on it
				}
				for _, ctx := range requestContexts {
					r := eval.Request{Action: n.Action, Resource: resource, Context: ctx}
					if matches(n.Resource, policy.Version2012, resource) && before.Evaluate(r).Outcome == eval.Allowed && after.Evaluate(r).Outcome != eval.Allowed {
						t.Fatalf("the proposal lost %s on %s, which a setting asks for on %s", n.Action, resource, n.Resource)
					}
				}
			}
		}
	}
}
