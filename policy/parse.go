package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxSource is how many bytes of text Parse accepts: far more than IAM does (see Document.Size), and
// few enough to hold.
const MaxSource = 1 << 20

// Parse reads an identity policy in JSON. It is strict: an unknown or repeated element, a value of
// the wrong type, a missing or clashing element and a Sid that IAM refuses are errors, of type
// *SyntaxError. It does not look into actions, resources and condition operators.
//
// What is one value or a list of them in the grammar is a list in the Document. Condition values
// that are numbers or booleans are taken as their text. Conditions are sorted by operator, then key;
// everything else stays as it was.
func Parse(data []byte) (*Document, error) {
	src := ParseSource(data)
	if len(src.Problems) > 0 {
		p := src.Problems[0]
		return nil, &SyntaxError{p.Pos.Line, p.Pos.Column, p.Msg}
	}
	return &src.Document, nil
}

// A parser collects what it understands and what it objects to.
type parser struct {
	src  *Source
	sids map[string]bool
	// statement is the index of the one being read, -1 outside.
	statement int
}

func (p *parser) problem(kind ProblemKind, element string, at Position, format string, args ...any) {
	p.src.Problems = append(p.src.Problems, Problem{kind, p.statement, element, at, fmt.Sprintf(format, args...)})
}

func (p *parser) document(root node) {
	p.src.Pos = root.pos
	hasStatement := false
	ok := p.object(root, "", "a policy", func(m member) {
		switch m.name {
		case "Version":
			p.src.Version = p.version(m.value)
		case "Statement":
			hasStatement = true
			for _, n := range m.value.oneOrMany() {
				p.statement = len(p.src.Statements)
				s := StatementSource{Pos: n.pos}
				p.readStatement(n, &s)
				p.src.Statements = append(p.src.Statements, s)
				p.statement = -1
			}
		case "Id":
			p.foreign(m)
		case "PolicyVersion", "PolicyDocument", "Document", "Policy", "RolePolicyList":
			p.problem(UnknownElement, m.name, m.pos, "this is not a policy but an answer or a template that holds one: pass only what stands under %q", m.name)
		default:
			p.unknown("a policy", m, "Version", "Statement")
		}
	})
	if ok && !hasStatement {
		p.problem(MissingStatement, "", root.pos, "a policy must have a Statement")
	}
}

func (p *parser) version(n node) Text {
	version, ok := p.text("Version", n)
	if !ok {
		return Text{}
	}
	if version.Value != Version2012 && version.Value != Version2008 {
		p.problem(InvalidVersion, "Version", n.pos, "Version must be %q or %q, not %q", Version2012, Version2008, version.Value)
	} else {
		p.src.Document.Version = version.Value
	}
	return version
}

func (p *parser) readStatement(n node, s *StatementSource) {
	if !p.object(n, "", "a statement", func(m member) { p.element(m, s) }) {
		return
	}
	if s.Effect.Pos == (Position{}) {
		p.problem(MissingEffect, "Effect", n.pos, "a statement must have an Effect")
	}
	p.either(n.pos, MissingAction, "Action", s.Actions, s.NotActions)
	p.either(n.pos, MissingResource, "Resource", s.Resources, s.NotResources)
}

// either objects to a statement that has both or neither of an element and its negation.
func (p *parser) either(at Position, missing ProblemKind, name string, element, negated ListSource) {
	kind := missing
	if element.Present() {
		kind = ClashingElements
	}
	if element.Present() == negated.Present() {
		p.problem(kind, name, at, "a statement must have either %s or Not%s", name, name)
	}
}

func (p *parser) element(m member, s *StatementSource) {
	switch m.name {
	case "Sid":
		s.Sid = p.sid(m.value)
	case "Effect":
		s.Effect = p.effect(m.value)
	case "Action":
		p.texts(m, &s.Actions)
	case "NotAction":
		p.texts(m, &s.NotActions)
	case "Resource":
		p.texts(m, &s.Resources)
	case "NotResource":
		p.texts(m, &s.NotResources)
	case "Condition":
		p.condition(m, &s.Condition)
	case "Principal", "NotPrincipal":
		p.foreign(m)
	default:
		p.unknown("a statement", m, "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
	}
}

func (p *parser) sid(n node) Text {
	sid, ok := p.text("Sid", n)
	switch {
	case !ok || sid.Value == "":
	case !validSid(sid.Value):
		p.problem(InvalidSid, "Sid", n.pos, "Sid %q may hold only the letters A-Z, a-z and digits", sid.Value)
	case p.sids[sid.Value]:
		p.problem(RepeatedSid, "Sid", n.pos, "Sid %q is taken by an earlier statement", sid.Value)
	}
	p.sids[sid.Value] = true
	return sid
}

func validSid(sid string) bool {
	return !strings.ContainsFunc(sid, func(r rune) bool { return !isAlphanumeric(r) })
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// effect returns a position where there is a value, of whatever type.
func (p *parser) effect(n node) Text {
	effect, ok := p.text("Effect", n)
	if ok && effect.Value != string(Allow) && effect.Value != string(Deny) {
		p.problem(InvalidEffect, "Effect", n.pos, "Effect must be %q or %q, not %q", Allow, Deny, effect.Value)
	}
	return Text{effect.Value, n.pos}
}

// text reads a string.
func (p *parser) text(what string, n node) (Text, bool) {
	if n.kind != stringNode {
		p.problem(WrongType, what, n.pos, "%s must be a string, not %s", what, n.kind)
		return Text{}, false
	}
	return Text{n.text, n.pos}, true
}

// texts reads a string or a list of strings. IAM accepts an empty list.
func (p *parser) texts(m member, list *ListSource) {
	list.Pos = m.value.pos
	for _, n := range m.value.oneOrMany() {
		if n.kind != stringNode {
			p.problem(WrongType, m.name, n.pos, "%s must hold strings, not %s", m.name, n.kind)
			continue
		}
		list.Texts = append(list.Texts, Text{n.text, n.pos})
	}
}

// condition reads a Condition element.
func (p *parser) condition(m member, c *ConditionSource) {
	c.Pos = m.value.pos
	p.object(m.value, m.name, "Condition", func(operator member) {
		o := OperatorSource{Operator: Text{operator.name, operator.pos}}
		folded := map[string]string{}
		p.object(operator.value, m.name, "Condition "+plain(operator.name), func(key member) {
			lower := strings.ToLower(key.name)
			if first, ok := folded[lower]; ok && first != key.name {
				p.problem(RepeatedKey, m.name, key.pos, "Condition %s has the key %q twice, in different case", plain(operator.name), key.name)
			}
			folded[lower] = key.name
			values := p.values(operator.name, key)
			o.Keys = append(o.Keys, KeySource{Text{key.name, key.pos}, key.value.pos, values})
		})
		c.Operators = append(c.Operators, o)
	})
}

func (p *parser) values(operator string, key member) []ValueSource {
	types := map[nodeKind]ValueType{stringNode: StringValue, numberNode: NumberValue, booleanNode: BooleanValue}
	var values []ValueSource
	for _, n := range key.value.oneOrMany() {
		valueType, ok := types[n.kind]
		if !ok {
			p.problem(WrongType, "Condition", n.pos, "Condition %s %s must hold strings, numbers or booleans, not %s", plain(operator), plain(key.name), n.kind)
			continue
		}
		values = append(values, ValueSource{Text{n.text, n.pos}, valueType})
	}
	return values
}

// plain quotes a name for a message only where that changes it: a policy may hold what terminals obey.
func plain(name string) string {
	quoted := strconv.Quote(name)
	if quoted == `"`+name+`"` {
		return name
	}
	return quoted
}

func compareConditions(a, b Condition) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key), slices.Compare(a.Values, b.Values))
}

// object calls read for each member of an object. A repeated name is a problem; it is read again
// all the same. It returns false if n is no object.
func (p *parser) object(n node, element, what string, read func(member)) bool {
	if n.kind != objectNode {
		p.problem(WrongType, element, n.pos, "%s must be an object, not %s", what, n.kind)
		return false
	}
	seen := map[string]bool{}
	for _, m := range n.members {
		if seen[m.name] {
			p.problem(RepeatedName, m.name, m.pos, "%s has %q twice", what, m.name)
		}
		seen[m.name] = true
		read(m)
	}
	return true
}

// foreign refuses an element that other kinds of policies have.
func (p *parser) foreign(m member) {
	p.problem(ForeignElement, m.name, m.pos, "%s belongs to resource and trust policies, which this looks like; an identity policy has none", m.name)
}

func (p *parser) unknown(what string, m member, known ...string) {
	for _, k := range known {
		if strings.EqualFold(k, m.name) {
			p.problem(UnknownElement, m.name, m.pos, "%s has no element %q: it is spelt %q", what, m.name, k)
			return
		}
	}
	p.problem(UnknownElement, m.name, m.pos, "%s has no element %q, only %s", what, m.name, strings.Join(known, ", "))
}
