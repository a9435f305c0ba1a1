package condition

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTemplate(t *testing.T) {
	type result struct {
		HasVariables            bool
		Prefix, Widest          string
		Text, Pattern           string
		TextKnown, PatternKnown bool
	}
	ctx := Context{"app:x": One("v*"), "app:many": Many("v")}
	tests := []struct {
		reason, template string
		variables        bool
		want             result
	}{
		{"plain", "a*?$b", true, result{false, "a*?${$}b", "a*?${$}b", "a*?$b", "a*?${$}b", true, true}},
		{"escapes", "${*}${?}${$}", true, result{false, "${*}${?}${$}", "${*}${?}${$}", "*?$", "${*}${?}${$}", true, true}},
		{"no variables in this version", "a${app:x}", false, result{false, "a${$}{app:x}", "a${$}{app:x}", "a${app:x}", "a${$}{app:x}", true, true}},
		{"a value", "a*${app:x}b*", true, result{true, "a*", "a**b*", "a*v*b*", "a*v${*}b*", true, true}},
		{"a dollar before a value", "$${app:x}", true, result{true, "${$}", "${$}*", "$v*", "${$}v${*}", true, true}},
		{"no value", "a${app:y}", true, result{true, "a", "a*", "", "", false, false}},
		{"a default", "${app:y,'d}*'}", true, result{true, "", "*", "d}*", "d}${*}", true, true}},
		{"a multivalued key", "${app:many, 'd'}", true, result{true, "", "*", "", "", false, false}},
		{"empty", "", true, result{false, "", "", "", "", true, true}},
	}
	for _, tt := range tests {
		tmpl, err := ParseTemplate(tt.template, tt.variables)
		if err != nil {
			t.Errorf("%s: %v", tt.reason, err)
			continue
		}
		got := result{HasVariables: tmpl.HasVariables(), Prefix: tmpl.Prefix(), Widest: tmpl.Widest()}
		got.Text, got.TextKnown = tmpl.Text(ctx)
		got.Pattern, got.PatternKnown = tmpl.Pattern(ctx)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
		}
	}
}

func TestParseTemplateRefuses(t *testing.T) {
	for _, s := range []string{"${", "${}", "a${b", "${a b}", "${a${b}}", "${a,}", "${a,b}", "${a,'b}", "${a,'b'", "${a,'b'c}", "${*,'b'}"} {
		if _, err := ParseTemplate(s, true); !errors.Is(err, ErrVariable) {
			t.Errorf("%q: got %v", s, err)
		}
		if _, err := ParseTemplate(s, false); err != nil {
			t.Errorf("%q as text: got %v", s, err)
		}
	}
}
