package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/whittle-iam/whittle/policy"
)

// maxYAML bounds the text of a YAML file, and maxNesting how deep it may go in one line or in brackets:
// the parser's time grows with the square of either, to some
// seconds here.
const (
	maxYAML    = 256 << 10
	maxNesting = 64
)

// yaml turns a text that is no JSON into what it means as YAML. Numbers become strings as they are
// written, since in a policy they are names and values, such as account IDs with a leading zero.
func (s *source) yaml() error {
	if strings.EqualFold(filepath.Ext(s.path), ".json") {
		return s.syntaxError()
	}
	if len(s.text) > maxYAML {
		return s.errorf(0, "YAML of more than %d KiB: pass it as JSON", maxYAML>>10)
	}
	if deep := nested(s.text); deep >= 0 {
		return s.errorf(deep, "neither JSON nor YAML of a policy: nested more than %d deep", maxNesting)
	}
	parsed, err := parse(s.text)
	if err != nil {
		return s.yamlError(err)
	}
	var body ast.Node
	for _, d := range parsed.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			return s.at(d.Body, "a second YAML document: pass one a file, or a list")
		}
		body = d.Body
	}
	if body == nil {
		return fmt.Errorf("%s: empty: a policy was expected", s.file)
	}
	w := &yamlWriter{source: s}
	if err := w.write(body); err != nil {
		return err
	}
	s.text, s.marks = w.out.Bytes(), w.marks
	return nil
}

// parse reports a panic of the parser as an error: the text may be anybody's.
func parse(text []byte) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return parser.ParseBytes(text, 0)
}

// nested returns where the text opens too many brackets, or entries within entries on one line, or -1.
func nested(text []byte) int {
	brackets, entries, head := 0, 0, true
	for i, c := range text {
		switch c {
		case '\n':
			entries, head = 0, true
		case ' ':
		case '-', '?', ':':
			if entries++; head && entries > maxNesting {
				return i
			}
		case '[', '{':
			head = false
			if brackets++; brackets > maxNesting {
				return i
			}
		case ']', '}':
			head, brackets = false, max(brackets-1, 0)
		default:
			head = false
		}
	}
	return -1
}

func (s *source) yamlError(err error) error {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil && syntax.GetToken().Position != nil {
		at := syntax.GetToken().Position
		return fmt.Errorf("%s:%w", s.file, &policy.SyntaxError{Line: at.Line, Column: at.Column, Msg: "neither JSON nor YAML: " + syntax.GetMessage()})
	}
	return s.errorf(0, "neither JSON nor YAML: %v", err)
}

// at is an error at a node.
func (s *source) at(n ast.Node, format string, args ...any) error {
	at := yamlPosition(n)
	return fmt.Errorf("%s:%w", s.file, &policy.SyntaxError{Line: at.Line, Column: at.Column, Msg: fmt.Sprintf(format, args...)})
}

// yamlPosition is where a node begins. The token of a mapping is the colon of its first member.
func yamlPosition(n ast.Node) policy.Position {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			n = v.Values[0].Key
		}
	case *ast.MappingValueNode:
		n = v.Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return policy.Position{Line: t.Position.Line, Column: t.Position.Column}
	}
	return policy.Position{Line: 1, Column: 1}
}

// A yamlWriter writes nodes as JSON, and where they came from.
type yamlWriter struct {
	*source
	out   bytes.Buffer
	marks []mark
}

func (w *yamlWriter) write(n ast.Node) error {
	w.marks = append(w.marks, mark{w.out.Len(), yamlPosition(n)})
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle && len(n.Values) > 0 {
			// The parser splits {aws:SourceAccount: "1"} at the first colon, which is not what it means.
			return w.at(n, "YAML with members in braces is not read: write one a line")
		}
		return w.object(n.Values)
	case *ast.MappingValueNode:
		return w.object([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		w.out.WriteByte('[')
		for i, e := range n.Values {
			if i > 0 {
				w.out.WriteByte(',')
			}
			if err := w.write(e); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
	case *ast.StringNode:
		return w.text(n.Value)
	case *ast.LiteralNode:
		return w.text(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode:
		return w.text(n.GetToken().Value)
	case *ast.BoolNode:
		fmt.Fprintf(&w.out, "%t", n.Value)
	case *ast.NullNode:
		w.out.WriteString("null")
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return w.at(n, "anchors and aliases of YAML are not read: write out what they stand for")
	case *ast.TagNode:
		return w.at(n, "YAML tags are not read: a policy has none")
	default:
		return w.at(n, "neither JSON nor YAML of a policy")
	}
	return nil
}

func (w *yamlWriter) object(members []*ast.MappingValueNode) error {
	w.out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			w.out.WriteByte(',')
		}
		var name string
		switch key := m.Key.(type) {
		case *ast.StringNode:
			name = key.Value
		case *ast.IntegerNode, *ast.FloatNode:
			name = key.GetToken().Value
		default:
			return w.at(m.Key, "neither JSON nor YAML of a policy: a name was expected")
		}
		w.marks = append(w.marks, mark{w.out.Len(), yamlPosition(m.Key)})
		if err := w.text(name); err != nil {
			return err
		}
		w.out.WriteByte(':')
		if err := w.write(m.Value); err != nil {
			return err
		}
	}
	w.out.WriteByte('}')
	return nil
}

// text writes a string.
func (w *yamlWriter) text(s string) error {
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return err
	}
	w.out.Truncate(w.out.Len() - 1) // the line feed
	return nil
}
