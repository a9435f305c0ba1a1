package condition

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy"
)

// A testCase is one request line of testdata; README.md there has the language.
type testCase struct {
	where             string
	operator, negated string
	values            []string
	ctx               Context
	answer            string
}

const caseKey = "test:Key"

var requestLine = regexp.MustCompile(`^(-|"(?:[^"\\]|\\.)*"|\[.*?\]) +(\w+)(?: +with +(\{.*\}))?$`)

func readCases(t testing.TB) []testCase {
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files (%v)", err)
	}
	var cases []testCase
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var block testCase
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			line, _, _ := strings.Cut(lines.Text(), " #")
			text := strings.TrimSpace(line)
			where := fmt.Sprintf("%s:%d", name, n)
			switch {
			case text == "" || text[0] == '#':
				continue
			case line[0] != ' ':
				block = parseHead(t, where, text)
				continue
			}
			c := block
			c.where = where
			if values, ok := strings.CutPrefix(text, "refused"); ok {
				c.values, c.answer = parseStrings(t, where, values), "refused"
			} else {
				parseRequest(t, &c, text)
			}
			cases = append(cases, c)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	if len(cases) < 250 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

func parseHead(t testing.TB, where, text string) testCase {
	var c testCase
	var rest string
	c.operator, rest, _ = strings.Cut(text, " ")
	if after, ok := strings.CutPrefix(rest, "/ "); ok {
		c.negated, rest, _ = strings.Cut(after, " ")
	}
	c.values = parseStrings(t, where, rest)
	return c
}

func parseStrings(t testing.TB, where, text string) []string {
	var all []string
	for d := json.NewDecoder(strings.NewReader(text)); d.More(); {
		var s string
		if err := d.Decode(&s); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		all = append(all, s)
	}
	return all
}

func parseRequest(t testing.TB, c *testCase, text string) {
	m := requestLine.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s: cannot read %q", c.where, text)
	}
	c.ctx, c.answer = Context{}, m[2]
	keys := map[string]json.RawMessage{}
	if m[3] != "" {
		if err := json.Unmarshal([]byte(m[3]), &keys); err != nil {
			t.Fatalf("%s: %v", c.where, err)
		}
	}
	if m[1] != "-" {
		keys[strings.ToLower(caseKey)] = json.RawMessage(m[1])
	}
	for key, raw := range keys {
		v := Value{Multi: raw[0] == '['}
		if !v.Multi {
			raw = json.RawMessage("[" + string(raw) + "]")
		}
		if err := json.Unmarshal(raw, &v.Values); err != nil {
			t.Fatalf("%s: %v", c.where, err)
		}
		c.ctx[key] = v
	}
}

func holds(operator string, values []string, ctx Context) string {
	m, err := Compile(policy.Condition{Operator: operator, Key: caseKey, Values: values}, policy.Version2012)
	if err != nil {
		return "refused"
	}
	switch ok, err := m.Holds(ctx); {
	case err != nil:
		return "undecided"
	case ok:
		return "holds"
	}
	return "fails"
}

func TestCases(t *testing.T) {
	// What an operator and its negation answer, by the answer of the case.
	negations := map[string][2]string{
		"holds":     {"holds", "fails"},
		"fails":     {"fails", "holds"},
		"neither":   {"fails", "fails"},
		"both":      {"holds", "holds"},
		"undecided": {"undecided", "undecided"},
		"refused":   {"refused", "refused"},
	}
	for _, c := range readCases(t) {
		want, ok := negations[c.answer]
		if !ok {
			t.Errorf("%s: unknown answer %q", c.where, c.answer)
		}
		if got := holds(c.operator, c.values, c.ctx); got != want[0] {
			t.Errorf("%s: %s %q: got %s, want %s", c.where, c.operator, c.values, got, want[0])
		}
		if c.negated == "" {
			continue
		}
		if got := holds(c.negated, c.values, c.ctx); got != want[1] {
			t.Errorf("%s: %s %q: got %s, want %s", c.where, c.negated, c.values, got, want[1])
		}
	}
}
