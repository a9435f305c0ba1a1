package tighten

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/minimize"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

const (
	role = "arn:aws:iam::111122223333:role/orders-role"
	fn   = "arn:aws:lambda:us-east-1:111122223333:function:orders"
)

var start = time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)

// made is one authorised call of the function, changed by edits.
func made(source, name string, params map[string]string, edits ...func(*trail.Usage)) trail.Usage {
	u := trail.Usage{
		Key: trail.Key{
			Kind:        trail.Call,
			Principal:   trail.Principal{Account: "111122223333", Role: role, Function: fn},
			EventSource: source + ".amazonaws.com", EventName: name, Region: "us-east-1", Outcome: trail.Authorised,
		},
		Evidence: trail.Evidence{Count: 1, First: start, Last: start, Days: []int32{20727}, EventIDs: []string{"e1"}},
	}
	for path, value := range params {
		u.Params = append(u.Params, trail.Param{Path: path, Values: []string{value}})
	}
	slices.SortFunc(u.Params, func(a, b trail.Param) int { return strings.Compare(a.Path, b.Path) })
	for _, edit := range edits {
		edit(&u)
	}
	return u
}

// loadMapper loads the rules once for all tests.
var loadMapper = sync.OnceValues(actionmap.New)

func newMapper(t testing.TB) *actionmap.Mapper {
	t.Helper()
	m, err := loadMapper()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func propose(t *testing.T, opt Options, usages ...trail.Usage) report.Role {
	t.Helper()
	opt.Mapper = newMapper(t)
	got, err := Propose(role, usages, opt)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// grants lists "action resource" of all policies, sorted.
func grants(r report.Role) []string {
	var out []string
	for _, p := range r.Policies {
		for _, s := range p.Document.Statements {
			for _, a := range s.Actions {
				for _, res := range s.Resources {
					out = append(out, a+" "+res)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestProposeGrantsOnlyAuthorisedCalls(t *testing.T) {
	got := propose(t, Options{NoOverlay: true},
		made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}),
		made("dynamodb", "DeleteTable", map[string]string{"tableName": "orders"}, func(u *trail.Usage) {
			u.Outcome, u.ErrorCode = trail.Denied, "AccessDenied"
		}),
		made("dynamodb", "Scan", map[string]string{"tableName": "orders"}, func(u *trail.Usage) {
			u.Outcome, u.ErrorCode = trail.Inconclusive, "ThrottlingException"
		}),
		made("sts", "GetCallerIdentity", nil),
	)
	want := []string{"dynamodb:PutItem arn:aws:dynamodb:us-east-1:111122223333:table/orders"}
	if d := cmp.Diff(want, grants(got)); d != "" {
		t.Errorf("grants (-want +got):\n%s", d)
	}
	if d := cmp.Diff(report.Calls{Authorised: 2, Denied: 1, Inconclusive: 1}, got.Calls); d != "" {
		t.Errorf("calls (-want +got):\n%s", d)
	}
	if len(got.Denied) != 1 || got.Denied[0].Action != "dynamodb:DeleteTable" ||
		got.Denied[0].Resource != "arn:aws:dynamodb:us-east-1:111122223333:table/orders" {
		t.Errorf("denied: %+v", got.Denied)
	}
	if len(got.Unmapped) != 1 || got.Unmapped[0].Reason != string(actionmap.NoPermissionNeeded) {
		t.Errorf("unmapped: %+v", got.Unmapped)
	}
	if got.Proof != (report.Proof{Checked: 1, Allowed: 1, Pairs: 1, Traced: 1}) {
		t.Errorf("proof: %+v", got.Proof)
	}
}

func TestProposeRefusesAnEmptyPolicy(t *testing.T) {
	denied := made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}, func(u *trail.Usage) { u.Outcome = trail.Denied })
	_, err := Propose(role, []trail.Usage{denied}, Options{Mapper: newMapper(t)})
	var nothing *NothingObservedError
	if !errors.As(err, &nothing) || nothing.Calls.Denied != 1 {
		t.Fatalf("got %v, want a NothingObservedError with one denied call", err)
	}
}

func TestProposeOverlay(t *testing.T) {
	put := made("dynamodb", "PutItem", map[string]string{"tableName": "orders"})
	for _, test := range []struct {
		name, function string
		want           []string
		notes          int
	}{
		{"function ARN", fn, []string{
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders",
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*",
			"logs:CreateLogStream arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*",
			"logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*",
		}, 0},
		{"bare name: region of its calls, with a note", "billing", []string{
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/billing",
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/billing:*",
			"logs:CreateLogStream arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/billing:*",
			"logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/billing:*",
		}, 1},
		{"hostile name stays one name", "x*${aws:username}", []string{
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x${*}${$}{aws:username}",
			"logs:CreateLogGroup arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x${*}${$}{aws:username}:*",
			"logs:CreateLogStream arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x${*}${$}{aws:username}:*",
			"logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/x${*}${$}{aws:username}:*",
		}, 1},
		{"no function: none, with a note", "", nil, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			u := put
			u.Function = test.function
			got := propose(t, Options{}, u)
			var logs []string
			for _, g := range grants(got) {
				if strings.HasPrefix(g, "logs:") {
					logs = append(logs, g)
				}
			}
			if d := cmp.Diff(test.want, logs); d != "" {
				t.Errorf("log grants (-want +got):\n%s", d)
			}
			if len(got.Notes) != test.notes {
				t.Errorf("notes: %q, want %d", got.Notes, test.notes)
			}
		})
	}
}

func TestProposeAssumedFunction(t *testing.T) {
	assume := func(session, by string) trail.Usage {
		u := made("sts", "AssumeRole", nil)
		u.Kind, u.Function, u.Session, u.InvokedBy = trail.Assumption, "", session, by
		return u
	}
	got := grants(propose(t, Options{},
		made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}),
		assume("orders", "lambda.amazonaws.com"), assume("logger", "lambda.amazonaws.com"), assume("viewer", "edgelambda.amazonaws.com"), assume("us-east-1.origin", "edgelambda.amazonaws.com")))
	for _, group := range []string{"orders", "logger", "us-east-1.viewer", "us-east-1.origin"} {
		if !slices.Contains(got, "logs:PutLogEvents arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/"+group+":*") {
			t.Errorf("no log permission for %s in %q", group, got)
		}
	}
}

func TestProposeNotesSessions(t *testing.T) {
	got := propose(t, Options{}, made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}),
		made("s3", "DeleteBucket", map[string]string{"bucketName": "b"}, func(u *trail.Usage) { u.Function, u.Session = "", "alice@example.com" }))
	if !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "alice@example.com") }) {
		t.Errorf("notes: %q, want one on a session that is no function", got.Notes)
	}
}

func TestProposeByFunction(t *testing.T) {
	other := "arn:aws:lambda:us-east-1:111122223333:function:refunds"
	got := propose(t, Options{Function: fn, NoOverlay: true},
		made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}),
		made("dynamodb", "PutItem", map[string]string{"tableName": "refunds"}, func(u *trail.Usage) { u.Function = other }),
		made("sqs", "ReceiveMessage", map[string]string{"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/orders"},
			func(u *trail.Usage) { u.Function, u.ByLambda = "", true }),
	)
	want := []string{
		"dynamodb:PutItem arn:aws:dynamodb:us-east-1:111122223333:table/orders",
		"sqs:ReceiveMessage arn:aws:sqs:us-east-1:111122223333:orders",
	}
	if d := cmp.Diff(want, grants(got)); d != "" {
		t.Errorf("grants (-want +got):\n%s", d)
	}
	if !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.HasPrefix(n, "calls that name no function") }) {
		t.Errorf("notes: %q, want one on calls without a function", got.Notes)
	}
}

func TestProposeBatchDelete(t *testing.T) {
	batch := made("s3", "DeleteObjects", map[string]string{"bucketName": "b"})
	item := made("s3", "DeleteObject", map[string]string{"bucketName": "b", "key": "in/a"})
	later := item
	later.Days = []int32{20730}
	version := made("s3", "DeleteObject", map[string]string{"bucketName": "b", "key": "in/a", "?versionId": "true"})
	bypass := made("s3", "DeleteObjects", map[string]string{"bucketName": "b", "?x-amz-bypass-governance-retention": "true"})
	elsewhere := made("s3", "DeleteObject", map[string]string{"bucketName": "c", "key": "in/a"})
	for _, test := range []struct {
		name   string
		usages []trail.Usage
		want   []string
	}{
		{"its items are logged", []trail.Usage{batch, item}, []string{"s3:DeleteObject arn:aws:s3:::b/in/a"}},
		{"its items are not logged", []trail.Usage{batch}, []string{"s3:DeleteObject arn:aws:s3:::b/*"}},
		{"its items are not logged, but a single delete on another day is", []trail.Usage{batch, later}, []string{"s3:DeleteObject arn:aws:s3:::b/*"}},
		{"a versioned batch", []trail.Usage{batch, version}, []string{"s3:DeleteObjectVersion arn:aws:s3:::b/in/a"}},
		{"items do not show a bypass", []trail.Usage{bypass, item}, []string{"s3:BypassGovernanceRetention arn:aws:s3:::b/*", "s3:DeleteObject arn:aws:s3:::b/in/a"}},
		{"items of another bucket are no items of it", []trail.Usage{batch, elsewhere}, []string{"s3:DeleteObject arn:aws:s3:::b/*", "s3:DeleteObject arn:aws:s3:::c/in/a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := propose(t, Options{NoOverlay: true}, test.usages...)
			if d := cmp.Diff(test.want, grants(got)); d != "" {
				t.Errorf("grants (-want +got):\n%s", d)
			}
		})
	}
}

func TestProposeWiden(t *testing.T) {
	usages := []trail.Usage{
		made("dynamodb", "PutItem", map[string]string{"tableName": "tenant-a"}),
		made("dynamodb", "PutItem", map[string]string{"tableName": "tenant-b"}),
		made("dynamodb", "PutItem", map[string]string{"tableName": "audit"}),
	}
	got := propose(t, Options{NoOverlay: true, Widen: []string{"arn:aws:dynamodb:us-east-1:111122223333:table/tenant-*"}}, usages...)
	want := []string{
		"dynamodb:PutItem arn:aws:dynamodb:us-east-1:111122223333:table/audit",
		"dynamodb:PutItem arn:aws:dynamodb:us-east-1:111122223333:table/tenant-*",
	}
	if d := cmp.Diff(want, grants(got)); d != "" {
		t.Errorf("grants (-want +got):\n%s", d)
	}
	for _, p := range got.Permissions {
		asked := p.Widening != nil && p.Widening.Reason == "asked" && p.Widening.Distinct == 2
		if strings.HasSuffix(p.Resource, "tenant-*") != asked {
			t.Errorf("%s: widening %+v", p.Resource, p.Widening)
		}
	}
	plain := propose(t, Options{NoOverlay: true, Widen: []string{"arn:aws:s3:::nothing-*"}}, usages...)
	if n := len(grants(plain)); n != 3 {
		t.Errorf("%d grants with a pattern that covers nothing, want 3", n)
	}
}

func TestProposeForwardedAccess(t *testing.T) {
	key := "arn:aws:kms:us-east-1:111122223333:key/5b7e2a90-14cd-4f83-9e6a-c81b0d3f7e42"
	got := propose(t, Options{NoOverlay: true},
		made("kms", "Decrypt", map[string]string{"resources:": key}, func(u *trail.Usage) {
			u.InvokedBy = "secretsmanager.amazonaws.com"
		}))
	want := []policy.Statement{{
		Sid: got.Policies[0].Document.Statements[0].Sid, Effect: policy.Allow, Actions: []string{"kms:Decrypt"}, Resources: []string{key},
		Conditions: []policy.Condition{{Operator: "StringEquals", Key: "kms:ViaService", Values: []string{"secretsmanager.us-east-1.amazonaws.com"}}},
	}}
	if d := cmp.Diff(want, got.Policies[0].Document.Statements); d != "" {
		t.Errorf("statements (-want +got):\n%s", d)
	}
}

func TestProposePassedRole(t *testing.T) {
	passed := "arn:aws:iam::111122223333:role/worker"
	got := propose(t, Options{NoOverlay: true}, made("lambda", "CreateFunction20150331", map[string]string{"functionName": "f", "role": passed, "?role": "true"}))
	want := policy.Condition{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{"lambda.amazonaws.com"}}
	for _, p := range got.Permissions {
		if p.Action == "iam:PassRole" && p.Resource == passed && len(p.Conditions) == 1 && cmp.Equal(policy.Condition(p.Conditions[0]), want) {
			return
		}
	}
	t.Errorf("no conditioned iam:PassRole in %+v", got.Permissions)
}

func TestProposeFit(t *testing.T) {
	var usages []trail.Usage
	for i := range 150 {
		usages = append(usages, made("dynamodb", "PutItem", map[string]string{"tableName": fmt.Sprintf("a-table-with-a-long-name-%03d", i)}))
	}
	got := propose(t, Options{NoOverlay: true, Fit: &minimize.Managed}, usages...)
	if len(got.Policies) < 2 {
		t.Fatalf("%d policies, want a split", len(got.Policies))
	}
	for _, p := range got.Policies {
		if p.Size > minimize.Managed.Characters || p.Size != p.Document.Size() {
			t.Errorf("size %d, document %d", p.Size, p.Document.Size())
		}
	}
	if n := len(grants(got)); n != 150 {
		t.Errorf("%d grants after the split, want 150", n)
	}
}

// TestProposeProperties: whatever the calls, the proposal passes its own replay, does not depend on
// their order, and grants nothing that the single calls do not need.
func TestProposeProperties(t *testing.T) {
	m := newMapper(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-c*?${}/]{1,6}`)
		usages := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) trail.Usage {
			at := start.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "day"))
			u := rapid.SampledFrom([]trail.Usage{
				made("s3", "GetObject", map[string]string{"bucketName": "b1", "key": name.Draw(t, "key")}),
				made("s3", "PutObject", map[string]string{"bucketName": "b1", "key": name.Draw(t, "key")}),
				made("dynamodb", "PutItem", map[string]string{"tableName": name.Draw(t, "table")}),
				made("dynamodb", "PutItem", nil),
				made("s3", "GetObject", map[string]string{"bucketName": "b1", "key": "d/"}, func(u *trail.Usage) { u.Params[1].Open = true }),
				made("states", "DescribeStateMachine", nil, func(u *trail.Usage) { u.Missing = "omitted" }),
			}).Draw(t, "call")
			u.First, u.Last, u.Days = at, at, []int32{int32(at.Unix() / 86400)}
			return u
		}), 1, 12).Draw(t, "usages")

		got, err := Propose(role, usages, Options{Mapper: m})
		if err != nil {
			t.Fatal(err)
		}
		shuffled := slices.Clone(usages)
		for i := range shuffled {
			j := rapid.IntRange(0, i).Draw(t, "swap")
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		}
		again, err := Propose(role, shuffled, Options{Mapper: m})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got.Policies, again.Policies); d != "" {
			t.Fatalf("the order of the calls matters (-first +second):\n%s", d)
		}
		for _, g := range grants(got) {
			_, resource, _ := strings.Cut(g, " ")
			if resource == "*" {
				t.Fatalf("%s: none of these actions may be granted on everything", g)
			}
		}
	})
}
