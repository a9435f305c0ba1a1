package condition

import (
	"errors"
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// ErrVariable says that "${…}" in a policy is no variable: it is not closed, has no key, has a
// space in its key, or a default that is not quoted.
var ErrVariable = errors.New("malformed policy variable")

// A Template is a policy string with its variables, as
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html describes
// them: "${key}", "${key, 'default'}", and "${*}", "${?}" and "${$}" for the characters themselves.
type Template struct{ parts []part }

// A part is a run of text or one variable.
type part struct {
	// text is policy text, in which "*" and "?" may be wildcards; with literal, it is a character
	// that the policy escapes; with key, it is the variable's default.
	text       string
	literal    bool
	key        string
	hasDefault bool
}

// ParseTemplate reads a policy string. Without variables, which is under any version but
// policy.Version2012, "${" is text like any other and the error is nil. The error wraps ErrVariable.
func ParseTemplate(s string, variables bool) (Template, error) {
	var t Template
	for variables {
		i := strings.Index(s, "${")
		if i < 0 {
			break
		}
		p, rest, err := parseVariable(s[i+2:])
		if err != nil {
			return Template{}, fmt.Errorf("%w in %q", err, s)
		}
		t.parts = append(t.parts, part{text: s[:i]}, p)
		s = rest
	}
	t.parts = append(t.parts, part{text: s})
	return t, nil
}

// parseVariable reads what follows "${", to the brace that closes it.
func parseVariable(s string) (p part, rest string, err error) {
	end := strings.IndexAny(s, ",}")
	if end < 0 {
		return part{}, "", fmt.Errorf("%w: no closing brace", ErrVariable)
	}
	key := s[:end]
	switch {
	case s[end] == '}' && (key == "*" || key == "?" || key == "$"):
		return part{text: key, literal: true}, s[end+1:], nil
	case key == "" || strings.ContainsAny(key, " \t\r\n${*?"):
		return part{}, "", fmt.Errorf("%w: %q is no condition key", ErrVariable, key)
	case s[end] == '}':
		return part{key: key}, s[end+1:], nil
	}
	quoted, ok := strings.CutPrefix(strings.TrimLeft(s[end+1:], " "), "'")
	text, after, closed := strings.Cut(quoted, "'")
	rest, braced := strings.CutPrefix(strings.TrimLeft(after, " "), "}")
	if !ok || !closed || !braced {
		return part{}, "", fmt.Errorf("%w: the default of %q is not quoted", ErrVariable, key)
	}
	return part{key: key, text: text, hasDefault: true}, rest, nil
}

// HasVariables reports whether the text depends on the request.
func (t Template) HasVariables() bool {
	for _, p := range t.parts {
		if p.key != "" {
			return true
		}
	}
	return false
}

// Variables returns the condition keys that the text depends on, as they are written.
func (t Template) Variables() []string {
	var keys []string
	for _, p := range t.parts {
		if p.key != "" {
			keys = append(keys, p.key)
		}
	}
	return keys
}

// Prefix returns what stands before the first variable, in the notation of Pattern.
func (t Template) Prefix() string {
	for i, p := range t.parts {
		if p.key != "" {
			prefix, _ := Template{t.parts[:i]}.Pattern(nil)
			return prefix
		}
	}
	prefix, _ := t.Pattern(nil)
	return prefix
}

// Widest returns the pattern in which every variable is "*": what the template can stand for in any
// request at most.
func (t Template) Widest() string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.key != "" {
			b.WriteByte('*')
			continue
		}
		text, _ := Template{[]part{p}}.Pattern(nil)
		b.WriteString(text)
	}
	return b.String()
}

// Text returns the text that the template stands for in a request, as the operators without
// wildcards compare it. It is false if a variable has neither a value nor a default; a multivalued
// key gives a variable neither.
func (t Template) Text(ctx Context) (string, bool) {
	return t.expand(ctx, func(text string, _ bool) string { return text })
}

// Pattern returns the pattern that the template stands for in a request, in the notation that
// glob.CompileEscaped reads. What a variable puts in matches only itself. It is false as for Text.
func (t Template) Pattern(ctx Context) (string, bool) {
	return t.expand(ctx, func(text string, literal bool) string {
		if literal {
			return glob.Escape(text)
		}
		return strings.ReplaceAll(text, "$", "${$}")
	})
}

func (t Template) expand(ctx Context, write func(text string, literal bool) string) (string, bool) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.key == "" {
			b.WriteString(write(p.text, p.literal))
			continue
		}
		value, ok := p.resolve(ctx)
		if !ok {
			return "", false
		}
		b.WriteString(write(value, true))
	}
	return b.String(), true
}

// resolve returns a variable's value in a request. AWS does not fall back to the default for a key
// that is there but multivalued.
func (p part) resolve(ctx Context) (string, bool) {
	value, present := ctx.Lookup(p.key)
	switch {
	case present && value.multivalued():
		return "", false
	case present && len(value.Values) == 1:
		return value.Values[0], true
	}
	return p.text, p.hasDefault
}
