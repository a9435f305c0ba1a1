package diff

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/whittle-iam/whittle/policy/glob"
)

// TestDescribe: what descriptions say is what was asked for, atom by atom.
func TestDescribe(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		n := 1 + r.IntN(12)
		atoms := map[string]bitset{}
		var candidates []candidate
		for i := range r.IntN(6) {
			b := newBitset(n)
			for j := range n {
				if r.IntN(3) == 0 {
					b.add(j)
				}
			}
			text := fmt.Sprint("p", i)
			atoms[text] = b
			candidates = append(candidates, newCandidate(b, text))
		}
		all := newBitset(n)
		for i := range n {
			all.add(i)
		}
		atoms["*"] = all
		candidates = append(candidates, newCandidate(all, "*"))
		// Atoms that match the same are asked for together, or may be.
		must, may := newBitset(n), newBitset(n)
		kinds := map[string]int{}
		for i := range n {
			key := ""
			for _, k := range candidates {
				key += fmt.Sprint(k.atoms.has(i))
			}
			if _, ok := kinds[key]; !ok {
				kinds[key] = r.IntN(3)
			}
			switch kinds[key] {
			case 0:
				must.add(i)
			case 1:
				may.add(i)
			}
		}
		if must.isEmpty() {
			continue
		}
		descriptions := describe(n, must, may, candidates)
		for i := range n {
			got := false
			for _, d := range descriptions {
				in := func(texts []string) (some, all bool) {
					all = true
					for _, text := range texts {
						has := atoms[text].has(i)
						some, all = some || has, all && has
					}
					return some, all
				}
				included, _ := in(d.include)
				_, within := in(d.within)
				excepted, _ := in(d.except)
				is := included && within && !excepted
				if is != d.atoms.has(i) {
					t.Fatalf("%+v has %d: %v, its patterns say %v", d, i, d.atoms.has(i), is)
				}
				got = got || is
			}
			if got != must.has(i) && !may.has(i) {
				t.Fatalf("atom %d of %d: described %v, want %v\n%+v", i, n, got, must.has(i), descriptions)
			}
		}
	}
}

// TestMayMeet: what is left out matches nothing, whether a "*" runs on past its field or not.
func TestMayMeet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func(words ...string) string { return words[r.IntN(len(words))] }
	left := 0
	for range 5000 {
		text := "arn:" + word("aws", "*", "a*", "?ws") + ":" + word("s3", "*", "i?m", "logs*") + ":" + word("", "*", "us-*") + ":" + word("", "*", "1") +
			":" + word("*", "a/*", "role/a", "a:b", "log-group:a*", "?")
		format := "arn:" + word("aws", "*") + ":" + word("s3", "iam", "logs") + ":" + word("", "*") + ":" + word("", "*") + ":" + word("*", "*/*", "role/*", "log-group:*")
		p, err := glob.CompileARN(text)
		if err != nil {
			t.Fatal(err)
		}
		if mayMeet(tokensOf(p.String(), false), tokensOf(format, true)) {
			continue
		}
		left++
		f := compileARNs(format)
		if atoms, _ := glob.ARNAtoms([]glob.ARNPattern{p}, arnPatterns(f), nil, defaultSteps); len(atoms) > 0 {
			for _, a := range atoms {
				if a.Matches[0] {
					t.Fatalf("%s and %s meet in %s", text, format, a.Sample)
				}
			}
		}
	}
	if left == 0 {
		t.Fatal("nothing was left out")
	}
}
