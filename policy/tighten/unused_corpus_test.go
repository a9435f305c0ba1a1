package tighten

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
)

// managedFile holds AWS's own managed policies. It is no part of the repository.
const managedFile = "../../../shared/corpus/aws-managed-policies.json.gz"

// TestUnusedManagedPolicies takes AWS's own policies as the current ones: each proposal is proven, and none
// is undecided. By default it looks at some of them.
func TestUnusedManagedPolicies(t *testing.T) {
	f, err := os.Open(managedFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]json.RawMessage
	if err := json.NewDecoder(unzipped).Decode(&texts); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(texts))
	if len(names) < 500 {
		t.Fatalf("%d policies", len(names))
	}
	usages, opt := quickstart(t)
	step := 100
	if os.Getenv("WHITTLE_ALL") != "" {
		step = 1
	}
	used := 0
	for i := 0; i < len(names); i += step {
		doc, err := policy.Parse(texts[names[i]])
		if err != nil {
			t.Fatal(err)
		}
		role := current.Role{ARN: ordersRole, Policies: []current.Policy{{Name: names[i], Document: *doc}}}
		for _, opt.KeepResources = range []bool{false, true} {
			r, err := Unused(role, usages, opt)
			if err != nil {
				t.Errorf("%s: %v", names[i], err)
				continue
			}
			if slices.ContainsFunc(r.Granted, func(g report.GrantedPermission) bool { return g.Status == report.Used }) {
				used++
			}
			for _, n := range r.Notes {
				if len(n) > 14 && n[:14] == "it is not prov" {
					t.Logf("%s: %.200s", names[i], n)
				}
			}
		}
	}
	if used == 0 {
		t.Error("nothing is used of any of them")
	}
}
