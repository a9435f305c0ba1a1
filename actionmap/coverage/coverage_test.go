package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

// What the mapping has reached, in percent, for the pinned release of the SDK data; it must not fall
// back. A new release may bring operations that need rules first.
const (
	minAgree  = 100.0
	minMapped = 100.0
)

func TestMappingDoesNotFallBack(t *testing.T) {
	results, err := measureAll()
	if err != nil {
		t.Fatal(err)
	}
	var total counts
	for _, r := range results {
		total.add(r.counts)
	}
	if total.operations == 0 || total.listed == 0 {
		t.Fatalf("nothing was measured: %+v", total)
	}
	mapped := total.operations - total.unmapped
	t.Logf("%d of %d operations map, %d of the %d that AWS lists agree", mapped, total.operations, total.agree, total.listed)
	if got := percent(total.agree, total.listed); got < minAgree {
		t.Errorf("%.2f%% of the operations that AWS lists map to what it lists, not %.2f%%", got, minAgree)
	}
	if got := percent(mapped, total.operations); got < minMapped {
		t.Errorf("%.2f%% of all operations map, not %.2f%%", got, minMapped)
	}
}

// TestActionsExist holds for every operation, with every rule applied that may apply.
func TestActionsExist(t *testing.T) {
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	services, err := loadServices()
	if err != nil {
		t.Fatal(err)
	}
	emitted := 0
	for _, s := range services {
		for _, op := range s.operations {
			mapped, err := mapOperation(m, s, op)
			if err != nil {
				continue // an operation that maps to nothing emits nothing
			}
			for _, g := range mapped.Grants {
				emitted++
				if a, ok := reference.LookupAction(g.Action); !ok || a.ID() != g.Action {
					t.Errorf("%s %s: %s is not in the reference", s.name, op, g.Action)
				}
			}
		}
	}
	if emitted == 0 {
		t.Fatal("no grants were made")
	}
}

func TestDocumentIsCurrent(t *testing.T) {
	var want bytes.Buffer
	if err := run(&want, writeMarkdown); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/mapping.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("go run ./actionmap/coverage -markdown > docs/mapping.md is due; -want +got:\n%s", diff)
	}
}
