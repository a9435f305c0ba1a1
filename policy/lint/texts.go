package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// A role says what a text of a statement is, as far as variables go.
type role int

const (
	fixedText  role = iota // variables are not replaced
	keyText                // the name of a condition key: nor here
	otherValue             // of an operator that does not replace them
	replaced               // resources, and the values of String and Arn operators
)

// eachText calls visit for every text of the statements.
func (c *checker) eachText(visit func(place, role)) {
	for _, s := range c.statements {
		visit(s.at("Sid", s.Sid), fixedText)
		for _, list := range []struct {
			element string
			texts   []policy.Text
			role    role
		}{
			{"Action", s.Actions.Texts, fixedText}, {"NotAction", s.NotActions.Texts, fixedText},
			{"Resource", s.Resources.Texts, replaced}, {"NotResource", s.NotResources.Texts, replaced},
		} {
			for _, t := range list.texts {
				visit(s.at(list.element, t), list.role)
			}
		}
		for _, k := range s.conditions() {
			visit(k.place(), keyText)
			of := otherValue
			if k.valid && (k.onStrings() || k.onARNs()) {
				of = replaced
			}
			for _, v := range k.Values {
				visit(k.at(v), of)
			}
		}
	}
}

// A variable is one "${…}" of a text, malformed or not.
type variable struct {
	name               string
	hasDefault, quoted bool
	closed             bool
}

func (v variable) wellFormed() bool {
	return v.closed && (!v.hasDefault || v.quoted) && !strings.ContainsAny(v.name, " \t\r\n")
}

// parseVariables finds what begins with "${", apart from the escapes.
func parseVariables(text string) []variable {
	var found []variable
	for {
		_, rest, ok := strings.Cut(text, "${")
		if !ok {
			return found
		}
		inner, after, closed := strings.Cut(rest, "}")
		text = after
		if !closed {
			return append(found, variable{})
		}
		v := variable{closed: true}
		var fallback string
		v.name, fallback, v.hasDefault = strings.Cut(inner, ",")
		if fallback = strings.TrimSpace(fallback); v.hasDefault {
			v.quoted = len(fallback) > 1 && fallback[0] == '\'' && fallback[len(fallback)-1] == '\''
			if !v.quoted && strings.HasPrefix(fallback, "'") && strings.Contains(after, "'") {
				v.quoted = true // the default holds a brace
				_, text, _ = strings.Cut(after, "}")
			}
		}
		if v.name != "*" && v.name != "?" && v.name != "$" {
			found = append(found, v)
		}
	}
}

// eachVariable calls visit for the variables where they are replaced.
func (c *checker) eachVariable(visit func(place, variable)) {
	if !c.variables() {
		return
	}
	c.eachText(func(at place, r role) {
		if r == replaced {
			for _, v := range parseVariables(at.value) {
				visit(at, v)
			}
		}
	})
}

// variablesOf returns the names of the variables in a text.
func variablesOf(text string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(text, "${")
		if !ok {
			return names
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return names
		}
		name, _, _ := strings.Cut(inner, ",")
		if name != "*" && name != "?" && name != "$" {
			names = append(names, name)
		}
		text = after
	}
}

// withoutVariables cuts the variables and escapes out of a text.
func withoutVariables(text string) string {
	var b strings.Builder
	for {
		begin := strings.Index(text, "${")
		if begin < 0 {
			break
		}
		end := strings.IndexByte(text[begin:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:begin])
		text = text[begin+end+1:]
	}
	b.WriteString(text)
	return b.String()
}
