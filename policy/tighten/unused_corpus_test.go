package tighten

import (
	"os"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
)

// TestUnusedManagedPolicies takes AWS's own policies as the current ones: each proposal is proven, and none
// is undecided. By default it looks at some of them.
func TestUnusedManagedPolicies(t *testing.T) {
	managed := policytest.Managed(t)
	usages, opt := quickstart(t)
	step := 100
	if os.Getenv("WHITTLE_ALL") != "" {
		step = 1
	}
	used := 0
	for i := 0; i < len(managed); i += step {
		doc, err := policy.Parse(managed[i].Text)
		if err != nil {
			t.Fatal(err)
		}
		role := current.Role{ARN: ordersRole, Policies: []current.Policy{{Name: managed[i].Name, Document: *doc}}}
		for _, opt.KeepResources = range []bool{false, true} {
			r, err := Unused(role, usages, opt)
			if err != nil {
				t.Errorf("%s: %v", managed[i].Name, err)
				continue
			}
			if slices.ContainsFunc(r.Granted, func(g report.GrantedPermission) bool { return g.Status == report.Used }) {
				used++
			}
			for _, n := range r.Notes {
				if len(n) > 14 && n[:14] == "it is not prov" {
					t.Logf("%s: %.200s", managed[i].Name, n)
				}
			}
		}
	}
	if used == 0 {
		t.Error("nothing is used of any of them")
	}
}
