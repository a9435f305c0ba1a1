package reference_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

var update = flag.Bool("update", false, "write the reference's actions into testdata/actions.txt")

// The actions that overrides and recorded were last reviewed against: one service a line.
const reviewed = "testdata/actions.txt"

// TestActionsAreReviewed compares the embedded reference with the one that overrides and recorded were
// last reviewed against, and says of each difference what it touches there.
func TestActionsAreReviewed(t *testing.T) {
	if *update {
		if err := os.WriteFile(reviewed, listActions(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := readActions()
	if err != nil {
		t.Fatal(err)
	}
	table, err := overrides.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range compareActions(old, currentActions(), table) {
		t.Error(c)
	}
	if t.Failed() {
		t.Log("once overrides and recorded are right: go test ./actionmap/reference -update")
	}
}

// actions are the actions of each service prefix, in the reference's order.
type actions map[string][]string

func currentActions() actions {
	all := actions{}
	for _, prefix := range reference.Prefixes() {
		s, _ := reference.Lookup(prefix)
		for _, a := range s.Actions() {
			all[prefix] = append(all[prefix], a.Name)
		}
	}
	return all
}

func listActions() []byte {
	var b bytes.Buffer
	all := currentActions()
	for _, prefix := range reference.Prefixes() {
		fmt.Fprintf(&b, "%s %s\n", prefix, strings.Join(all[prefix], " "))
	}
	return b.Bytes()
}

func readActions() (actions, error) {
	text, err := os.ReadFile(reviewed)
	if err != nil {
		return nil, err
	}
	all := actions{}
	in := bufio.NewScanner(bytes.NewReader(text))
	for in.Scan() {
		if f := strings.Fields(in.Text()); len(f) > 0 {
			all[f[0]] = f[1:]
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no service", reviewed)
	}
	return all, in.Err()
}

// compareActions describes what differs, one line an action, sorted.
func compareActions(old, now actions, table *overrides.Table) []string {
	var out []string
	for prefix, names := range old {
		for _, name := range names {
			if !slices.Contains(now[prefix], name) {
				out = append(out, fmt.Sprintf("removed: %s:%s%s", prefix, name, usedBy(table, prefix, name)))
			}
		}
	}
	for prefix, names := range now {
		for _, name := range names {
			if !slices.Contains(old[prefix], name) {
				out = append(out, fmt.Sprintf("added: %s:%s%s%s", prefix, name, overridden(table, prefix, name), classified(prefix+":"+name)))
			}
		}
	}
	slices.Sort(out)
	return out
}

// usedBy names the lines of overrides that need an action.
func usedBy(table *overrides.Table, prefix, name string) string {
	id, out := prefix+":"+name, ""
	for _, s := range table.Sorted() {
		for event, e := range s.Events {
			for _, l := range e.Lines {
				if l.Action == id || l.Action == "same" && s.Prefix == prefix && event == name {
					out = ", needed by " + l.Pos.String()
				}
			}
		}
	}
	return out
}

// overridden says which block of overrides gives the event of an action's name other actions.
func overridden(table *overrides.Table, prefix, name string) string {
	if s := table.Services[prefix]; s != nil {
		if e := s.Events[name]; e != nil && usedBy(table, prefix, name) == "" {
			return ", contradicts " + e.Pos.String() + ", which maps the event of this name to other actions"
		}
	}
	return ""
}

// classified says how recorded classifies an action that nobody has looked at.
func classified(id string) string {
	if r := recorded.Of(id); r.Kind != recorded.Unknown {
		return fmt.Sprintf(", recorded takes it for %s by the rule for all of the service (%s): is it an operation?", r.Kind, r.Source)
	}
	return ""
}

func TestCompareActions(t *testing.T) {
	table, err := overrides.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := currentActions()
	// Publish is needed by overrides, and kms has a rule for all of its calls.
	old := actions{}
	for prefix, names := range now {
		old[prefix] = names
	}
	old["sns"] = append(slices.Clone(now["sns"]), "Gone")
	old["kms"] = slices.DeleteFunc(slices.Clone(now["kms"]), func(n string) bool { return n == "Decrypt" })
	got := compareActions(old, now, table)
	if len(got) != 2 || !strings.HasPrefix(got[0], "added: kms:Decrypt, recorded takes it for management") || got[1] != "removed: sns:Gone" {
		t.Errorf("got %q", got)
	}
	// As if the reference lost Publish and gained an action named like the event PublishBatch.
	then := actions{"sns": {"Publish"}}
	got = compareActions(then, actions{"sns": {"PublishBatch"}}, table)
	if len(got) != 2 || !strings.Contains(got[0], "contradicts overrides/sns.txt:") || !strings.Contains(got[1], "needed by overrides/sns.txt:") {
		t.Errorf("got %q", got)
	}
}
