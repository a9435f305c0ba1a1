package glob_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/glob"
)

func arns(b *testing.B, texts ...string) (ps []glob.ARNPattern) {
	b.Helper()
	for _, s := range texts {
		p, err := glob.CompileARN(s)
		if err != nil {
			b.Fatal(err)
		}
		ps = append(ps, p)
	}
	return ps
}

// BenchmarkARNAtoms is about lists as policies have them: objects that have some prefixes in common,
// and literal names only.
func BenchmarkARNAtoms(b *testing.B) {
	objects := arns(b, "arn:*:s3:::*/*")
	var twenty, literals []string
	for i := range 20 {
		text := fmt.Sprintf("arn:aws:s3:::orders-production-%c/incoming/2026/11/part-%c", 'a'+i%5, 'a'+i)
		if i%2 == 0 {
			text += "*"
		}
		twenty = append(twenty, text)
	}
	for i := range 500 {
		literals = append(literals, fmt.Sprintf("arn:aws:dynamodb:eu-west-1:111122223333:table/orders-production-%d", i*7919%1000))
	}
	for _, test := range []struct {
		name             string
		patterns, within []glob.ARNPattern
		atoms            int
	}{
		{"two", arns(b, "arn:aws:s3:::orders/*", "*"), objects, 2},
		{"twenty", arns(b, twenty...), objects, 21},
		{"literals", arns(b, literals...), arns(b, "arn:*:dynamodb:*:*:table/*"), 501},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				atoms, complete := glob.ARNAtoms(test.patterns, test.within, nil, 100_000)
				if len(atoms) != test.atoms || !complete {
					b.Fatalf("%d atoms, complete: %v", len(atoms), complete)
				}
			}
		})
	}
}

func BenchmarkAtomsHostile(b *testing.B) {
	for name, patterns := range hostile() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, complete := glob.Atoms(patterns, 100_000); complete {
					b.Fatal("complete")
				}
			}
		})
	}
}
