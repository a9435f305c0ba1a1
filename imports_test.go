// Package whittle_test checks what holds for the module as a whole.
package whittle_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A rule says what one package, or those below a folder, may import, and why.
type rule struct {
	pkg, why string
	may      []string
}

const module = "github.com/whittle-iam/whittle"

// sdk is the AWS SDK. Whoever embeds a package that may not import it does not get it.
const sdk = "github.com/aws/..."

// imports is the design as a table: data flows one way, from trail over actionmap to policy, and
// only cmd knows all. A package may import the standard library and what its line allows; "policy/*"
// allows what lies below policy. An entry for "x/..." holds for x and all below it.
var imports = []rule{
	{"policy", "the document is the ground that everything stands on", []string{"policy/glob"}},
	{"policy/glob", "patterns are values without a policy around them", nil},
	{"policy/condition", "the evaluator and the differ share it", []string{"policy", "policy/glob"}},
	{"policy/eval", "it checks the minimiser and the differ, so it shares no code with them", []string{"policy", "policy/glob", "policy/condition"}},
	{"policy/diff", "it is checked by the evaluator, so it shares no code with it", []string{"policy", "policy/glob", "policy/condition", "actionmap/reference"}},
	{"policy/lint", "documents in, findings out", []string{"policy", "policy/glob", "policy/condition", "actionmap/reference"}},
	{"policy/current", "what roles have, wherever it came from, and their choice by pattern", []string{"policy", "policy/glob"}},
	{"policy/current/files", "one place where policies come from; YAML is read as it was written", []string{
		"policy", "policy/current", "github.com/goccy/go-yaml/...",
	}},
	{"policy/current/iamapi", "one place where policies come from, with its client", []string{"policy", "policy/current", sdk, "golang.org/x/sync/..."}},
	{"policy/current/awsconfig", "one place where policies come from, with its client", []string{"policy", "policy/current", sdk, "golang.org/x/sync/..."}},
	{"policy/current/lambdaapi", "what functions' settings ask for, with its client", []string{"policy", "policy/current", "policy/glob", sdk, "golang.org/x/sync/..."}},
	{"policy/minimize", "exact grants in, documents out", []string{"policy", "policy/glob", "actionmap/reference"}},
	{"policy/generalize", "names in, patterns out: it knows no policy and no log", []string{"policy", "policy/glob"}},
	{"policy/policytest", "what tests of policies share", nil},
	{"policy/report", "plain data; analysis fills it", []string{"policy"}},
	{"policy/tighten", "it composes the pipeline for one role, without SDK and files", []string{"trail", "actionmap", "actionmap/reference", "actionmap/recorded", "policy", "policy/*"}},
	{"actionmap", "calls to grants", []string{"trail", "policy", "policy/glob", "actionmap/reference", "actionmap/overrides"}},
	{"actionmap/reference/...", "generated data that anyone can embed", []string{"actionmap/reference"}},
	{"actionmap/coverage", "it measures the mapping, from outside", []string{"actionmap", "actionmap/*", "trail"}},
	{"actionmap/coverage/internal/gen", "it writes the operations of AWS from SDK data", nil},
	{"actionmap/recorded", "what CloudTrail records of an action", []string{"actionmap/reference"}},
	{"actionmap/overrides", "reviewable text and its parser", []string{"actionmap/reference"}},
	{"trail", "records to usage, for any mapping", []string{"github.com/klauspost/compress/..."}},
	{"trail/delivery", "where trails put files, whoever reads them", []string{"trail"}},
	{"trail/logfile", "one source", []string{"trail", "trail/delivery", "trail/stream"}},
	{"trail/stream", "records in streams, wherever the bytes come from", []string{"trail", "github.com/klauspost/compress/..."}},
	{"trail/bucket", "one source, with its client and its state", []string{"trail", "trail/delivery", "trail/reading", "trail/stream", sdk, "github.com/klauspost/compress/..."}},
	{"trail/athena", "one source, with its client", []string{
		"trail", "trail/reading", "trail/athena/query", sdk, "golang.org/x/sync/...", "github.com/dustin/go-humanize",
	}},
	{"trail/athena/query", "SQL and its rows, without a client", []string{"trail"}},
	{"trail/reading", "what sources over APIs share, without a client", []string{"trail"}},
	{"trail/lookup", "one source, with its client", []string{"trail", "trail/reading", sdk, "golang.org/x/time/..."}},
	{"trail/lake", "one source, with its client", []string{"trail", "trail/reading", sdk}},
	{"trail/loggroup", "one source, with its client", []string{"trail", "trail/reading", sdk}},
	{"trail/doctor", "what trails select, with its client", []string{"trail", sdk}},
	{"trail/trailtest/awsfake", "a server for tests of clients", []string{sdk}},
	{"trail/trailtest/moto", "a server for tests of clients", []string{sdk}},
	{"trail/trailtest/trino", "a server for tests of SQL", []string{"trail"}},
	{"trail/trailtest/...", "what tests of sources share", []string{"trail", "trail/trailtest", "github.com/google/go-cmp/..."}},
	{"cmd/whittle", "main wires and exits", []string{"cmd/internal/cli", "golang.org/x/term"}},
	{"cmd/internal/cloud", "configuration, clients, permissions and errors of AWS in one place", []string{"trail", sdk}},
	{"cmd/internal/cli", "the command line knows all; frameworks stop here", []string{
		"trail", "trail/*", "actionmap", "actionmap/*", "policy", "policy/*", "policy/current/*",
		"cmd/internal/cloud", sdk, "trail/athena/query",
		"github.com/spf13/...", "github.com/vbauerster/mpb/...", "github.com/goccy/go-yaml", "github.com/dustin/go-humanize",
	}},
}

func TestImports(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(file))
		i := slices.IndexFunc(imports, func(r rule) bool { return matches(r.pkg, pkg) })
		if i < 0 {
			t.Errorf("%s: package %s has no line in the table of imports; say there what it may import, and why", file, pkg)
			return nil
		}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checked++
			if first, _, _ := strings.Cut(p, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			p = strings.TrimPrefix(p, module+"/")
			if !slices.ContainsFunc(imports[i].may, func(m string) bool { return matches(m, p) }) {
				t.Errorf("%s imports %s; %s may not: %s", file, p, pkg, imports[i].why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked == 0 {
		t.Fatal("no imports were found to check")
	}
}

// matches compares a package with a table entry: exact, "x/*" for one level below x, "x/..." for x
// and everything below.
func matches(pattern, pkg string) bool {
	if root, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == root || strings.HasPrefix(pkg, root+"/")
	}
	ok, err := path.Match(pattern, pkg)
	return ok && err == nil
}
