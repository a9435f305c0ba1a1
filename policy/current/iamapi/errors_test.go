package iamapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

// many is an account of n roles, with pages of ten.
func many(n int) *fake {
	f := &fake{pageSize: 10}
	for i := range n {
		f.roles = append(f.roles, fakeRole{path: "/", name: fmt.Sprintf("r%d", i), trust: encode(lambda), inline: []fakeInline{{"p", encode(allow("s3:GetObject"))}}})
	}
	return f
}

// failing fails the calls that f.fail is given for, and no others.
func failing(f *fake, code string, when func(call url.Values) bool) *fake {
	f.fail = func(call url.Values) string {
		if when(call) {
			return code
		}
		return ""
	}
	return f
}

func action(names ...string) func(url.Values) bool {
	return func(call url.Values) bool {
		for _, n := range names {
			if call.Get("Action") == n {
				return true
			}
		}
		return false
	}
}

// TestFailures: a part of an account is never returned as if it were the account.
func TestFailures(t *testing.T) {
	tests := []struct {
		name            string
		fake            *fake
		patterns        []string
		code            string // of the API error within
		operation, want string
	}{
		{
			name: "a token that expires after 90% of the pages", code: "ExpiredToken", operation: "GetAccountAuthorizationDetails",
			fake: failing(many(100), "ExpiredToken", func(call url.Values) bool { return call.Get("Marker") == "90" }),
			want: "page 10 of the account's authorization details: ",
		},
		{
			name: "denied from the start", code: "AccessDenied", operation: "GetAccountAuthorizationDetails",
			fake: failing(many(1), "AccessDenied", action("GetAccountAuthorizationDetails")),
			want: "page 1 of the account's authorization details: ",
		},
		{
			name: "throttled without end", code: "Throttling", operation: "GetRole", patterns: []string{"r0"},
			fake: failing(many(1), "Throttling", action("GetRole")),
			want: "role r0: ",
		},
		{
			name: "inline policies that may be listed and not read", code: "AccessDenied", operation: "GetRolePolicy", patterns: []string{"r1", "r0"},
			fake: failing(many(2), "AccessDenied", action("GetRolePolicy")),
			want: ": policy p: ",
		},
		{
			name: "attachments that may not be listed", code: "AccessDenied", operation: "ListAttachedRolePolicies", patterns: []string{"orders-role"},
			fake: failing(example(), "AccessDenied", action("ListAttachedRolePolicies")),
			want: "role orders-role: ",
		},
		{
			name: "a token that expires before the managed policies", code: "ExpiredToken", operation: "GetPolicyVersion", patterns: []string{"Batch"},
			fake: failing(example(), "ExpiredToken", action("GetPolicyVersion")),
			want: "managed policy " + basic + ": ",
		},
		{
			name: "no name", patterns: []string{"arn:aws:iam::" + accountID + ":user/x"}, fake: example(),
			want: `"arn:aws:iam::111122223333:user/x" is not the ARN of a role`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, err := iamapi.Read(t.Context(), tt.fake.client(), tt.patterns)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q in it", err, tt.want)
			}
			var failed smithy.APIError
			var operation *smithy.OperationError
			if tt.code != "" && (!errors.As(err, &failed) || failed.ErrorCode() != tt.code || !errors.As(err, &operation) || operation.Operation() != tt.operation) {
				t.Errorf("the chain of %v lacks %s of %s", err, tt.code, tt.operation)
			}
			if diff := cmp.Diff(current.Set{}, set); diff != "" {
				t.Errorf("a part was returned: %s", diff)
			}
		})
	}
}

// TestThrottled: the SDK tries again, and nothing is lost or twice there.
func TestThrottled(t *testing.T) {
	n := 0
	f := failing(many(95), "Throttling", func(url.Values) bool { n++; return n%3 != 0 })
	set, err := iamapi.Read(t.Context(), f.client(), nil)
	if err != nil || len(set.Roles) != 95 || len(f.calls) != 30 {
		t.Errorf("got %d roles by %d calls, error %v", len(set.Roles), len(f.calls), err)
	}
}

// TestUnreadable: what only one document lacks is noted.
func TestUnreadable(t *testing.T) {
	deleted := func() *fake {
		f := example()
		f.policies = f.policies[:2]
		return f
	}
	vanished := failing(example(), "NoSuchEntity", func(call url.Values) bool {
		return call.Get("RoleName") == "Batch" && call.Get("Action") != "GetRole"
	})
	tests := []struct {
		name     string
		fake     *fake
		patterns []string
		roles    int
		missing  string // of the first role
		want     []string
	}{
		{
			"GetPolicyVersion denied", failing(example(), "AccessDenied", action("GetPolicyVersion")), []string{"orders-role"}, 1, basic + " " + queues + " boundary " + developers,
			[]string{
				"The document of " + developers + " is not known: iam:GetPolicyVersion is denied.",
				"The document of " + queues + " is not known: iam:GetPolicyVersion is denied.",
				"The document of " + basic + " is not known: iam:GetPolicyVersion is denied.",
			},
		},
		{
			"GetPolicy denied, and one not in the details", failing(deleted(), "AccessDenied", action("GetPolicy")), nil, 3, basic,
			[]string{"The document of " + basic + " is not known: iam:GetPolicy is denied."},
		},
		{
			"a policy that is deleted", deleted(), []string{"Batch"}, 1, basic,
			[]string{"The document of " + basic + " is not known: it was deleted while roles were read, or is not in this account."},
		},
		{
			"a role that vanishes", vanished, []string{"Batch", "empty"}, 1, "",
			[]string{"The role arn:aws:iam::111122223333:role/Batch was deleted while it was read."},
		},
		{
			"an inline policy that vanishes", failing(example(), "NoSuchEntity", func(call url.Values) bool { return call.Get("PolicyName") == "read-orders" }), []string{"orders-role"}, 1, "",
			[]string{"The policy read-orders of the role arn:aws:iam::111122223333:role/service-role/orders-role was deleted while it was read."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, err := iamapi.Read(t.Context(), tt.fake.client(), tt.patterns)
			if err != nil || len(set.Roles) != tt.roles {
				t.Fatalf("got %d roles, error %v", len(set.Roles), err)
			}
			missing := strings.Join(set.Roles[0].Missing, " ")
			if b := set.Roles[0].MissingBoundary; b != "" {
				missing += " boundary " + b
			}
			if missing != tt.missing {
				t.Errorf("missing %q, want %q", missing, tt.missing)
			}
			if diff := cmp.Diff(sortedLines(tt.want), sortedLines(set.Notes)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMalformed: a document that is none is an error of the policy, with its place.
func TestMalformed(t *testing.T) {
	f := many(1)
	f.roles[0].inline = []fakeInline{
		{"cut", encode("{\n \"Version\": \"2012-10-17\",\n \"Statement\": [")}, {"trust", encode(lambda)}, {"code", "%zz"}, {"good", encode(allow("s3:GetObject"))},
	}
	set, err := iamapi.Read(t.Context(), f.client(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const at = "iam:arn:aws:iam::111122223333:role/r0 policy "
	for i, want := range []string{at + "cut:3:16: ", at + "trust:1:56: Principal belongs", at + "code:1:1: not URL-encoded: ", "<nil>"} {
		if got := fmt.Sprint(set.Roles[0].Policies[i].Err); !strings.HasPrefix(got, want) {
			t.Errorf("got  %s\nwant %s…", got, want)
		}
	}
	if set.Err() == nil {
		t.Error("the set has no error")
	}
}

// endless answers each page with the same marker, or with as much text as is asked for.
type endless struct {
	iamapi.API
	document string
	marker   func(page int) *string
	pages    int
}

func (e *endless) GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	e.pages++
	arn, id := fmt.Sprintf("arn:aws:iam::aws:policy/p%d", e.pages), "v1"
	return &iam.GetAccountAuthorizationDetailsOutput{IsTruncated: true, Marker: e.marker(e.pages), Policies: []types.ManagedPolicyDetail{{
		Arn: &arn, DefaultVersionId: &id, PolicyVersionList: []types.PolicyVersion{{VersionId: &id, Document: &e.document}},
	}}}, nil
}

// TestEndless: what has no end is an error and takes neither all time nor all memory.
func TestEndless(t *testing.T) {
	iamapi.SetMaxBytes(t, 1<<20)
	fresh := func(page int) *string { s := fmt.Sprint(page); return &s }
	same := func(int) *string { s := "again"; return &s }
	none := func(int) *string { return nil }
	for _, tt := range []struct {
		api  *endless
		want string
	}{
		{&endless{marker: same}, "page 2 of the account's authorization details: IAM leads back to the same page"},
		{&endless{marker: none}, "page 1 of the account's authorization details: IAM says that there is more, and not how to get it"},
		{&endless{marker: fresh, document: "{" + strings.Repeat(" ", 1<<10)}, "the account's authorization details: more than 1 MiB of policies"},
	} {
		set, err := iamapi.Read(t.Context(), tt.api, nil)
		if fmt.Sprint(err) != tt.want || len(set.Managed) > 0 {
			t.Errorf("got error %v, want %s", err, tt.want)
		}
	}
}

// TestDisagreement: answers that contradict themselves are no account.
func TestDisagreement(t *testing.T) {
	name, arn, policy := "r", "arn:aws:iam::111122223333:role/r", "arn:aws:iam::111122223333:role/p"
	other := "s"
	tests := []struct {
		detail types.RoleDetail
		want   string
	}{
		{types.RoleDetail{RoleName: &name}, `"" is not the ARN of a role`},
		{types.RoleDetail{RoleName: &other, Arn: &arn}, arn + `: IAM calls it "s"`},
		{types.RoleDetail{RoleName: &name, Arn: &arn, AttachedManagedPolicies: []types.AttachedPolicy{{PolicyArn: &policy}}}, arn + `: the attached policy "` + policy + `" is not a managed policy`},
		{types.RoleDetail{RoleName: &name, Arn: &arn, PermissionsBoundary: &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: &policy}}, arn + `: its permissions boundary "` + policy + `" is not a managed policy`},
	}
	for _, tt := range tests {
		_, err := iamapi.Read(t.Context(), oneRole{detail: tt.detail}, nil)
		if fmt.Sprint(err) != tt.want {
			t.Errorf("got error %v, want %s", err, tt.want)
		}
	}
}

type oneRole struct {
	iamapi.API
	detail types.RoleDetail
}

func (o oneRole) GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	return &iam.GetAccountAuthorizationDetailsOutput{RoleDetailList: []types.RoleDetail{o.detail}}, nil
}

func sortedLines(lines []string) []string {
	m := map[string]string{}
	for _, l := range lines {
		m[l] = l
	}
	return sorted(m)
}
