package current_test

import (
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/current"
)

var set = current.Set{Roles: []current.Role{
	{Name: "Local"},
	{ARN: "arn:aws:iam::111122223333:role/orders-role", Name: "orders-role"},
	{ARN: "arn:aws:iam::111122223333:role/service-role/payments-role", Name: "payments-role"},
	{ARN: "arn:aws:iam::444455556666:role/orders-role", Name: "orders-role"},
}}

func TestChoose(t *testing.T) {
	for _, tt := range []struct{ patterns, want, err string }{
		{"", "0 1 2 3", ""},
		{"Orders-Role", "1 3", ""},
		{"local", "0", ""},
		{"arn:aws:iam::444455556666:role/orders-role", "3", ""},
		{"arn:aws:iam::444455556666:role/ORDERS-role", "", `"arn:aws:iam::444455556666:role/ORDERS-role": no such role in the current policies; roles there: "Local", "orders-role", "payments-role", "orders-role"`},
		{"arn:*:444455556666:* pay* local", "0 2 3", ""},
		{"*-role orders*", "1 2 3", ""},
		{"orders-role shop", "", `"shop": no such role in the current policies; roles there: "Local", "orders-role", "payments-role", "orders-role"`},
	} {
		got, err := set.Choose(strings.Fields(tt.patterns))
		if indices(got) != tt.want || err != nil && err.Error() != tt.err || err == nil && tt.err != "" {
			t.Errorf("%q: %s, %v", tt.patterns, indices(got), err)
		}
	}
	if _, err := (current.Set{}).Choose([]string{"x"}); err == nil || err.Error() != `"x": no such role in the current policies; there is none at all` {
		t.Error(err)
	}
}

// indices says which roles of set these are.
func indices(roles []current.Role) string {
	var out []string
	for _, r := range roles {
		for i, s := range set.Roles {
			if r.ARN == s.ARN && r.Name == s.Name {
				out = append(out, string(rune('0'+i)))
			}
		}
	}
	return strings.Join(out, " ")
}
