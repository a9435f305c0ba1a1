package files_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current/files"
)

// managedPolicies are AWS's, by name.
func managedPolicies(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	out := map[string]json.RawMessage{}
	for _, m := range policytest.Managed(t) {
		out[m.Name] = m.Text
	}
	return out
}

// TestCorpus reads AWS's managed policies from authorization details, encoded and not, and as the YAML
// that generate writes: they must come back as the parser reads them alone.
func TestCorpus(t *testing.T) {
	managed := managedPolicies(t)
	names := slices.Sorted(maps.Keys(managed))
	var details, attached []string
	for i, name := range names {
		doc := string(managed[name])
		if i%2 == 1 {
			doc = `"` + strings.ReplaceAll(url.QueryEscape(doc), "+", "%20") + `"`
		}
		arn := "arn:aws:iam::aws:policy/" + name
		attached = append(attached, fmt.Sprintf(`{"PolicyName":%q,"PolicyArn":%q}`, name, arn))
		details = append(details, fmt.Sprintf(`{"PolicyName":%q,"Arn":%q,"DefaultVersionId":"v1","PolicyVersionList":[{"Document":%s,"VersionId":"v1","IsDefaultVersion":true}]}`, name, arn, doc))
	}
	in := `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","RolePolicyList":[],"AttachedManagedPolicies":[` +
		strings.Join(attached, ",") + `]}],"Policies":[` + strings.Join(details, ",\n") + `]}`
	set, err := files.Read([]string{"-"}, strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Roles) != 1 || len(set.Roles[0].Missing) != 0 || len(set.Roles[0].Policies) != len(names) {
		t.Fatalf("%d roles, %d policies of %d", len(set.Roles), len(set.Roles[0].Policies), len(names))
	}
	inYAML := 0
	for i, p := range set.Roles[0].Policies {
		want, wantErr := policy.Parse(managed[names[i]])
		if (wantErr != nil) != (p.Err != nil) {
			t.Errorf("%s: %v, alone %v", names[i], p.Err, wantErr)
		}
		if wantErr != nil {
			continue
		}
		if diff := cmp.Diff(*want, p.Document); diff != "" {
			t.Errorf("%s (-alone +in details):\n%s", names[i], diff)
		}
		text, err := yaml.JSONToYAML(want.Format())
		if err != nil {
			t.Fatal(err)
		}
		again, err := files.Read([]string{"-"}, bytes.NewReader(text))
		if err != nil {
			t.Errorf("%s as YAML: %v", names[i], err)
			continue
		}
		if diff := cmp.Diff(*want, again.Documents[0].Document); diff != "" {
			t.Errorf("%s as YAML (-want +got):\n%s", names[i], diff)
		}
		inYAML++
	}
	t.Logf("%d policies, %d also as YAML", len(names), inYAML)
}

// BenchmarkRead reads the authorization details of a large account, of some 100 MB: two thousand roles
// with inline policies of the size that IAM allows, and as many managed policies of five versions.
func BenchmarkRead(b *testing.B) {
	var statements []string
	for i := range 60 {
		statements = append(statements, fmt.Sprintf(`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket-%d/*"}`, i))
	}
	doc := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",\n") + `]}`
	var roles, policies []string
	for i := range 2000 {
		roles = append(roles, fmt.Sprintf(`{"Arn":"arn:aws:iam::111122223333:role/r%d","RolePolicyList":[{"PolicyName":"p","PolicyDocument":%s}],"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::111122223333:policy/p%d"}]}`, i, doc, i))
		var versions []string
		for v := range 5 {
			versions = append(versions, fmt.Sprintf(`{"Document":%s,"VersionId":"v%d","IsDefaultVersion":%t}`, doc, v, v == 0))
		}
		policies = append(policies, fmt.Sprintf(`{"Arn":"arn:aws:iam::111122223333:policy/p%d","DefaultVersionId":"v0","PolicyVersionList":[%s]}`, i, strings.Join(versions, ",")))
	}
	in := []byte(`{"RoleDetailList":[` + strings.Join(roles, ",") + `],"Policies":[` + strings.Join(policies, ",") + `]}`)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		set, err := files.Read([]string{"-"}, bytes.NewReader(in))
		if err != nil || len(set.Roles) != 2000 || set.Err() != nil {
			b.Fatal(len(set.Roles), err, set.Err())
		}
	}
}
