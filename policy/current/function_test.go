package current_test

import (
	"fmt"
	"testing"

	"github.com/whittle-iam/whittle/policy/current"
)

func TestOfRole(t *testing.T) {
	functions := []current.Function{
		{ARN: "a", Role: "arn:aws:iam::111122223333:role/orders-role"},
		{ARN: "b", Role: "arn:aws:iam::111122223333:role/service-role/orders-role"},
		{ARN: "c", Role: "arn:aws:iam::111122223333:role/orders"},
		{ARN: "d", Role: "arn:aws:iam::444455556666:role/orders-role"},
		{ARN: "e", Role: "not an ARN"},
	}
	for _, test := range []struct{ role, want string }{
		{"arn:aws:iam::111122223333:role/orders-role", "a b "},
		{"arn:aws:iam::111122223333:role/a/b/Orders-Role", "a b "},
		{"arn:aws:iam::444455556666:role/orders-role", "d "},
		{"not an ARN", "e "},
		{"orders-role", ""},
	} {
		got := ""
		for _, f := range current.OfRole(functions, test.role) {
			got += fmt.Sprint(f.ARN, " ")
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.role, got, test.want)
		}
	}
}
