package iamapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/files"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

const (
	basic      = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	queues     = "arn:aws:iam::" + accountID + ":policy/team/queues"
	developers = "arn:aws:iam::" + accountID + ":policy/developers"
	lambda     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	machine    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

func allow(action string) string {
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"" + action + "\", \"Resource\": \"*\"}\n}"
}

// example is an account with one of each thing.
func example() *fake {
	return &fake{
		roles: []fakeRole{
			{
				path: "/service-role/", name: "orders-role", trust: encode(lambda), boundary: developers, used: "2026-09-01T12:00:00Z",
				inline:   []fakeInline{{"read-orders", encode(allow("s3:GetObject"))}, {"write+orders", allow("s3:PutObject")}},
				attached: []string{basic, queues}, tags: map[string]string{"team": "orders & co", "": "odd"},
			},
			{path: "/", name: "Batch", trust: encode(machine), attached: []string{basic}},
			{path: "/", name: "empty", trust: encode(lambda)},
		},
		policies: []fakePolicy{
			{arn: queues, version: "v2", documents: map[string]string{"v1": encode(allow("sqs:*")), "v2": encode(allow("sqs:SendMessage"))}},
			{arn: developers, version: "v1", documents: map[string]string{"v1": encode(allow("*"))}},
			{arn: basic, version: "v1", documents: map[string]string{"v1": encode(allow("logs:PutLogEvents"))}},
		},
	}
}

// TestRead compares whole values.
func TestRead(t *testing.T) {
	set, err := iamapi.Read(t.Context(), example().client(), []string{"orders-role"})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Roles) != 1 || len(set.Notes) > 0 {
		t.Fatalf("got %d roles and the notes %q", len(set.Roles), set.Notes)
	}
	var got []string
	r := set.Roles[0]
	for _, p := range set.All() {
		got = append(got, fmt.Sprintf("%s %s %s %s %s %s:%d:%d %t", p.Kind, p.Name, p.Version, p.Created.Format("2006-01-02"), p.Document.Statements[0].Actions, p.Origin.File, p.Origin.Line, p.Origin.Column, p.Origin.Exact))
		if strings.Contains(string(p.Text), "%") {
			t.Errorf("not decoded: %s", p.Text)
		}
	}
	const arn = "arn:aws:iam::" + accountID + ":role/service-role/orders-role"
	want := []string{
		"inline read-orders  0001-01-01 [s3:GetObject] iam:" + arn + " policy read-orders:1:1 true",
		"inline write+orders  0001-01-01 [s3:PutObject] iam:" + arn + " policy write+orders:1:1 true",
		"managed AWSLambdaBasicExecutionRole v1 2025-01-01 [logs:PutLogEvents] iam:" + basic + " v1:1:1 true",
		"managed queues v2 2025-02-01 [sqs:SendMessage] iam:" + queues + " v2:1:1 true",
		"boundary developers v1 2025-01-01 [*] iam:" + developers + " v1:1:1 true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	facts := fmt.Sprint(r.ARN, r.Created.Format(" 2006-01-02"), r.LastUsed.Format(" 2006-01-02 "), r.ForLambda, r.Tags, r.Missing, r.MissingBoundary)
	if want := arn + " 2024-02-03 2026-09-01 true map[:odd team:orders & co] []"; facts != want {
		t.Errorf("got  %s\nwant %s", facts, want)
	}
}

// accounts draws an account.
func accounts(t *rapid.T) *fake {
	f := &fake{pageSize: rapid.IntRange(0, 4).Draw(t, "page size")}
	arns := []string{basic, queues, developers, "arn:aws:iam::" + accountID + ":policy/x"}
	documents := rapid.SampledFrom([]string{
		encode(allow("s3:*")), allow("s3:GetObject"), encode(lambda), "%7B%22Version%22", "%zz", "", "null", encode(allow("a")) + " ",
	})
	for _, arn := range arns {
		if rapid.Bool().Draw(t, "has "+arn) {
			p := fakePolicy{arn: arn, documents: map[string]string{}}
			for v := range rapid.IntRange(1, 4).Draw(t, "versions") {
				p.version = fmt.Sprintf("v%d", v+1)
				p.documents[p.version] = documents.Filter(func(s string) bool { return s != "" }).Draw(t, "document")
			}
			if rapid.Bool().Draw(t, "rolled back") {
				p.version = "v1"
			}
			f.policies = append(f.policies, p)
		}
	}
	for i := range rapid.IntRange(0, 7).Draw(t, "roles") {
		r := fakeRole{
			path: rapid.SampledFrom([]string{"/", "/service-role/", "/a/b/"}).Draw(t, "path"), name: fmt.Sprintf("r%d", (i*5)%8),
			trust: encode(rapid.SampledFrom([]string{lambda, machine}).Draw(t, "trust")), tags: map[string]string{},
		}
		for j := range rapid.IntRange(0, 3).Draw(t, "inline") {
			r.inline = append(r.inline, fakeInline{fmt.Sprintf("p%d", j), documents.Draw(t, "document")})
		}
		r.attached = rapid.SliceOfNDistinct(rapid.SampledFrom(arns), 0, 3, rapid.ID[string]).Draw(t, "attached")
		if rapid.Bool().Draw(t, "bounded") {
			r.boundary = rapid.SampledFrom(arns).Draw(t, "boundary")
		}
		if rapid.Bool().Draw(t, "tagged") {
			r.tags["k"] = "v"
		}
		f.roles = append(f.roles, r)
	}
	return f
}

// sameReading is that what is compared was read in two ways: the places and wordings differ, and so do
// notes.
var sameReading = cmp.Options{
	cmpopts.IgnoreFields(current.Policy{}, "Origin"),
	cmpopts.IgnoreFields(current.Set{}, "Notes"),
	cmp.Comparer(func(a, b error) bool { return (a == nil) == (b == nil) }),
}

// TestEqual reads accounts over the API and from files with the same answers: the sets are equal.
func TestEqual(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		f := accounts(rt)
		client := &recording{Client: f.client()}
		got, err := iamapi.Read(context.Background(), client, nil)
		if err != nil {
			rt.Fatal(err)
		}
		paths, err := client.write(dir)
		if err != nil {
			rt.Fatal(err)
		}
		want, err := files.Read(paths, nil)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameReading); diff != "" {
			rt.Errorf("from files (-), over the API (+):\n%s", diff)
		}
		var names []string
		for _, r := range f.roles {
			names = append(names, rapid.SampledFrom([]string{r.name, strings.ToUpper(r.name), f.arn(r)}).Draw(rt, "name"))
		}
		if len(names) == 0 {
			return
		}
		one, err := iamapi.Read(context.Background(), f.client(), names)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want.Roles, one.Roles, sameReading); diff != "" {
			rt.Errorf("from files (-), role by role (+):\n%s", diff)
		}
	})
}

// A recording is a client that keeps the pages of authorization details that it returned.
type recording struct {
	*iam.Client
	pages []*iam.GetAccountAuthorizationDetailsOutput
}

func (r *recording) GetAccountAuthorizationDetails(ctx context.Context, in *iam.GetAccountAuthorizationDetailsInput, opts ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	page, err := r.Client.GetAccountAuthorizationDetails(ctx, in, opts...)
	r.pages = append(r.pages, page)
	return page, err
}

// write writes the pages to files below a folder, as an SDK tells them, and returns their paths.
func (r *recording) write(dir string) (paths []string, err error) {
	for i, page := range r.pages {
		text, err := json.Marshal(map[string]any{
			"RoleDetailList": page.RoleDetailList, "Policies": page.Policies, "UserDetailList": []any{}, "IsTruncated": page.IsTruncated,
		})
		if err != nil {
			return nil, err
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("%d.json", i)))
		if err := os.WriteFile(paths[i], text, 0o644); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// TestChoice says which calls patterns take.
func TestChoice(t *testing.T) {
	const arn = "arn:aws:iam::" + accountID + ":role/service-role/orders-role"
	tests := []struct {
		patterns []string
		roles    string
		calls    int
		reason   string
	}{
		{nil, "Batch empty orders-role", 1, ""},
		{[]string{"orders-*", "EMPTY"}, "empty orders-role", 1, "a glob takes the whole account"},
		{[]string{"orders-role"}, "orders-role", 1 + 1 + 2 + 1 + 2*3, ""},
		{[]string{"Orders-Role", arn}, "orders-role", 1 + 1 + 2 + 1 + 2*3, "one role, named twice"},
		{[]string{"orders-role", "batch", "none"}, "Batch orders-role", 3 + 2*2 + 2 + 2*3, "a managed policy is fetched once"},
		{[]string{strings.Replace(arn, "/service-role", "", 1)}, "", 1, "another path"},
		{[]string{strings.Replace(arn, accountID, "444455556666", 1)}, "", 1, "another account"},
	}
	for _, tt := range tests {
		f := example()
		set, err := iamapi.Read(t.Context(), f.client(), tt.patterns)
		var names []string
		for _, r := range set.Roles {
			names = append(names, r.Name)
		}
		if got := strings.Join(names, " "); got != tt.roles || err != nil || len(f.calls) != tt.calls || len(set.Notes) > 0 {
			t.Errorf("%q: got %s by %d calls %q, notes %q, error %v; want %s by %d (%s)", tt.patterns, got, len(f.calls), f.calls, set.Notes, err, tt.roles, tt.calls, tt.reason)
		}
	}
}
