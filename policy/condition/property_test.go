package condition

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"pgregory.net/rapid"
)

// TestDecimal compares decimals with rational arithmetic.
func TestDecimal(t *testing.T) {
	number := rapid.StringMatching(`[+-]?(0{0,2}[0-9]{1,4}(\.[0-9]{0,4})?|\.[0-9]{1,4})([eE][+-]?[0-3])?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, okX := new(big.Rat).SetString(a)
		y, okY := new(big.Rat).SetString(b)
		d, okD := parseDecimal(a)
		e, okE := parseDecimal(b)
		if !okX || !okY || !okD || !okE {
			t.Fatalf("not read: %v %v %v %v", okX, okY, okD, okE)
		}
		if got, want := sign(d.compare(e)), x.Cmp(y); got != want {
			t.Fatalf("compare(%s, %s): got %d, want %d", a, b, got, want)
		}
	})
}

func sign(n int) int { return min(max(n, -1), 1) }

// TestAddress compares with net/netip on what both read: RFC 4291 without dotted IPv6 forms.
func TestAddress(t *testing.T) {
	addr := rapid.Custom(func(t *rapid.T) netip.Addr {
		if rapid.Bool().Draw(t, "v4") {
			return netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "b")))
		}
		// Many zeros, so that "::" is written at every place.
		b := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 0, 0, 0, 1, 0xab}), 16, 16).Draw(t, "b")
		return netip.AddrFrom16([16]byte(b))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := addr.Draw(t, "a"), addr.Draw(t, "b")
		if a.Is4In6() || b.Is4In6() {
			t.Skip("AWS has its own rules for these")
		}
		for _, text := range []string{a.String(), a.StringExpanded()} {
			if got, ok := parseRequestAddress(text); !ok || got != a {
				t.Fatalf("%s: got %v, %v", text, got, ok)
			}
		}
		network := netip.PrefixFrom(a, rapid.IntRange(0, a.BitLen()).Draw(t, "bits")).Masked()
		got := holds("IpAddress", []string{network.String()}, Context{caseKey: One(b.String())})
		if want := network.Contains(b); (got == "holds") != want {
			t.Fatalf("%v in %v: got %s, want %v", b, network, got, want)
		}
	})
}

// TestSubstitutionIsLiteral: whatever a variable's value is, the pattern made of it matches that
// value and nothing that differs.
func TestSubstitutionIsLiteral(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune(`*?$\{}'a:/é😀`)))
	rapid.Check(t, func(t *rapid.T) {
		value, other := text.Draw(t, "value"), text.Draw(t, "other")
		for _, operator := range []string{"StringLike", "StringEquals"} {
			ctx := Context{"app:x": One(value), caseKey: One("<" + other + ">")}
			got := holds(operator, []string{"<${app:x}>"}, ctx)
			if (got == "holds") != (value == other) {
				t.Fatalf("%s: %q against %q: %s", operator, other, value, got)
			}
		}
	})
}

// drawOperator and drawWord make conditions of every kind from a few words, so that they match
// often.
func drawOperator(t *rapid.T) string {
	n := rapid.SampledFrom(names[:]).Draw(t, "test")
	name := n.positive
	if n.negated != "" && rapid.Bool().Draw(t, "negated") {
		name = n.negated
	}
	return rapid.SampledFrom([]string{"", allPrefix, anyPrefix}).Draw(t, "prefix") + name +
		rapid.SampledFrom([]string{"", ifExists}).Draw(t, "suffix")
}

var words = []string{
	"", "a", "A", "a*", "?", "${*}", "1", "01", "2", "2030-01-01", "2030", "true", "false", "YQ==",
	"192.0.2.1", "192.0.2.0/24", "2001:db8::1", "::/0", "arn:aws:s3:::a", "arn:aws:s3:::*", "arn:a",
	"${app:x}", "${app:x, 'a'}", "σ", "ς", "Σ",
}

// TestNegation: without a qualifier, at most one of an operator and its negation holds, and exactly
// one if the key is missing or both sides are of the operator's type; a multivalued key makes
// neither hold.
func TestNegation(t *testing.T) {
	word := rapid.SampledFrom(words)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom(names[:]).Draw(t, "test")
		if n.negated == "" {
			t.Skip("has no negation")
		}
		values := rapid.SliceOfN(word, 1, 3).Draw(t, "values")
		ctx := Context{"app:x": One(word.Draw(t, "variable"))}
		present := rapid.Bool().Draw(t, "present")
		value := word.Draw(t, "value")
		if present {
			ctx[caseKey] = One(value)
		}
		positive, negative := holds(n.positive, values, ctx), holds(n.negated, values, ctx)
		typed := n.positive[:1] == "S" || n.positive[:1] == "N" || n.positive[:1] == "D"
		switch {
		case positive == "holds" && negative == "holds":
			t.Fatal("both hold")
		case (typed || !present) && (positive == "holds") == (negative == "holds"):
			t.Fatalf("%s %s, %s %s", n.positive, positive, n.negated, negative)
		}
		ctx[caseKey] = Many(value)
		if holds(n.positive, values, ctx) == "holds" || holds(n.negated, values, ctx) == "holds" {
			t.Fatal("holds for a multivalued key")
		}
	})
}

// TestQualifiers compares the set operators with their definition in terms of single values.
func TestQualifiers(t *testing.T) {
	word := rapid.SampledFrom(words)
	rapid.Check(t, func(t *rapid.T) {
		operator := strings.TrimSuffix(drawOperator(t), ifExists)
		operator = operator[strings.Index(operator, ":")+1:]
		if operator == "Null" {
			t.Skip("is constant with a qualifier")
		}
		policyValues := rapid.SliceOfN(word, 1, 3).Draw(t, "values")
		request := rapid.SliceOfN(word, 0, 3).Draw(t, "request")
		all, anyOf, undecided := true, false, false
		for _, v := range request {
			switch holds(operator, policyValues, Context{caseKey: One(v)}) {
			case "refused":
				t.Skip("refused")
			case "undecided":
				undecided = true
			case "holds":
				anyOf = true
			default:
				all = false
			}
		}
		wantAll, wantAny := answer(all), answer(anyOf)
		if undecided && all {
			wantAll = "undecided"
		}
		if undecided && !anyOf {
			wantAny = "undecided"
		}
		ctx := Context{caseKey: Many(request...)}
		if got := holds(allPrefix+operator, policyValues, ctx); got != wantAll && got != "refused" {
			t.Fatalf("all: got %s, want %s", got, wantAll)
		}
		if got := holds(anyPrefix+operator, policyValues, ctx); got != wantAny && got != "refused" {
			t.Fatalf("any: got %s, want %s", got, wantAny)
		}
	})
}

func answer(holds bool) string {
	if holds {
		return "holds"
	}
	return "fails"
}

// TestOldVersion: without Version 2012-10-17 "${…}" is text.
func TestOldVersion(t *testing.T) {
	for _, version := range []string{"", policy.Version2008} {
		for _, operator := range []string{"StringEquals", "StringLike"} {
			for value, want := range map[string]bool{"${app:x}": true, "a": false} {
				m, err := Compile(policy.Condition{Operator: operator, Key: caseKey, Values: []string{"${app:x}"}}, version)
				if err != nil {
					t.Fatal(err)
				}
				if got, _ := m.Holds(Context{caseKey: One(value), "app:x": One("a")}); got != want {
					t.Errorf("version %q, %s %q: got %v", version, operator, value, got)
				}
			}
		}
		if _, err := Compile(policy.Condition{Operator: "StringLike", Key: caseKey, Values: []string{"${", "${*}"}}, version); err != nil {
			t.Errorf("version %q: %v", version, err)
		}
	}
}

func TestLookup(t *testing.T) {
	ctx := Context{"aws:TagKeys": One("1"), "AWS:x": One("2"), "Aws:x": One("3"), "tag/ſ": One("4")}
	tests := []struct {
		reason, key, want string
	}{
		{"exact", "aws:TagKeys", "1"},
		{"another case", "AWS:tagkeys", "1"},
		{"exact before others", "Aws:x", "3"},
		{"first in byte order", "aws:X", "2"},
		{"long s is no s", "tag/s", ""},
		{"missing", "aws:y", ""},
	}
	for _, tt := range tests {
		v, ok := ctx.Lookup(tt.key)
		if ok != (tt.want != "") || strings.Join(v.Values, ",") != tt.want {
			t.Errorf("%s: got %v, %v", tt.reason, v, ok)
		}
	}
}

func FuzzHolds(f *testing.F) {
	for _, c := range readCases(f) {
		v := c.ctx[strings.ToLower(caseKey)].Values
		f.Add(c.operator, strings.Join(c.values, "\n"), strings.Join(v, "\n"), false)
	}
	f.Fuzz(func(t *testing.T, operator, values, request string, multi bool) {
		ctx := Context{caseKey: {Values: strings.Split(request, "\n"), Multi: multi}, "app:x": One(request)}
		for _, version := range []string{policy.Version2008, policy.Version2012} {
			c := policy.Condition{Operator: operator, Key: caseKey, Values: strings.Split(values, "\n")}
			before := fmt.Sprint(c, ctx)
			m, err := Compile(c, version)
			if err != nil {
				continue
			}
			if m.Operator().String() != operator || m.Key() != caseKey {
				t.Fatalf("operator %q became %s", operator, m.Operator())
			}
			first, _ := m.Holds(ctx)
			second, _ := m.Holds(ctx)
			if first != second || fmt.Sprint(c, ctx) != before {
				t.Fatal("not a pure function")
			}
		}
	})
}

// TestFold compares with strings.ToLower where the two agree: outside the special cases.
func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		special := func(r rune) bool { return r > 0xFFFF || r == 'İ' || r == 'Σ' || r == 0xFFFD }
		if slices.ContainsFunc([]rune(s), special) {
			t.Skip("special")
		}
		if got, want := fold(s), strings.ToLower(s); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
	if a, b := fold("\xff"), fold("\xfe"); a == b {
		t.Error("bytes that are no UTF-8 fold together")
	}
}
