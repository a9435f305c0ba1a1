// Package policytest has what tests of policies share.
package policytest

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A ManagedPolicy is one of AWS's managed policies.
type ManagedPolicy struct {
	Name string
	// Text is the document's JSON.
	Text []byte
}

// Managed returns AWS's managed policies, sorted by name, from the corpus that stands beside the
// repository and is no part of it. Without a corpus the test is skipped; one with few policies is an error.
func Managed(tb testing.TB) []ManagedPolicy {
	tb.Helper()
	f, err := os.Open(filepath.Join(root(tb), "..", "shared", "corpus", "aws-managed-policies.json.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skip("no corpus beside the repository")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var texts map[string]json.RawMessage
	if err := json.NewDecoder(plain).Decode(&texts); err != nil {
		tb.Fatal(err)
	}
	if len(texts) < 800 {
		tb.Fatalf("the corpus has %d policies", len(texts))
	}
	var out []ManagedPolicy
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		out = append(out, ManagedPolicy{name, texts[name]})
	}
	return out
}

// root is the folder of the module: tests run in their package's.
func root(tb testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod above the working folder")
		}
		dir = parent
	}
}
