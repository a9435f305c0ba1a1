package condition

import "github.com/whittle-iam/whittle/policy/glob"

// stringTest compares texts: exactly, without case, or by pattern. A variable without a value makes
// its operand match nothing.
type stringTest []func(value string, ctx Context) bool

func newStringTest(t Test, values []string, variables bool) (test, error) {
	var tests stringTest
	for _, v := range values {
		tmpl, err := ParseTemplate(v, variables)
		if err != nil {
			return nil, err
		}
		operand := newOperand(tmpl, comparisons[t].expand, comparisons[t].prepare)
		tests = append(tests, func(value string, ctx Context) bool {
			equal, ok := operand(ctx)
			return ok && equal(value)
		})
	}
	return tests, nil
}

func (t stringTest) match(value string, ctx Context) (verdict, error) {
	for _, test := range t {
		if test(value, ctx) {
			return matches, nil
		}
	}
	return differs, nil
}

// comparisons say for each string test how an operand's template is expanded, and how the outcome
// is compared with a request value.
var comparisons = map[Test]struct {
	expand  func(Template, Context) (string, bool)
	prepare func(string) func(string) bool
}{
	StringEquals: {Template.Text, func(operand string) func(string) bool {
		return func(value string) bool { return value == operand }
	}},
	StringEqualsIgnoreCase: {Template.Text, func(operand string) func(string) bool {
		folded := fold(operand)
		return func(value string) bool { return fold(value) == folded }
	}},
	StringLike: {Template.Pattern, func(operand string) func(string) bool {
		return compilePattern(operand).Match
	}},
}

// newOperand returns what compares one policy value in a request. Without variables that is
// prepared once, here.
func newOperand[T any](t Template, expand func(Template, Context) (string, bool), prepare func(string) T) func(Context) (T, bool) {
	if text, ok := expand(t, nil); ok && !t.HasVariables() {
		constant := prepare(text)
		return func(Context) (T, bool) { return constant, true }
	}
	return func(ctx Context) (T, bool) {
		text, ok := expand(t, ctx)
		if !ok {
			var none T
			return none, false
		}
		return prepare(text), true
	}
}

// compilePattern compiles what Template.Pattern writes, or a field of that. Its only "${" are the
// three escapes, so that no error is possible.
func compilePattern(s string) glob.Pattern {
	p, _ := glob.CompileEscaped(s)
	return p
}
