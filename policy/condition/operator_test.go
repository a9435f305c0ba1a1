package condition

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseOperator(t *testing.T) {
	tests := []struct {
		text string
		want Operator
	}{
		{"StringEquals", Operator{Test: StringEquals}},
		{"StringNotEqualsIgnoreCase", Operator{Test: StringEqualsIgnoreCase, Negated: true}},
		{"ForAnyValue:StringNotLikeIfExists", Operator{ForAnyValue, StringLike, true, true}},
		{"ForAllValues:ArnEquals", Operator{Qualifier: ForAllValues, Test: ArnEquals}},
		{"NotIpAddressIfExists", Operator{Test: IPAddress, Negated: true, IfExists: true}},
		{"NumericGreaterThanEquals", Operator{Test: NumericGreaterThanEquals}},
		{"BoolIfExists", Operator{Test: Bool, IfExists: true}},
		{"Null", Operator{Test: Null}},
		{"ForAllValues:Null", Operator{Qualifier: ForAllValues, Test: Null}},
	}
	for _, tt := range tests {
		got, err := ParseOperator(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestParseOperatorRefuses(t *testing.T) {
	for _, s := range []string{
		"", "IfExists", "ForAnyValue:", "stringequals", "String", "Equals", "NotStringEquals",
		"BoolNotEquals", "BinaryNotEquals", "NumericNotLessThan", "NullIfExists", "ForAnyValue:NullIfExists",
		"ForAllValues:ForAnyValue:StringEquals", "foranyvalue:StringEquals", "StringEqualsIfExistsIfExists",
		" StringEquals", "ForSomeValues:StringEquals",
	} {
		if op, err := ParseOperator(s); !errors.Is(err, ErrOperator) {
			t.Errorf("%q: got %v, %v", s, op, err)
		}
	}
}

// TestOperatorRoundTrip goes through every operator there is.
func TestOperatorRoundTrip(t *testing.T) {
	count := 0
	for test, n := range names {
		for _, name := range []string{n.positive, n.negated} {
			for _, prefix := range []string{"", allPrefix, anyPrefix} {
				for _, suffix := range []string{"", ifExists} {
					if name == "" || Test(test) == Null && suffix != "" {
						continue
					}
					count++
					op, err := ParseOperator(prefix + name + suffix)
					if err != nil || op.String() != prefix+name+suffix {
						t.Errorf("%s%s%s: got %s, %v", prefix, name, suffix, op, err)
					}
				}
			}
		}
	}
	if count != 26*6+3 {
		t.Errorf("%d operators", count)
	}
}
