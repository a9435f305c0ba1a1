package awsconfig_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/awsconfig"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// example is the record of an account with one of each thing.
func example() *recorder {
	orders := roleOf(ordersRole, map[string]string{"read-orders": encode(allow("s3:GetObject"))}, basic, queues)
	orders.configuration["permissionsBoundary"] = object{"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": developers}
	orders.configuration["tags"] = []object{{"key": "team", "value": "orders"}}
	batch := roleOf("arn:aws:iam::"+accountID+":role/Batch", nil, basic)
	batch.configuration["assumeRolePolicyDocument"] = encode(strings.ReplaceAll(lambda, "lambda", "ec2"))
	gone := roleOf("arn:aws:iam::"+accountID+":role/gone", nil)
	gone.status = "ResourceDeleted"
	return &recorder{pageSize: 1, resources: []resource{
		orders, batch, gone,
		policyOf(queues, encode(allow("sqs:*")), encode(allow("sqs:SendMessage"))), policyOf(developers, encode(allow("*"))),
	}}
}

func describe(s current.Set) []string {
	var out []string
	for _, r := range s.Roles {
		out = append(out, fmt.Sprintf("role %s %s lambda=%t tags=%v", r.ARN, r.Created.Format("2006-01-02"), r.ForLambda, r.Tags))
		policies := r.Policies
		if r.Boundary != nil {
			policies = append(policies, *r.Boundary)
		}
		for _, p := range policies {
			line := fmt.Sprintf("  %s %s %s", p.Kind, p.Origin.File, p.Created.Format("2006-01-02"))
			if p.Err != nil {
				line += " error " + p.Err.Error()
			} else {
				line += " " + p.Document.Statements[0].Actions[0]
			}
			out = append(out, line)
		}
		for _, arn := range r.Missing {
			out = append(out, "  missing "+arn)
		}
		if r.MissingBoundary != "" {
			out = append(out, "  missing boundary "+r.MissingBoundary)
		}
	}
	for _, n := range s.Notes {
		out = append(out, "note "+n)
	}
	return out
}

var (
	batchLines  = []string{"role arn:aws:iam::111122223333:role/Batch 2024-02-03 lambda=false tags=map[]", "  missing " + basic}
	ordersLines = []string{
		"role " + ordersRole + " 2024-02-03 lambda=true tags=map[team:orders]",
		"  inline config:" + ordersRole + " policy read-orders 0001-01-01 s3:GetObject",
		"  managed config:" + queues + " v2 2025-02-01 sqs:SendMessage",
		"  boundary config:" + developers + " v1 2025-01-01 *",
		"  missing " + basic,
	}
	ownNote = "note AWS Config does not record the managed policies of AWS, whose documents are not known therefore: " + basic + "."
)

func lines(parts ...[]string) (all []string) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestRead(t *testing.T) {
	denied := func(*awsfake.Request) (any, error) {
		return nil, &awsfake.Error{Code: "AccessDeniedException", Message: "no"}
	}
	nothing := func(*awsfake.Request) (any, error) { return object{"Results": []string{}}, nil }
	tests := []struct {
		name    string
		opt     awsconfig.Options
		selects awsfake.Handler
		want    []string
		calls   string
	}{
		{
			name: "the account", want: lines(batchLines, ordersLines, []string{ownNote}),
			calls: "SelectResourceConfig×5",
		},
		{
			name: "an aggregator", opt: awsconfig.Options{Aggregator: "org"}, want: lines(batchLines, ordersLines, []string{ownNote}),
			calls: "SelectAggregateResourceConfig×5",
		},
		{
			name: "advanced queries denied", selects: denied, want: lines(batchLines, ordersLines, []string{ownNote}),
			calls: "SelectResourceConfig ListDiscoveredResources BatchGetResourceConfig ListDiscoveredResources BatchGetResourceConfig ListDiscoveredResources BatchGetResourceConfig SelectResourceConfig ListDiscoveredResources BatchGetResourceConfig ListDiscoveredResources BatchGetResourceConfig",
		},
		{
			name: "advanced queries without answer, and a role named", selects: nothing, opt: awsconfig.Options{Patterns: []string{"ORDERS-role"}}, want: lines(ordersLines, []string{ownNote}),
			calls: "SelectResourceConfig ListDiscoveredResources BatchGetResourceConfig ListDiscoveredResources×2 SelectResourceConfig ListDiscoveredResources BatchGetResourceConfig ListDiscoveredResources BatchGetResourceConfig",
		},
		{
			name: "a role named", opt: awsconfig.Options{Aggregator: "org", Patterns: []string{ordersRole}}, want: lines(ordersLines, []string{ownNote}),
			calls: "SelectAggregateResourceConfig×3",
		},
		{
			name: "in another case", opt: awsconfig.Options{Aggregator: "org", Patterns: []string{"batch"}}, want: lines(batchLines, []string{ownNote}),
			calls: "SelectAggregateResourceConfig×4",
		},
		{
			name: "by pattern", opt: awsconfig.Options{Patterns: []string{"B*"}}, want: lines(batchLines, []string{ownNote}),
			calls: "SelectResourceConfig×3",
		},
		{
			name: "with a library", opt: awsconfig.Options{Patterns: []string{"Batch"}, Library: func(arn string) (current.Policy, bool) {
				p := current.FromAPI(current.Managed, "AWSLambdaBasicExecutionRole", allow("logs:PutLogEvents"), "file.json")
				p.ARN = arn
				return p, arn == basic
			}},
			want: []string{
				batchLines[0], "  managed file.json 0001-01-01 logs:PutLogEvents",
				"note AWS Config does not record these policies, which were taken from elsewhere: " + basic + ".",
			},
			calls: "SelectResourceConfig",
		},
		{
			name: "a role that is not there", opt: awsconfig.Options{Patterns: []string{"none"}}, calls: "SelectResourceConfig ListDiscoveredResources×3 SelectResourceConfig×3",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := example()
			if tt.selects != nil {
				r.handlers = map[string]awsfake.Handler{"SelectResourceConfig": tt.selects}
			}
			client, server := r.client(t)
			set, err := awsconfig.Read(t.Context(), client, tt.opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, describe(set)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := runs(server.Calls()); got != tt.calls {
				t.Errorf("calls %s\nwant  %s", got, tt.calls)
			}
		})
	}
}

// runs writes repeated calls as one.
func runs(calls []string) string {
	var out []string
	for i := 0; i < len(calls); {
		n := 1
		for i+n < len(calls) && calls[i+n] == calls[i] {
			n++
		}
		if n == 1 {
			out = append(out, calls[i])
		} else {
			out = append(out, fmt.Sprintf("%s×%d", calls[i], n))
		}
		i += n
	}
	return strings.Join(out, " ")
}

// TestRecords: several Regions record IAM, and records may be stale, empty or of what is not recorded.
func TestRecords(t *testing.T) {
	const arn = "arn:aws:iam::" + accountID + ":role/r"
	role := func(captured, action string) resource {
		r := roleOf(arn, map[string]string{"p": encode(allow(action))})
		r.captured = captured
		return r
	}
	unrecorded := roleOf("arn:aws:iam::"+accountID+":role/u", nil)
	unrecorded.status, unrecorded.configuration = "ResourceNotRecorded", nil
	r := &recorder{resources: []resource{
		role("2026-08-01T00:00:00Z", "s3:A"), role("2026-08-03T00:00:00Z", "s3:C"), role("2026-08-02T00:00:00Z", "s3:B"), unrecorded,
	}}
	client, _ := r.client(t)
	set, err := awsconfig.Read(t.Context(), client, awsconfig.Options{Aggregator: "org"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"role " + arn + " 2024-02-03 lambda=true tags=map[]", "  inline config:" + arn + " policy p 0001-01-01 s3:C",
		"note AWS Config knows of arn:aws:iam::111122223333:role/u and does not record it.",
	}
	if diff := cmp.Diff(want, describe(set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	client, _ = (&recorder{}).client(t)
	set, err = awsconfig.Read(t.Context(), client, awsconfig.Options{})
	if len(set.Notes) != 1 || len(set.Roles) > 0 || err != nil {
		t.Errorf("of nothing: %v, error %v", describe(set), err)
	}
}

// TestFailures: a part of an account is never returned as if it were the account.
func TestFailures(t *testing.T) {
	change := func(key string, value any) *recorder {
		r := example()
		r.resources[1].configuration[key] = value
		return r
	}
	expiring := example()
	expiring.handlers = map[string]awsfake.Handler{"SelectResourceConfig": func(q *awsfake.Request) (any, error) {
		if strings.Contains(string(q.Body), `"NextToken":"2"`) {
			return nil, &awsfake.Error{Code: "ExpiredTokenException", Message: "expired"}
		}
		return expiring.selects(q)
	}}
	answer := func(operation string, a any, err error) *recorder {
		r := example()
		r.handlers = map[string]awsfake.Handler{operation: func(*awsfake.Request) (any, error) { return a, err }}
		return r
	}
	stuck := answer("BatchGetResourceConfig", object{"unprocessedResourceKeys": []object{{"resourceType": "AWS::IAM::Role", "resourceId": "AROAORDERS-ROLE"}}}, nil)
	stuck.handlers["SelectResourceConfig"] = func(*awsfake.Request) (any, error) { return nil, &awsfake.Error{Code: "AccessDeniedException"} }
	const records = "AWS Config's records of AWS::IAM::Role: "
	const batch = "AWS Config's record of arn:aws:iam::" + accountID + ":role/Batch: "
	tests := []struct {
		name      string
		recorder  *recorder
		opt       awsconfig.Options
		want      string
		operation string
	}{
		{"a token that expires", expiring, awsconfig.Options{}, records, "SelectResourceConfig"},
		{"an aggregator denied", answer("SelectAggregateResourceConfig", nil, &awsfake.Error{Code: "AccessDeniedException"}), awsconfig.Options{Aggregator: "org"}, records + "aggregator org: ", "SelectAggregateResourceConfig"},
		{"throttled without end", answer("SelectResourceConfig", nil, &awsfake.Error{Code: "ThrottlingException"}), awsconfig.Options{}, records, "SelectResourceConfig"},
		{"the same page again", answer("SelectResourceConfig", object{"Results": []string{example().resources[0].row()}, "NextToken": "x"}, nil), awsconfig.Options{}, records + "AWS Config leads back to the same page", ""},
		{"a row that is no JSON", answer("SelectResourceConfig", object{"Results": []string{"{"}}, nil), awsconfig.Options{}, records + "row 1 of the answer: unexpected end of JSON input", ""},
		{"left unprocessed", stuck, awsconfig.Options{}, records + "AROAORDERS-ROLE and 0 more: AWS Config leaves the resources unprocessed", ""},
		{"a boundary of another shape", change("permissionsBoundary", "x"), awsconfig.Options{}, batch, ""},
		{"no boundary within", change("permissionsBoundary", object{}), awsconfig.Options{}, batch + `its permissions boundary "" is not a managed policy`, ""},
		{"a user's ARN", change("arn", "arn:aws:iam::111122223333:user/x"), awsconfig.Options{}, batch + `"arn:aws:iam::111122223333:user/x" is not the ARN of a role`, ""},
		{"another name", change("roleName", "x"), awsconfig.Options{}, batch + `it is called "x"`, ""},
		{"no time", change("createDate", "yesterday"), awsconfig.Options{}, batch + `"yesterday" is not a time such as 2026-09-01T12:00:00.000Z`, ""},
		{"attached nothing", change("attachedManagedPolicies", []object{{"policyArn": "x"}}), awsconfig.Options{}, batch + `the attached policy "x" is not a managed policy`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, _ := tt.recorder.client(t)
			set, err := awsconfig.Read(t.Context(), client, tt.opt)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got error %v\nwant      %s", err, tt.want)
			}
			var operation *smithy.OperationError
			if tt.operation != "" && (!errors.As(err, &operation) || operation.Operation() != tt.operation) {
				t.Errorf("the chain of %v lacks %s", err, tt.operation)
			}
			if diff := cmp.Diff(current.Set{}, set); diff != "" {
				t.Errorf("a part was returned: %s", diff)
			}
		})
	}
}

// TestUnknown: a role without its lists is not one that may do nothing.
func TestUnknown(t *testing.T) {
	r := example()
	delete(r.resources[1].configuration, "rolePolicyList")
	delete(r.resources[1].configuration, "attachedManagedPolicies")
	client, _ := r.client(t)
	if _, err := awsconfig.Read(t.Context(), client, awsconfig.Options{}); err == nil || !strings.Contains(err.Error(), "what the role may do is not known") {
		t.Errorf("got error %v", err)
	}
}

func TestHuge(t *testing.T) {
	awsconfig.SetMaxBytes(t, 1<<20)
	r := &recorder{pageSize: 1}
	for i := range 5 {
		r.resources = append(r.resources, roleOf(fmt.Sprintf("arn:aws:iam::%s:role/r%d", accountID, i), map[string]string{"p": strings.Repeat("x", 300<<10)}))
	}
	client, _ := r.client(t)
	for _, opt := range []awsconfig.Options{{}, {Aggregator: "org"}} {
		set, err := awsconfig.Read(t.Context(), client, opt)
		if fmt.Sprint(err) != "AWS Config's records of AWS::IAM::Role: more than 1 MiB of policies" || len(set.Roles) > 0 {
			t.Errorf("got error %v", err)
		}
	}
}

// TestMalformed: a document that is none is an error of the policy, and a policy without the version in
// force is missing.
func TestMalformed(t *testing.T) {
	const arn = "arn:aws:iam::" + accountID + ":role/r"
	lost := policyOf(queues, encode(allow("sqs:*")))
	lost.configuration["defaultVersionId"] = "v7"
	client, _ := (&recorder{resources: []resource{roleOf(arn, map[string]string{"a": "%zz", "b": encode(`{"Version":`)}, queues), lost}}).client(t)
	set, err := awsconfig.Read(t.Context(), client, awsconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"role " + arn + " 2024-02-03 lambda=true tags=map[]",
		"  inline config:" + arn + " policy a 0001-01-01 error config:" + arn + ` policy a:1:1: not URL-encoded: invalid URL escape "%zz"`,
		"  inline config:" + arn + " policy b 0001-01-01 error config:" + arn + " policy b:1:12: not JSON: unexpected end of JSON input",
		"  missing " + queues,
		"note The default version of " + queues + " is not in AWS Config's record.",
		"note AWS Config has no record of " + queues + ": does it record AWS::IAM::Policy?",
	}
	if diff := cmp.Diff(want, describe(set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
