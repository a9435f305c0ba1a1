package policy

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Format returns d as text, in the conventional order of elements: indented by two spaces, lists of
// one element as that element, conditions of one operator in one block, a line feed at the end.
//
// Format does not judge: of a document that breaks the rules of Statement and Condition it writes
// what there is, and Parse refuses the result.
func (d Document) Format() []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, d.compact(), "", "  "); err != nil {
		panic("policy: the writer wrote what is not JSON: " + err.Error())
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// MarshalJSON returns what Format does without white space.
func (d Document) MarshalJSON() ([]byte, error) { return d.compact(), nil }

// UnmarshalJSON is Parse.
func (d *Document) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err == nil {
		*d = *parsed
	}
	return err
}

// Size returns how many characters IAM counts against the quotas of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all but white space.
// AWS does not say whether a space within a string counts; here it does.
func (d Document) Size() int { return utf8.RuneCount(d.compact()) }

func (d Document) compact() []byte {
	w := &writer{}
	w.object(func(m *members) {
		if d.Version != "" {
			m.member("Version")
			w.text(d.Version)
		}
		m.member("Statement")
		w.WriteByte('[')
		for i, s := range d.Statements {
			if i > 0 {
				w.WriteByte(',')
			}
			w.statement(s)
		}
		w.WriteByte(']')
	})
	return w.Bytes()
}

// A writer writes compact JSON.
type writer struct{ bytes.Buffer }

func (w *writer) statement(s Statement) {
	w.object(func(m *members) {
		if s.Sid != "" {
			m.member("Sid")
			w.text(s.Sid)
		}
		m.member("Effect")
		w.text(string(s.Effect))
		for _, list := range []struct {
			name  string
			texts []string
		}{
			{"Action", s.Actions}, {"NotAction", s.NotActions},
			{"Resource", s.Resources}, {"NotResource", s.NotResources},
		} {
			if list.texts != nil {
				m.member(list.name)
				w.texts(list.texts)
			}
		}
		if len(s.Conditions) > 0 {
			m.member("Condition")
			w.conditions(s.Conditions)
		}
	})
}

// conditions writes one block for each operator, in the order in which operators first come.
func (w *writer) conditions(conditions []Condition) {
	var operators []string
	blocks := map[string][]Condition{}
	for _, c := range conditions {
		if blocks[c.Operator] == nil {
			operators = append(operators, c.Operator)
		}
		blocks[c.Operator] = append(blocks[c.Operator], c)
	}
	w.object(func(m *members) {
		for _, operator := range operators {
			m.member(operator)
			w.object(func(m *members) {
				for _, c := range blocks[operator] {
					m.member(c.Key)
					w.texts(c.Values)
				}
			})
		}
	})
}

func (w *writer) texts(texts []string) {
	if len(texts) == 1 {
		w.text(texts[0])
		return
	}
	w.WriteByte('[')
	for i, s := range texts {
		if i > 0 {
			w.WriteByte(',')
		}
		w.text(s)
	}
	w.WriteByte(']')
}

// text writes a string. "<", ">" and "&" stay as they are, for people to read.
func (w *writer) text(s string) {
	enc := json.NewEncoder(&w.Buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("policy: a string has no JSON: " + err.Error())
	}
	w.Truncate(w.Len() - 1) // Encode's line feed
}

// members separates the members of an object.
type members struct {
	w     *writer
	after bool
}

func (m *members) member(name string) {
	if m.after {
		m.w.WriteByte(',')
	}
	m.after = true
	m.w.text(name)
	m.w.WriteByte(':')
}

func (w *writer) object(write func(*members)) {
	w.WriteByte('{')
	write(&members{w: w})
	w.WriteByte('}')
}
