package policy

import (
	"cmp"
	"encoding/json"
	"slices"
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
	if len(data) > MaxSource {
		return nil, &SyntaxError{1, 1, "longer than 1 MiB: not an IAM policy"}
	}
	r, err := newReader(data)
	if err != nil {
		return nil, err
	}
	p := parser{reader: r, sids: map[string]bool{}}
	var doc Document
	if err := p.document(&doc); err != nil {
		return nil, err
	}
	return &doc, nil
}

type parser struct {
	*reader
	sids map[string]bool
}

func (p *parser) document(doc *Document) error {
	hasStatement := false
	open, at := p.next()
	err := p.object(open, at, "a policy", func(name string, at position) error {
		switch name {
		case "Version":
			version, at, err := p.text(name)
			if err == nil && version != Version2012 && version != Version2008 {
				err = p.errorf(at, "Version must be %q or %q, not %q", Version2012, Version2008, version)
			}
			doc.Version = version
			return err
		case "Statement":
			hasStatement = true
			return p.oneOrMany(func(open json.Token, at position) error {
				var s Statement
				err := p.statement(open, at, &s)
				doc.Statements = append(doc.Statements, s)
				return err
			})
		case "Id":
			return p.foreign(name, at)
		case "PolicyVersion", "PolicyDocument", "Document", "Policy", "RolePolicyList":
			return p.errorf(at, "this is not a policy but an answer or a template that holds one: pass only what stands under %q", name)
		}
		return p.unknown("a policy", name, at, "Version", "Statement")
	})
	if err == nil && !hasStatement {
		err = p.errorf(at, "a policy must have a Statement")
	}
	return err
}

func (p *parser) statement(open json.Token, at position, s *Statement) error {
	err := p.object(open, at, "a statement", func(name string, at position) (err error) {
		switch name {
		case "Sid":
			s.Sid, err = p.sid()
		case "Effect":
			s.Effect, err = p.effect()
		case "Action":
			s.Actions, err = p.texts(name)
		case "NotAction":
			s.NotActions, err = p.texts(name)
		case "Resource":
			s.Resources, err = p.texts(name)
		case "NotResource":
			s.NotResources, err = p.texts(name)
		case "Condition":
			s.Conditions, err = p.conditions()
		case "Principal", "NotPrincipal":
			err = p.foreign(name, at)
		default:
			err = p.unknown("a statement", name, at,
				"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case s.Effect == "":
		return p.errorf(at, "a statement must have an Effect")
	case (s.Actions == nil) == (s.NotActions == nil):
		return p.errorf(at, "a statement must have either Action or NotAction")
	case (s.Resources == nil) == (s.NotResources == nil):
		return p.errorf(at, "a statement must have either Resource or NotResource")
	}
	return nil
}

func (p *parser) sid() (string, error) {
	sid, at, err := p.text("Sid")
	switch {
	case err != nil || sid == "":
		return "", err
	case strings.ContainsFunc(sid, func(r rune) bool { return !isAlphanumeric(r) }):
		return "", p.errorf(at, "Sid %q may hold only the letters A-Z, a-z and digits", sid)
	case p.sids[sid]:
		return "", p.errorf(at, "Sid %q is taken by an earlier statement", sid)
	}
	p.sids[sid] = true
	return sid, nil
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

func (p *parser) effect() (Effect, error) {
	text, at, err := p.text("Effect")
	if err == nil && text != string(Allow) && text != string(Deny) {
		err = p.errorf(at, "Effect must be %q or %q, not %q", Allow, Deny, text)
	}
	return Effect(text), err
}

// texts reads a string or a list of strings. An empty list, which IAM accepts, is not nil.
func (p *parser) texts(what string) ([]string, error) {
	texts := []string{}
	err := p.oneOrMany(func(token json.Token, at position) error {
		s, ok := token.(string)
		if !ok {
			return p.errorf(at, "%s must hold strings, not %s", what, kind(token))
		}
		texts = append(texts, s)
		return nil
	})
	return texts, err
}

// conditions reads a Condition element. An operator without keys says nothing and is left out.
func (p *parser) conditions() ([]Condition, error) {
	var conditions []Condition
	open, at := p.next()
	err := p.object(open, at, "Condition", func(operator string, _ position) error {
		open, at := p.next()
		folded := map[string]bool{}
		return p.object(open, at, "Condition "+operator, func(key string, at position) error {
			if lower := strings.ToLower(key); folded[lower] {
				return p.errorf(at, "Condition %s has the key %q twice, in different case", operator, key)
			} else {
				folded[lower] = true
			}
			values, err := p.values(operator, key)
			conditions = append(conditions, Condition{operator, key, values})
			return err
		})
	})
	slices.SortFunc(conditions, compareConditions)
	return conditions, err
}

func (p *parser) values(operator, key string) ([]string, error) {
	values := []string{}
	err := p.oneOrMany(func(token json.Token, at position) error {
		switch token := token.(type) {
		case string:
			values = append(values, token)
		case json.Number:
			values = append(values, token.String())
		case bool:
			values = append(values, map[bool]string{true: "true", false: "false"}[token])
		default:
			return p.errorf(at, "Condition %s %s must hold strings, numbers or booleans, not %s", operator, key, kind(token))
		}
		return nil
	})
	return values, err
}

func compareConditions(a, b Condition) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key), slices.Compare(a.Values, b.Values))
}

// foreign refuses an element that other kinds of policies have.
func (p *parser) foreign(name string, at position) error {
	return p.errorf(at, "%s belongs to resource and trust policies, which this looks like; an identity policy has none", name)
}

func (p *parser) unknown(what, name string, at position, known ...string) error {
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return p.errorf(at, "%s has no element %q: it is spelt %q", what, name, k)
		}
	}
	return p.errorf(at, "%s has no element %q, only %s", what, name, strings.Join(known, ", "))
}
