package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tarball packs files, given as path and content in turn.
func tarball(t *testing.T, files ...string) io.Reader {
	t.Helper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	w := tar.NewWriter(zipped)
	for i := 0; i < len(files); i += 2 {
		header := &tar.Header{Name: "package/" + files[i], Size: int64(len(files[i+1])), Mode: 0o644}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return &packed
}

func TestReadAndEncode(t *testing.T) {
	services, err := read(tarball(t,
		"package.json", `{"name": "x"}`,
		"data/serviceNames.json", `{"x": "Example"}`,
		"data/actions/x.json", `{
			"open": {"name": "Open", "description": "Grants permission\n to open", "accessLevel": "Tagging, Write",
				"conditionKeys": ["x:Owners", "aws:RequestTag/${TagKey}"],
				"resourceTypes": [{"name": "lid"}, {"name": "Box", "required": true, "conditionKeys": ["x:Owners"]}]},
			"list": {"name": "List", "description": "Grants permission to list", "accessLevel": "List"}}`,
		"data/resourceTypes/x.json", `{
			"lid": {"key": "lid", "arn": "arn:${Partition}:x:::${Box}/lid, arn:${Partition}:x:::lid/${Lid}"},
			"box": {"key": "box", "arn": "arn:${Partition}:x:::${Box}", "conditionKeys": ["x:Owners"]}}`,
		"data/conditionKeys/x.json", `{
			"x:owners": {"key": "x:Owners", "type": "ArrayOfARN"},
			"aws:requesttag/${tagkey}": {"key": "aws:RequestTag/${TagKey}", "type": "String"}}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	if len(services) != 1 || services["x"].name != "Example" {
		t.Fatalf("services: %v", services)
	}
	got, err := encode(services["x"])
	if err != nil {
		t.Fatal(err)
	}
	want := "K\tString\taws:RequestTag/${TagKey}\n" +
		"K\tArrayOfARN\tx:Owners\n" +
		"S\t1\n" +
		"S\t0\t1\n" +
		"R\tbox\t0\tarn:${Partition}:x:::${Box}\n" +
		"R\tlid\t\tarn:${Partition}:x:::${Box}/lid\tarn:${Partition}:x:::lid/${Lid}\n" +
		"A\tList\tList\t\tGrants permission to list\n" +
		"A\tOpen\tTagging\t1\tGrants permission to open\t0!:0\t1\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		reason string
		files  []string
		want   string
	}{
		{"no name", []string{"data/serviceNames.json", `{"y": "Other"}`, "data/actions/x.json", `{}`}, "service x has no name"},
		{"no actions", []string{"data/serviceNames.json", `{"y": "Other"}`}, "0 services have actions, 1 have names"},
		{"broken file", []string{"data/actions/x.json", `{`}, "package/data/actions/x.json: unexpected EOF"},
	}
	for _, tt := range tests {
		if _, err := read(tarball(t, tt.files...)); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.reason, err, tt.want)
		}
	}
	if _, err := read(strings.NewReader("no gzip")); err == nil {
		t.Error("no error for something that is not gzip")
	}
}

func TestEncodeErrors(t *testing.T) {
	open := func(a action) *service {
		a.Name = "Open"
		if a.AccessLevel == "" {
			a.AccessLevel = "Read"
		}
		return &service{prefix: "x", actions: map[string]action{"open": a}}
	}
	tests := []struct {
		reason  string
		service *service
		want    string
	}{
		{"level", open(action{AccessLevel: "Look"}), `service x: action Open: access level "Look"`},
		{"resource type", open(action{ResourceTypes: []use{{Name: "box"}}}), `service x: "box" is referred to and not defined`},
		{"condition key", open(action{ConditionKeys: []string{"x:Owner"}}), `service x: "x:Owner" is referred to and not defined`},
		{"separator", &service{prefix: "x", resourceTypes: map[string]resourceType{"box": {Key: "box", ARN: "a\tb"}}},
			`service x: box: "a\tb" holds a separator`},
	}
	for _, tt := range tests {
		if _, err := encode(tt.service); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.reason, err, tt.want)
		}
	}
}
