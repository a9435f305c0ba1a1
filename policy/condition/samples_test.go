package condition_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// TestSamples: whatever a request says for a key, some sample is treated like it by all operators.
func TestSamples(t *testing.T) {
	families := []struct {
		operators, operands, values []string
	}{
		{
			[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
			[]string{"0", "-0", "1", "01", "1.0", "1e0", "1.01", "-1", "-1.01", "10", "99", "100", "0.001", "1e999999999", "1000e2147483647", "-1e-2147483648", "0.0001e-2147483648", "x"},
			[]string{"0.5", "-0.5", "2", "1.001", "-2", "1000", "1e9", "1e2147483647", "0.00001", "1e-2147483648", "12345678901234567890", "", "NaN"},
		},
		{
			[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
			[]string{"2030-01-01", "2030-01-01T00:00:00Z", "1893456000", "2030-01-01T00:00:00.001Z", "0000-01-01", "9999-12-31T23:59:59.999Z", "999999999999999", "0", "2030", "x"},
			[]string{"2029-12-31T23:59:59.999Z", "2030-01-01T00:00:00.002Z", "1893456001", "1970", "1969-12-31T23:59:59Z", "253402300800", "01970", "", "5"},
		},
		{
			[]string{"IpAddress", "NotIpAddress"},
			[]string{"192.0.2.0/24", "192.0.2.0/25", "192.0.2.128/25", "0.0.0.0/0", "255.255.255.255", "10.0.0.0/8", "::/0", "2001:db8::/32", "2001:db8::1", "::/80", "::fffe:0:0/96", "2001:db8::1/32", "x"},
			[]string{"192.0.2.127", "192.0.2.128", "192.0.3.0", "0.0.0.0", "9.255.255.255", "11.0.0.0", "::ffff:192.0.2.1", "::1", "::1:0:0:0", "::fffe:ffff:ffff", "2001:db8::2", "2001:db9::", "ffff::", "", "1.2.3"},
		},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range families {
		for range 2000 {
			var ms []condition.Matcher
			for range 1 + r.IntN(4) {
				c := policy.Condition{Operator: f.operators[r.IntN(len(f.operators))], Key: "k"}
				for range 1 + r.IntN(2) {
					c.Values = append(c.Values, f.operands[r.IntN(len(f.operands))])
				}
				m, err := condition.Compile(c, policy.Version2012)
				if err != nil {
					t.Fatal(err)
				}
				ms = append(ms, m)
			}
			known := map[string]string{}
			for _, s := range condition.Samples(ms) {
				known[treatment(t, ms, s)] = s
			}
			for _, value := range append(f.values, f.operands...) {
				if _, ok := known[treatment(t, ms, value)]; !ok {
					t.Fatalf("no sample of %q is treated like %q by %v", known, value, ms)
				}
			}
		}
	}
}

func treatment(t *testing.T, ms []condition.Matcher, value string) string {
	t.Helper()
	var out string
	for _, m := range ms {
		ok, err := m.Holds(condition.Context{"k": condition.One(value)})
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprint(ok, " ")
	}
	return out
}

func TestSamplesOfOtherOperators(t *testing.T) {
	m, err := condition.Compile(policy.Condition{Operator: "StringLike", Key: "k", Values: []string{"a*"}}, policy.Version2012)
	if err != nil {
		t.Fatal(err)
	}
	if got := condition.Samples([]condition.Matcher{m}); got != nil {
		t.Errorf("Samples = %q, want none", got)
	}
}
