package tighten

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const ordersRole = "arn:aws:iam::111122223333:role/service-role/orders-processor-role"

// quickstart is the usage of the example trail's function, and what is known of the log.
func quickstart(t testing.TB) ([]trail.Usage, UnusedOptions) {
	t.Helper()
	m, err := actionmap.New()
	if err != nil {
		t.Fatal(err)
	}
	opt := UnusedOptions{Mapper: m, MinDays: 28}
	var all, own []trail.Usage
	source := logfile.New([]string{"../../testdata/quickstart"})
	for u, err := range source.Usage(t.Context(), trail.Query{Fields: m.Fields, Stats: &opt.Stats}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, u)
	}
	for _, u := range trail.Attribute(all) {
		if u.Role == ordersRole {
			own = append(own, u)
		}
	}
	if len(own) == 0 {
		t.Fatal("the example trail has no calls of " + ordersRole)
	}
	return own, opt
}

// document reads a policy, by its text or from testdata.
func document(t testing.TB, text string) policy.Document {
	t.Helper()
	if name, ok := strings.CutPrefix(text, "testdata/"); ok {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		text = string(content)
	}
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return *d
}

func roleWith(t testing.TB, texts ...string) current.Role {
	r := current.Role{ARN: ordersRole, Name: "orders-processor-role"}
	for i, text := range texts {
		r.Policies = append(r.Policies, current.Policy{Name: fmt.Sprintf("p%d", i+1), Kind: current.Inline, Document: document(t, text)})
	}
	return r
}

func unused(t testing.TB, role current.Role, usages []trail.Usage, opt UnusedOptions) report.UnusedRole {
	t.Helper()
	out, err := Unused(role, usages, opt)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// list writes rows one by one.
func list(r report.UnusedRole) string {
	var b strings.Builder
	for _, status := range []string{report.Used, report.Unused, report.Unobservable} {
		fmt.Fprintf(&b, "%s\n", status)
		for _, g := range r.Granted {
			if g.Status != status {
				continue
			}
			fmt.Fprintf(&b, "  %s on %s (%s", g.Action, g.Resource, g.Statement)
			if g.As != "" {
				fmt.Fprintf(&b, ", %s", g.As)
			}
			fmt.Fprint(&b, ")")
			if g.Evidence.Count > 0 {
				fmt.Fprintf(&b, ": %d calls on %d days", g.Evidence.Count, g.Evidence.Days)
			}
			if g.Why != "" {
				fmt.Fprintf(&b, ": %s", g.Why)
			}
			fmt.Fprintln(&b)
			for _, on := range g.UsedOn {
				fmt.Fprintf(&b, "    %s\n", on)
			}
		}
	}
	fmt.Fprintf(&b, "days %d\n", r.Days)
	for _, w := range r.Wildcards {
		fmt.Fprintf(&b, "wildcard %s (%s): %d actions, %d used, %d unused, %d unobservable\n", w.Pattern, w.Statement, w.Actions, w.Used, w.Unused, w.Unobservable)
	}
	fmt.Fprintf(&b, "before %+v\nafter %+v\nproof %+v\n", r.Before, r.After, r.Proof)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	for _, p := range r.Proposed {
		fmt.Fprintf(&b, "in place of %s, %d characters:\n%s", p.Replaces, p.Size, p.Document.Format())
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// TestUnusedQuickstart lists what becomes of each permission of a wide policy over the example trail. Every
// line was checked by hand against testdata/README.md.
func TestUnusedQuickstart(t *testing.T) {
	usages, opt := quickstart(t)
	role := roleWith(t, "testdata/wide.json")
	role.Boundary = &current.Policy{Name: "boundary", Kind: current.Boundary, Document: document(t, "testdata/boundary.json")}
	golden(t, "unused.txt", list(unused(t, role, usages, opt)))
}

// TestUnusedOfEverything: "*" on "*" is every action of the reference, and takes a moment only.
func TestUnusedOfEverything(t *testing.T) {
	usages, opt := quickstart(t)
	r := unused(t, roleWith(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), usages, opt)
	if r.Before.Actions != reference.ActionCount || r.Before.Permissions != reference.ActionCount {
		t.Errorf("%+v, want %d actions", r.Before, reference.ActionCount)
	}
	if w := r.Wildcards[0]; w.Pattern != "*" || w.Used+w.Unused+w.Unobservable != reference.ActionCount || w.Used == 0 || w.Unused == 0 {
		t.Errorf("%+v", w)
	}
	// A service of which nothing is unused stays as a whole, and others do not.
	dropped := set{}
	for _, g := range r.Granted {
		if !g.Kept {
			dropped.add(strings.Split(g.Action, ":")[0] + ":*")
		}
	}
	whole := 0
	for _, s := range r.Proposed[0].Document.Statements {
		for _, a := range s.Actions {
			if strings.HasSuffix(a, ":*") {
				whole++
			}
			if dropped[a] {
				t.Errorf("the proposal has %s", a)
			}
		}
	}
	if whole == 0 {
		t.Error("no service stays as a whole")
	}
}

func BenchmarkUnusedOfEverything(b *testing.B) {
	usages, opt := quickstart(b)
	role := roleWith(b, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	for b.Loop() {
		unused(b, role, usages, opt)
	}
}

// TestUnusedIsBounded: policies that stand for more than anybody has are an error, soon.
func TestUnusedIsBounded(t *testing.T) {
	usages, opt := quickstart(t)
	star := `{"Effect":"Allow","Action":"*","Resource":"*"}`
	for _, test := range []struct{ reason, statements string }{
		{"many stars", strings.Repeat(star+",", 30) + star},
		{"more than IAM stores", `{"Effect":"Allow","Action":"s3:GetObject","Resource":["` + strings.Repeat("arn:aws:s3:::b/*\",\"", 10000) + `*"]}`},
		{"many denials", star + `,{"Effect":"Deny","Action":["` + strings.Repeat(`a*:b*","`, 10000) + `c:d"],"Resource":"*"}`},
	} {
		role := roleWith(t, `{"Version":"2012-10-17","Statement":[`+test.statements+`]}`)
		if _, err := Unused(role, usages, opt); !errors.Is(err, errTooMuch) {
			t.Errorf("%s: error %v", test.reason, err)
		}
	}
}
