package files_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/files"
)

const (
	ordersRole = "arn:aws:iam::111122223333:role/service-role/orders-role"
	basic      = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	queues     = "arn:aws:iam::111122223333:policy/queues"
	developers = "arn:aws:iam::111122223333:policy/developers"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name   string
		paths  string // below testdata
		want   []string
		reason string
	}{
		{
			name: "document", paths: "policy.json",
			want: []string{"document policy at policy.json:1:1 exact: s3:GetObject"},
		},
		{
			name: "list", paths: "policies.json",
			want: []string{
				"document policies-1 at policies.json:2:3 exact: s3:GetObject",
				"document policies-2 at policies.json:3:3 exact: s3:PutObject",
			},
		},
		{
			name: "trust policy", paths: "trust.json",
			want: []string{"document trust at trust.json:1:1 exact: error trust.json:4:25: Principal belongs to resource and trust policies, which this looks like; an identity policy has none"},
		},
		{
			name: "one page", paths: "authorization.json",
			want: []string{
				"role orders-role " + ordersRole + " made 2024-02-03 used 2026-09-01",
				"  inline read-orders at authorization.json:21:39 exact: s3:GetObject",
				"  missing " + basic, "  missing " + queues, "  missing boundary " + developers,
				"note authorization.json: policies of 1 user and 0 groups are not read, only those of roles",
				"note authorization.json: the account has more roles and policies, on pages that are not in the input.",
			},
		},
		{
			name: "both pages and managed policies by ARN", paths: "authorization.json authorization-2.json managed.json",
			want: []string{
				"role Batch arn:aws:iam::111122223333:role/Batch made 2025-01-01",
				"role orders-role " + ordersRole + " made 2024-02-03 used 2026-09-01",
				"  inline read-orders at authorization.json:21:39 exact: s3:GetObject",
				"  managed AWSLambdaBasicExecutionRole " + basic + " at managed.json:2:71 exact: logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
				"  managed queues v2 " + queues + " at authorization-2.json:1:864: sqs:SendMessage",
				"  boundary developers v1 " + developers + " at authorization-2.json:1:1780: *",
				"note authorization.json: policies of 1 user and 0 groups are not read, only those of roles",
			},
			reason: "the default version counts; a position within an encoded document is not one in the file",
		},
		{
			name: "answers about one role", paths: "get-role.json get-role-policy.json get-role-policy-encoded.json list-attached-role-policies.json",
			want: []string{
				"role orders-role " + ordersRole + " made 2024-02-03 used 2026-09-01",
				"  inline read-orders at get-role-policy.json:4:23 exact: s3:GetObject",
				"  inline write-orders at get-role-policy-encoded.json:1:77: s3:PutObject",
				"  missing " + basic, "  missing boundary " + developers,
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "orders-role".`,
			},
			reason: "the list of attached policies is that of the only role",
		},
		{
			name: "folder", paths: "folder",
			want: []string{
				"role billing",
				"  inline billing-1 at folder/billing.json:2:3 exact: s3:GetObject",
				"  inline billing-2 at folder/billing.json:3:3 exact: s3:PutObject",
				"role mail",
				"  inline mail at folder/mail.yaml:1:1: sqs:SendMessage",
				"role orders",
				"  inline orders at folder/orders.json:1:1 exact: s3:GetObject",
				"role payments",
				"  inline read at folder/payments/read.json:1:1 exact: s3:GetObject",
				"  managed AWSLambdaBasicExecutionRole v1 at folder/payments/AWSLambdaBasicExecutionRole.json:3:21 exact: logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
				"note folder: not read, as it is no .json, .yaml or .yml file: README.md",
			},
		},
		{
			name: "folder of answers", paths: "dump",
			want: []string{
				"role orders-role " + ordersRole + " made 2024-02-03 used 2026-09-01",
				"  inline write-orders at dump/orders-role/get-role-policy-2.json:1:77: s3:PutObject",
				"  inline read-orders at dump/orders-role/get-role-policy.json:4:23 exact: s3:GetObject",
				"  managed AWSLambdaBasicExecutionRole v1 " + basic + " at dump/managed/AWSLambdaBasicExecutionRole.json:3:21 exact: logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
				"  missing boundary " + developers,
				"note dump/managed/AWSLambdaBasicExecutionRole.json: taken for " + basic + ", by the file's name.",
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "orders-role".`,
			},
		},
		{
			name: "version of no role", paths: "get-policy-version.json",
			want: []string{"managed get-policy-version v1 at get-policy-version.json:3:21 exact: logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir("testdata")
			set, err := files.Read(strings.Fields(tt.paths), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, describe(set)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
			again, err := files.Read(strings.Fields(tt.paths), nil)
			if diff := cmp.Diff(describe(set), describe(again)); diff != "" || err != nil {
				t.Errorf("read again: %v %s", err, diff)
			}
		})
	}
}

// describe writes a set as lines.
func describe(set current.Set) []string {
	var out []string
	for _, r := range set.Roles {
		line := "role " + r.Name
		if r.ARN != "" {
			line += " " + r.ARN
		}
		if !r.Created.IsZero() {
			line += " made " + r.Created.Format("2006-01-02")
		}
		if !r.LastUsed.IsZero() {
			line += " used " + r.LastUsed.Format("2006-01-02")
		}
		out = append(out, line)
		for _, p := range r.Policies {
			out = append(out, "  "+describePolicy(p))
		}
		if r.Boundary != nil {
			out = append(out, "  "+describePolicy(*r.Boundary))
		}
		for _, m := range r.Missing {
			out = append(out, "  missing "+m)
		}
		if r.MissingBoundary != "" {
			out = append(out, "  missing boundary "+r.MissingBoundary)
		}
	}
	for _, p := range set.Documents {
		out = append(out, describePolicy(p))
	}
	for _, n := range set.Notes {
		out = append(out, "note "+n)
	}
	return out
}

func describePolicy(p current.Policy) string {
	words := []string{string(p.Kind), p.Name}
	for _, w := range []string{p.Version, p.ARN} {
		if w != "" {
			words = append(words, w)
		}
	}
	words = append(words, fmt.Sprintf("at %s:%d:%d", filepath.ToSlash(p.Origin.File), p.Origin.Line, p.Origin.Column))
	if p.Origin.Exact {
		words = append(words, "exact")
	}
	line := strings.Join(words, " ") + ":"
	if p.Err != nil {
		return line + " error " + p.Err.Error()
	}
	for _, s := range p.Document.Statements {
		line += " " + strings.Join(s.Actions, " ")
	}
	return line
}

// write writes files below a new folder, and returns it.
func write(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	allow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`
	other = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
)

// detail is authorization details with one role.
func detail(role, policies string) string {
	return `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/` + role + `","RoleName":"` + role + `","RolePolicyList":[` + policies + `],"AttachedManagedPolicies":[]}]}`
}

func inline(name, doc string) string {
	return `{"PolicyName":"` + name + `","PolicyDocument":` + doc + `}`
}

// TestJoin reads several files about one role.
func TestJoin(t *testing.T) {
	answer := `{"RoleName":"r","PolicyName":"p","PolicyDocument":` + allow + `}`
	attached := `{"AttachedPolicies":[{"PolicyName":"x","PolicyArn":"arn:aws:iam::aws:policy/x"}]}`
	version := `{"PolicyVersion":{"Document":` + allow + `,"VersionId":"v3"}}`
	tests := []struct {
		name string
		in   map[string]string
		want []string
		err  string
	}{
		{
			name: "the same twice", in: map[string]string{"a.json": detail("r", inline("p", allow)), "b.json": detail("r", inline("p", allow)), "c.json": answer},
			want: []string{"role r arn:aws:iam::111122223333:role/r", "  inline p at a.json:1:130 exact: s3:GetObject"},
		},
		{
			name: "two texts of a policy", in: map[string]string{"a.json": detail("r", inline("p", allow)), "b.json": detail("r", inline("p", other))},
			err: `a.json:1:130 and b.json:1:130 do not agree on the policy "p" of the role "r"`,
		},
		{
			name: "one policy fewer", in: map[string]string{"a.json": detail("r", inline("p", allow)+","+inline("q", allow)), "b.json": detail("r", inline("p", allow))},
			err: `a.json:1:20 and b.json:1:20 do not agree on the policies of the role "r"`,
		},
		{
			name: "one policy more", in: map[string]string{"a.json": detail("r", inline("p", allow)), "b.json": detail("r", inline("p", allow)+","+inline("q", allow))},
			err: `b.json:1:261: the role "r" has no policy "q" in its authorization details at a.json:1:20`,
		},
		{
			name: "a document for a role that is known", in: map[string]string{"a.json": detail("r", ""), "r.json": allow},
			err: `r.json:1:1: the role "r" has no policy "r" in its authorization details at a.json:1:20`,
		},
		{
			name: "a role in two accounts", in: map[string]string{
				"a.json": detail("r", ""), "b.json": strings.ReplaceAll(detail("r", ""), "111122223333", "444455556666"), "c.json": answer,
			},
			err: `c.json:1:1: which role "r" is meant: arn:aws:iam::111122223333:role/r or arn:aws:iam::444455556666:role/r?`,
		},
		{
			name: "managed policies by path", in: map[string]string{"r/attached.json": attached, "arn:aws:iam::aws:policy/x.json": version},
			want: []string{
				"role r", "  managed x v3 arn:aws:iam::aws:policy/x at arn:aws:iam::aws:policy/x.json:1:30 exact: s3:GetObject",
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "r".`,
			},
		},
		{
			name: "a version that is not in force", in: map[string]string{"r/attached.json": attached, "x.json": strings.Replace(version, `"v3"`, `"v3","IsDefaultVersion":false`, 1)},
			want: []string{
				"role r", "  missing arn:aws:iam::aws:policy/x",
				"managed x v3 at x.json:1:30 exact: s3:GetObject",
				"note x.json:1:18: v3 is not the version in force, so it is taken for no role's policy.",
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "r".`,
			},
		},
		{
			name: "two texts of a managed policy", in: map[string]string{"a.json": `{"arn:aws:iam::aws:policy/x":` + allow + `}`, "b.json": `{"arn:aws:iam::aws:policy/x":` + other + `}`},
			err: "a.json:1:30 and b.json:1:30 do not agree on arn:aws:iam::aws:policy/x",
		},
		{
			name: "a managed policy that may be either", in: map[string]string{
				"r/attached.json": attached, "s/attached.json": strings.ReplaceAll(attached, "::aws:", "::111122223333:"), "x.json": version,
			},
			want: []string{
				"role r", "  missing arn:aws:iam::aws:policy/x", "role s", "  missing arn:aws:iam::111122223333:policy/x",
				"managed x v3 at x.json:1:30 exact: s3:GetObject",
				"note x.json: it may be arn:aws:iam::111122223333:policy/x or arn:aws:iam::aws:policy/x; a file that ends in the ARN says which.",
				"note x.json: a managed policy of no role: no role has one attached that has the file's name and is not in the input otherwise.",
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "r", "s".`,
			},
		},
		{
			name: "whose?", in: map[string]string{"f/a.json": answer, "f/b.json": strings.ReplaceAll(answer, `"r"`, `"s"`), "f/c.json": allow},
			err: `f/c.json:1:1: this does not say whose policies they are: those of "r", "s"?`,
		},
		{
			name: "the role of the neighbours", in: map[string]string{"f/a.json": answer, "f/c.json": other},
			want: []string{
				"role r", "  inline p at f/a.json:1:51 exact: s3:GetObject", "  inline c at f/c.json:1:1 exact: s3:*",
				`note Known from answers about one policy or role each, so that further policies of theirs may be missing: "r".`,
			},
		},
		{
			name: "a role without its policies", in: map[string]string{"a.json": `{"Role":{"RoleName":"r"}}`},
			err: `a.json:1:9: none of the policies of the role "r" is in the input; get-account-authorization-details has them all`,
		},
		{
			name: "two boundaries", in: map[string]string{"a.json": detail("r", ""), "b.json": `{"Role":{"RoleName":"r","PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::aws:policy/x"}}}`},
			err: `a.json:1:20 and b.json:1:9 do not agree on the permissions boundary of the role "r"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(write(t, tt.in))
			set, err := files.Read([]string{"."}, nil)
			if text := fmt.Sprint(err); err != nil && text != tt.err || err == nil && tt.err != "" {
				t.Errorf("got error %s\nwant      %s", text, tt.err)
			}
			if diff := cmp.Diff(tt.want, describe(set)); err == nil && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTags reads the tags of roles, which get-role and the authorization details have alike.
func TestTags(t *testing.T) {
	tagged := `"RoleName":"r","Tags":[{"Key":"team","Value":"orders"},{"Key":"","Value":""}]`
	t.Chdir(write(t, map[string]string{
		"a.json": strings.Replace(detail("r", ""), `"RoleName":"r"`, tagged, 1),
		"b.json": strings.Replace(detail("s", ""), `"RoleName":"s"`, `"RoleName":"s","Tags":null`, 1),
		"c.json": `{"Role":{` + tagged + `}}`,
		"d.json": `{"Role":{"RoleName":"r","Tags":["team"]}}`,
	}))
	for _, paths := range [][]string{{"a.json", "b.json"}, {"a.json", "c.json", "b.json"}} {
		set, err := files.Read(paths, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]map[string]string{{"team": "orders", "": ""}, nil}, []map[string]string{set.Roles[0].Tags, set.Roles[1].Tags}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", paths, diff)
		}
	}
	if _, err := files.Read([]string{"d.json"}, nil); fmt.Sprint(err) != "d.json:1:33: a tag must be an object, not a string" {
		t.Errorf("got error %v", err)
	}
}
