package current_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
)

const (
	boundary = "arn:aws:iam::111122223333:policy/b"
	attached = "arn:aws:iam::aws:policy/service-role/a"
)

func TestFromAPI(t *testing.T) {
	const plain = `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"a+b"}}`
	const encoded = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22a+b%22%7D%7D"
	tests := []struct{ in, text, err string }{
		{plain, plain, "<nil>"},
		{encoded, plain, "<nil>"}, // a plus is one: this is no form
		{"%zz", "%zz", `iam:x:1:1: not URL-encoded: invalid URL escape "%zz"`},
		{"%7B%0A%7D", "{\n}", "iam:x:1:1: a policy must have a Statement"},
		{"", "", "iam:x:1:1: not JSON: unexpected end of JSON input"},
	}
	for _, tt := range tests {
		p := current.FromAPI(current.Inline, "p", tt.in, "iam:x")
		if string(p.Text) != tt.text || fmt.Sprint(p.Err) != tt.err || p.Origin != (current.Origin{File: "iam:x", Line: 1, Column: 1, Exact: true}) || (p.Err == nil) != (len(p.Document.Statements) == 1) {
			t.Errorf("%q: got %q, error %v, want %q, %s", tt.in, p.Text, p.Err, tt.text, tt.err)
		}
	}
	if a, b := current.FromAPI(current.Inline, "p", plain, "x"), current.FromAPI(current.Inline, "q", plain[:1]+" "+plain[1:], "y"); !a.Same(b) {
		t.Error("spaces make a difference")
	}
	if a, b := current.FromAPI(current.Inline, "p", "{", "x"), current.FromAPI(current.Inline, "p", "{ ", "x"); a.Same(b) {
		t.Error("texts that are no policies are the same")
	}
}

func TestResolve(t *testing.T) {
	library := map[string]current.Policy{
		boundary: {ARN: boundary, Kind: current.Managed}, attached: {ARN: attached, Kind: current.Managed},
	}
	all := make([]current.Policy, 1, 8) // room, into which no role may write for another
	all[0] = current.Policy{Name: "inline"}
	got := []current.Role{
		current.Role{Policies: all}.Resolve([]string{attached, "x"}, boundary, library),
		current.Role{Policies: all}.Resolve([]string{boundary}, "y", library),
		current.Role{Policies: all}.Resolve(nil, "", library),
	}
	bound := library[boundary]
	bound.Kind = current.Boundary
	want := []current.Role{
		{Policies: []current.Policy{{Name: "inline"}, library[attached]}, Missing: []string{"x"}, Boundary: &bound},
		{Policies: []current.Policy{{Name: "inline"}, library[boundary]}, MissingBoundary: "y"},
		{Policies: []current.Policy{{Name: "inline"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::111122223333:role/r": "r", "arn:aws-cn:iam::111122223333:role/a/b/r": "r",
		"arn:aws:iam::111122223333:role/": "", boundary: "", "r": "", "arn:aws:sts::111122223333:assumed-role/r/s": "",
	} {
		if got, err := current.RoleName(arn); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v", arn, got, err)
		}
	}
	for arn, want := range map[string]bool{boundary: true, attached: true, "arn:aws:iam::aws:policy/": false, "arn:aws:iam::111122223333:role/policy/x": false, "": false} {
		if got := current.IsPolicyARN(arn); got != want {
			t.Errorf("%s: got %t", arn, got)
		}
	}
}
