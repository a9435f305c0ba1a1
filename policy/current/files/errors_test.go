package files_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/whittle-iam/whittle/policy/current/files"
)

// TestErrors reads standard input that is no policy.
func TestErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "standard input: empty: a policy was expected"},
		{" \n", "standard input: empty: a policy was expected"},
		{"\x1f\x8b\x08", "standard input: compressed: policies are read uncompressed"},
		{"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [}\n}", "standard input:3:17: not JSON: invalid character '}' looking for beginning of value"},
		{`{"Statement": [`, "standard input:1:16: not JSON: unexpected end of JSON input"},
		{"{\"é\": \"\xff\"}", "standard input:1:8: not UTF-8"},
		{"\xff\xfe{", "standard input: UTF-16 that ends within a character"},
		{"7", "standard input:1:1: not an IAM policy but a number"},
		{"null", "standard input:1:1: not an IAM policy but null"},
		{`"hello"`, "standard input:1:1: not an IAM policy but a string"},
		{"{}", "standard input:1:1: not an IAM policy but an empty object"},
		{"[]", "standard input:1:1: the list is empty: a policy was expected"},
		{"[[]]", "standard input:1:2: element 1 of the list is not an IAM policy but a list"},
		{`{"a":1,"b":2}`, `standard input:1:1: not an IAM policy, nor an answer that holds one: its members are "a", "b"`},
		{`{"PolicyDocument":{},"PolicyDocument":{}}`, `standard input:1:22: the input has "PolicyDocument" twice`},
		{"[" + allow + ",\n" + detail("r", "") + "]", "standard input:2:1: the list begins with a policy document, and its element 2 is account authorization details: pass them as separate files"},
		{`{"Records":[{"eventVersion":"1.08"}]}`, "standard input:1:1: not an IAM policy: this looks like a CloudTrail log file"},
		{`{"eventVersion":"1.08","eventSource":"s3.amazonaws.com"}`, "standard input:1:1: not an IAM policy: this looks like a CloudTrail record"},
		{`{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}`, "standard input:1:1: not an IAM policy: this looks like a Terraform plan"},
		{`{"version":4,"terraform_version":"1.9.0","serial":1}`, "standard input:1:1: not an IAM policy: this looks like a Terraform state"},
		{`{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}`, "standard input:1:1: not an IAM policy: this looks like a CloudFormation template"},
		{`{"version":"2.1.0","runs":[]}`, "standard input:1:1: not an IAM policy: this looks like a SARIF report"},
		{`{"Effect":"Allow","Action":"*","Resource":"*"}`, `standard input:1:1: not an IAM policy: this looks like a single statement: a policy holds it under "Statement"`},
		{`{"Policy":{"Arn":"arn:aws:iam::aws:policy/x"}}`, "standard input:1:1: not an IAM policy: this looks like an answer of get-policy, which holds no document; get-policy-version does"},
		{`{"UserName":"alice","PolicyName":"p","PolicyDocument":{}}`, "standard input:1:13: UserName: this is the policy of a user and not of a role"},
		{`{"PolicyVersion":{"VersionId":"v1"}}`, "standard input:1:18: Document is missing: only get-policy-version and get-account-authorization-details tell it"},
		{`{"AttachedPolicies":[]}`, "standard input:1:1: this does not say whose policies they are: put it in a folder, in a file with the role's name"},
		{`{"AttachedPolicies":[{"PolicyArn":"x"}]}`, `standard input:1:35: PolicyArn must be the ARN of a managed policy, not "x"`},
		{`{"Role":{"RoleName":"r","CreateDate":"soon"}}`, `standard input:1:38: CreateDate must be a time such as 2026-09-01T12:00:00Z, not "soon"`},
		{`{"Role":{"Arn":"arn:aws:iam::111122223333:user/r"}}`, `standard input:1:16: Arn must be a role's, not "arn:aws:iam::111122223333:user/r"`},
		{`{"Role":{"RoleName":7}}`, "standard input:1:21: RoleName must be a string, not a number"},
		{`{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r"}]}`, "standard input:1:20: neither RolePolicyList nor AttachedManagedPolicies is there: what the role may do is not known"},
		{`{"RoleDetailList":{}}`, "standard input:1:19: RoleDetailList must be a list, not an object"},
		{`{"RoleDetailList":[7]}`, "standard input:1:20: an element of RoleDetailList must be an object, not a number"},
		{
			`{"RoleDetailList":[],"Policies":[{"Arn":"arn:aws:iam::aws:policy/x","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v2","IsDefaultVersion":true}]}]}`,
			`standard input:1:114: DefaultVersionId is "v1", and IsDefaultVersion of the version "v2" is true`,
		},
		{"a: [b\n", "standard input:1:4: neither JSON nor YAML: sequence end token ']' not found"},
		{"Statement: &a\n  - *a\n", "standard input:1:12: anchors and aliases of YAML are not read: write out what they stand for"},
		{"Statement: {Effect: Allow}\n", "standard input:1:12: YAML with members in braces is not read: write one a line"},
		{"Version: 2012-10-17\n---\nVersion: 2012-10-17\n", "standard input:3:1: a second YAML document: pass one a file, or a list"},
		{"a: !x b\n", "standard input:1:4: YAML tags are not read: a policy has none"},
		{strings.Repeat("- ", 100), "standard input:1:129: neither JSON nor YAML of a policy: nested more than 64 deep"},
		{"a: " + strings.Repeat("x", 256<<10), "standard input:1:1: YAML of more than 256 KiB: pass it as JSON"},
	}
	for _, tt := range tests {
		_, err := files.Read([]string{"-"}, strings.NewReader(tt.in))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%.200q:\ngot  %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

// TestDocumentErrors reads documents that are wrong within input that is not.
func TestDocumentErrors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"{\"Statement\": [\n  {\"Effect\": \"Allow\", \"Acton\": \"é\"}]}", `-:2:23: a statement has no element "Acton", only Sid, Effect, Action, NotAction, Resource, NotResource, Condition`},
		{"\ufeff{\"Version\": \"2013\", \"Statement\": []}", `-:1:13: Version must be "2012-10-17" or "2008-10-17", not "2013"`},
		{detail("é", "\n"+inline("p", `{"Statement":[7]}`)), "-:2:50: a statement must be an object, not a number"},
		{detail("é", inline("é", `{"Statement":[7]}`)), "-:1:144: a statement must be an object, not a number"},
		{inline("p", `"%7B%22Statement%22%3A7%7D"`), "-:1:36: in the decoded document, 1:14: a statement must be an object, not a number"},
		{inline("p", `"%7B%2"`), `-:1:36: not URL-encoded: invalid URL escape "%2"`},
		{inline("p", `"{\"Statement\": 7}"`), "-:1:36: in the decoded document, 1:15: a statement must be an object, not a number"},
		{inline("p", `7`), "-:1:36: a policy must be an object, not a number"},
		{`{"Statement":[],"Statement":[]}`, `-:1:17: the input has "Statement" twice`},
		{"# a comment\nVersion: 2012-10-17\nStatement:\n- Effect: Allow\n  Acton: x\n", `-:5:3: a statement has no element "Acton", only Sid, Effect, Action, NotAction, Resource, NotResource, Condition`},
		{`{"Statement":[],"Id":"` + strings.Repeat("x", 2<<20) + `"}`, "-:1:1: longer than 1 MiB: not an IAM policy"},
	}
	for _, tt := range tests {
		set, err := files.Read([]string{"-"}, strings.NewReader(tt.in))
		if err != nil {
			if got := strings.Replace(err.Error(), "standard input", "-", 1); got != tt.want {
				t.Errorf("%.200q:\ngot  %v\nwant %s", tt.in, err, tt.want)
			}
			continue
		}
		if err := set.Err(); err == nil || strings.Replace(err.Error(), "standard input", "-", 1) != tt.want {
			t.Errorf("%.200q:\ngot  %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestPaths(t *testing.T) {
	empty := t.TempDir()
	broken := write(t, map[string]string{"x.json": "Version: 2012-10-17\n"})
	for _, tt := range []struct {
		paths []string
		want  string
	}{
		{nil, "no file with policies is given"},
		{[]string{"-"}, "standard input: there is none"},
		{[]string{filepath.Join(empty, "x")}, filepath.Join(empty, "x") + ": no such file or directory"},
		{[]string{empty}, empty + ": the folder holds no .json, .yaml or .yml file"},
		{[]string{broken}, filepath.Join(broken, "x.json") + ":1:1: not JSON: invalid character 'V' looking for beginning of value"},
	} {
		if _, err := files.Read(tt.paths, nil); err == nil || err.Error() != tt.want {
			t.Errorf("%q:\ngot  %v\nwant %s", tt.paths, err, tt.want)
		}
	}
	set, err := files.Read([]string{"testdata/policy.json", "./testdata/policy.json"}, nil)
	if err != nil || len(set.Documents) != 1 {
		t.Errorf("one file named twice: %v, %v", set.Documents, err)
	}
}

// TestFolderOfLinks follows links to files, and leaves alone what is hidden or no file.
func TestFolderOfLinks(t *testing.T) {
	dir := write(t, map[string]string{"a.json": allow, ".git/b.json": other, "sub/c.json": other})
	for link, target := range map[string]string{"d.json": "a.json", "loop.json": "."} {
		if err := os.Symlink(filepath.Join(dir, target), filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	set, err := files.Read([]string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range set.Roles {
		names = append(names, r.Name)
	}
	want := dir + ": not read, as it is no .json, .yaml or .yml file: .git, loop.json"
	if got := strings.Join(names, " "); got != "a d sub" || len(set.Notes) != 1 || set.Notes[0] != want {
		t.Errorf("roles %s, notes %q", got, set.Notes)
	}
}

// TestEncodings reads the same text in other encodings, as Windows programs write them.
func TestEncodings(t *testing.T) {
	text := "{\"Statement\": [],\n\"é\": 1}"
	want := `-:2:1: a policy has no element "é", only Version, Statement`
	little, big := bytes.NewBufferString("\xff\xfe"), bytes.NewBufferString("\xfe\xff")
	for _, unit := range utf16.Encode([]rune(text)) {
		for w, order := range map[io.Writer]binary.ByteOrder{little: binary.LittleEndian, big: binary.BigEndian} {
			if err := binary.Write(w, order, unit); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, in := range []string{text, "\ufeff" + text, little.String(), big.String()} {
		set, err := files.Read([]string{"-"}, strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Replace(fmt.Sprint(set.Err()), "standard input", "-", 1); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}
