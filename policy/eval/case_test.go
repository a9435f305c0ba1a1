package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A question is one ask or open line of testdata; README.md there has the language.
type question struct {
	where    string
	policies Policies
	request  Request
	answer   string
}

func readQuestions(t testing.TB) []question {
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files (%v)", err)
	}
	var all []question
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		title, p := "", Policies{}
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			line, _, _ := strings.Cut(lines.Text(), " #")
			where := fmt.Sprintf("%s:%d (%s)", name, n, title)
			verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch verb {
			case "", "#":
			case "case":
				title, p = rest, Policies{}
			case "identity":
				p.Identity = append(p.Identity, policy.Document{Version: parseVersion(rest)})
			case "boundary":
				p.Boundary = append(p.Boundary, policy.Document{Version: parseVersion(rest)})
			case "allow", "deny":
				docs := p.Identity
				if p.Boundary != nil {
					docs = p.Boundary
				}
				doc := &docs[len(docs)-1]
				doc.Statements = append(doc.Statements, parseStatement(t, where, verb, rest))
			case "ask", "open":
				q := question{where: where, policies: p}
				request, answer, ok := strings.Cut(rest, " = ")
				if !ok {
					t.Fatalf("%s: no answer", where)
				}
				q.request = parseRequest(t, where, request)
				q.request.Open = verb == "open"
				q.answer = strings.TrimSpace(answer)
				all = append(all, q)
			default:
				t.Fatalf("%s: unknown line %q", where, line)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if len(all) < 100 {
		t.Fatalf("only %d questions", len(all))
	}
	return all
}

func parseVersion(s string) string {
	switch s {
	case "":
		return policy.Version2012
	case "none":
		return ""
	}
	return s
}

func parseStatement(t testing.TB, where, verb, text string) policy.Statement {
	s := policy.Statement{Effect: map[string]policy.Effect{"allow": policy.Allow, "deny": policy.Deny}[verb]}
	text, block, conditional := strings.Cut(text, " if ")
	if conditional {
		var c map[string]map[string]list[string]
		if err := json.Unmarshal([]byte(block), &c); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		s.Conditions = conditions(c)
	}
	actions, resources, ok := strings.Cut(text, " on ")
	if !ok {
		t.Fatalf("%s: a statement without resource", where)
	}
	s.Actions, s.NotActions = parseElement(actions)
	s.Resources, s.NotResources = parseElement(resources)
	return s
}

func parseElement(text string) (plain, not []string) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "not "); ok {
		return nil, splitEntries(rest)
	}
	return splitEntries(text), nil
}

// splitEntries leaves the comma in "${key, 'default'}" alone.
func splitEntries(text string) []string {
	var entries []string
	for entry := range strings.SplitSeq(text, ", ") {
		if n := len(entries); n > 0 && strings.HasPrefix(entry, "'") {
			entries[n-1] += ", " + entry
			continue
		}
		entries = append(entries, entry)
	}
	return entries
}

func parseRequest(t testing.TB, where, text string) Request {
	text, ctx := strings.TrimSpace(text), "{}"
	if i := strings.Index(text, " {"); i >= 0 {
		text, ctx = text[:i], text[i:]
	}
	fields := strings.Fields(text)
	if len(fields) != 2 {
		t.Fatalf("%s: cannot read %q", where, text)
	}
	r := Request{Action: fields[0], Resource: fields[1], Context: condition.Context{}}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal([]byte(ctx), &keys); err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	for key, raw := range keys {
		var values list[string]
		if err := json.Unmarshal(raw, &values); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		r.Context[key] = condition.Value{Values: values, Multi: raw[0] == '['}
	}
	return r
}

// render writes a decision as a case does.
func render(d Decision) string {
	s := map[Outcome]string{Allowed: "allowed", ExplicitDeny: "denied", ImplicitDeny: "none"}[d.Outcome]
	for i, ref := range d.Statements {
		kind := "identity"
		if ref.Boundary {
			kind = "boundary"
		}
		if i > 0 {
			s += ","
		}
		s += fmt.Sprintf(" %s %d.%d", kind, ref.Document, ref.Statement)
	}
	if d.Err != nil {
		s += " !"
	}
	return s
}

func TestCases(t *testing.T) {
	for _, q := range readQuestions(t) {
		if diff := cmp.Diff(q.answer, render(Evaluate(q.request, q.policies))); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", q.where, diff)
		}
	}
}
