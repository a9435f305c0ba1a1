package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// update rewrites the golden files inside the scripts.
var update = flag.Bool("update", false, "update golden files in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"whittle": main})
}

// TestScript runs the real command line as testdata/script says, one script a command. $QUICKSTART is
// the log that the README's first command reads.
func TestScript(t *testing.T) {
	quickstart, err := filepath.Abs("../../testdata/quickstart")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(quickstart); err != nil {
		t.Fatal(err)
	}
	schema, err := filepath.Abs("../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts to run: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"validate": validate},
		Setup: func(env *testscript.Env) error {
			env.Setenv("QUICKSTART", quickstart)
			env.Setenv("SCHEMA", schema)
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true") // no script asks the machine that it runs on
			return nil
		},
	})
}
