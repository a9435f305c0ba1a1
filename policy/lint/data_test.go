package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

func TestEscalationData(t *testing.T) {
	paths, err := parseEscalations("escalation.txt", escalationText)
	if err != nil {
		t.Fatal(err)
	}
	fromPathfinding := 0
	for _, p := range paths {
		for _, action := range slices.Concat(append(p.Needs, p.Same)...) {
			if a, ok := reference.LookupAction(action); !ok || a.ID() != action {
				t.Errorf("%s: the reference has no action %s", p.ID, action)
			}
		}
		for _, service := range p.Passes {
			if !strings.HasSuffix(service, ".amazonaws.com") {
				t.Errorf("%s: %q is no service principal", p.ID, service)
			}
		}
		for _, s := range p.Sources {
			if strings.HasPrefix(s, "pathfinding.cloud") {
				fromPathfinding++
				if s != "pathfinding.cloud "+p.ID {
					t.Errorf("%s has the source %s", p.ID, s)
				}
			}
		}
	}
	if fromPathfinding != 66 {
		t.Errorf("%d paths are of pathfinding.cloud, which had 66 in May 2026", fromPathfinding)
	}
}

func TestEscalationErrors(t *testing.T) {
	const good = "path a-1 Title of it\nneeds s3:GetObject s3:PutObject|s3:DeleteObject\nif something\nsource rhino 1\n"
	for _, c := range []struct{ text, want string }{
		{good, ""},
		{"\n# comment\n" + good + good, "f.txt:7: path a-1 a second time"},
		{"needs s3:GetObject\n", "f.txt:1: needs before any path"},
		{"path a-1\n", "f.txt:1: path a-1 has no title"},
		{good + "wants s3:GetObject\n", `f.txt:5: unknown keyword "wants"`},
		{good + "same s3:GetObject s3:PutObject\n", "f.txt:5: same s3:PutObject, which the path does not need"},
		{good + "source hearsay 3\n", `f.txt:5: source "hearsay 3" is not one of pathfinding.cloud, rhino, iam-vulnerable, hackingthe.cloud, with a name there`},
		{good + "depends on luck\n", "f.txt:5: depends with 2 words"},
		{good + "passes\n", "f.txt:5: passes with 0 words"},
		{"path a-1 Title\nif x\nsource rhino 1\n" + good, `f.txt:4: path a-1 has no "needs"`},
		{"path a-1 Title\nneeds s3:GetObject\nsource rhino 1\n", `f.txt:3: path a-1 has no "if"`},
		{"path a-1 Title\nneeds s3:GetObject\nif x\n", `f.txt:3: path a-1 has no "source"`},
	} {
		if _, err := parseEscalations("f.txt", c.text); message(err) != c.want {
			t.Errorf("parse of %q: %q, want %q", c.text, message(err), c.want)
		}
	}
}

func TestExposureData(t *testing.T) {
	list, err := parseExposures("exposure.txt", exposureText)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 60 {
		t.Errorf("only %d actions", len(list))
	}
	for _, e := range list {
		if a, ok := reference.LookupAction(e.action); !ok || a.ID() != e.action {
			t.Errorf("the reference has no action %s", e.action)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"source a\ncredential s3:A\n  s3:B\n\nown s3:C\n", ""},
		{"source a\ncredential s3:A\n  s3:A\n", "f.txt:3: s3:A a second time"},
		{"credential s3:A\n", "f.txt:1: actions without a kind or a source"},
		{"source a\n  s3:A\n", "f.txt:2: actions without a kind or a source"},
		{"secret s3:A\n", `f.txt:1: unknown keyword "secret"`},
	} {
		if _, err := parseExposures("f.txt", c.text); message(err) != c.want {
			t.Errorf("parse of %q: %q, want %q", c.text, message(err), c.want)
		}
	}
}

func TestOperationData(t *testing.T) {
	ops, err := parseOperations("operations.txt", operationsText)
	if err != nil {
		t.Fatal(err)
	}
	for operation, actions := range ops {
		if _, ok := reference.LookupAction(operation); ok {
			t.Errorf("%s is an action itself", operation)
		}
		for _, action := range actions {
			if a, ok := reference.LookupAction(action); !ok || a.ID() != action {
				t.Errorf("%s: the reference has no action %s", operation, action)
			}
		}
	}
	for _, c := range []struct{ text, want string }{
		{"s3:HeadObject s3:GetObject\n", ""},
		{"s3:HeadObject\n", "f.txt:1: not an operation, for the first time, and its actions"},
		{"s3:HeadObject s3:GetObject\nS3:headobject s3:GetObject\n", "f.txt:2: not an operation, for the first time, and its actions"},
		{"s3:HeadObject GetObject\n", `f.txt:1: "GetObject" is not service:Name`},
	} {
		if _, err := parseOperations("f.txt", c.text); message(err) != c.want {
			t.Errorf("parse of %q: %q, want %q", c.text, message(err), c.want)
		}
	}
}

// TestTables: what is spelt in the code is spelt as the reference does.
func TestTables(t *testing.T) {
	for action := range onStarAlone {
		if a, ok := reference.LookupAction(action); !ok || a.ID() != action || !a.TakesResource() {
			t.Errorf("%s is no action that takes a resource", action)
		}
	}
	for action := range unlistedFormats {
		if a, ok := reference.LookupAction(action); !ok || a.ID() != action || a.TakesResource() {
			t.Errorf("%s is no action that takes no resource", action)
		}
	}
	for name, prefix := range commonPrefixes {
		if _, ok := reference.Lookup(prefix); !ok {
			t.Errorf("there is no service %s", prefix)
		}
		if _, ok := reference.Lookup(name); ok {
			t.Errorf("%s is a service itself", name)
		}
	}
	known := map[string]bool{}
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, r := range service.ResourceTypes() {
			for _, text := range r.ARNs {
				known[text] = true
				if f := formatOf(text); strings.ContainsAny(strings.Join(f.shape.text[:], ":"), "${}") {
					t.Errorf("%s became %q", text, f.shape.text)
				}
			}
		}
	}
	for text := range flatFormats {
		if !known[text] {
			t.Errorf("the reference has no format %s", text)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
