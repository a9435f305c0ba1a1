package awsconfig_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/current/awsconfig"
)

func TestExpression(t *testing.T) {
	all := awsconfig.Expression("AWS::IAM::Role", nil)
	many := make([]string, 300)
	for i := range many {
		many[i] = fmt.Sprintf("some-role-%d", i)
	}
	tests := []struct {
		names  []string
		want   string
		reason string
	}{
		{nil, "", ""},
		{[]string{"b", "a.+=,@_-", "b"}, " AND resourceName IN ('a.+=,@_-', 'b')", "sorted, once each"},
		{[]string{"a", "b' OR resourceType = 'AWS::S3::Bucket"}, "", "a name that is none is not limited to"},
		{[]string{""}, "", ""},
		{[]string{"é"}, "", ""},
		{many, "", "a query of more than 4,096 characters is refused"},
	}
	for _, tt := range tests {
		if got := awsconfig.Expression("AWS::IAM::Role", tt.names); got != all+tt.want {
			t.Errorf("%.200q: got %.400s, want %s (%s)", tt.names, got, tt.want, tt.reason)
		}
	}
}

// literal is a string of the query language in which nothing could be read as anything else.
var literal = regexp.MustCompile(`^'[A-Za-z0-9+=,.@_-]+'$`)

// FuzzQuote: whatever the name, a query has only that in it, or is not limited.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"orders-role", "a'b", `a\`, "", "a\x00b", "''", "a--b", "é", "a\nb", "a b", "%", "x/*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		quoted, ok := awsconfig.Quote(name)
		if ok != literal.MatchString("'"+name+"'") || ok && quoted != "'"+name+"'" || !ok && quoted != "" {
			t.Errorf("%q: got %s, %t", name, quoted, ok)
		}
		expression := awsconfig.Expression("AWS::IAM::Role", []string{name, "r"})
		names := 2
		if name == "r" {
			names = 1
		}
		quotes, limited := strings.Count(expression, "'"), strings.Contains(expression, " IN (")
		switch {
		case limited && (!ok || quotes != 2+2*names || !strings.Contains(expression, quoted) || len(expression) > 4096):
			t.Errorf("%q: got %s", name, expression)
		case !limited && (quotes != 2 || ok && len(name) < 1000):
			t.Errorf("%q: got %s", name, expression)
		}
	})
}
