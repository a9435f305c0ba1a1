package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// A SyntaxError says where a document is not an IAM identity policy, and why.
type SyntaxError struct {
	// Line and Column are where the offending text begins, counted from 1; columns in characters.
	Line, Column int
	Msg          string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// A nodeKind names the type of a JSON value, for messages.
type nodeKind string

const (
	nullNode    nodeKind = "null"
	booleanNode nodeKind = "a boolean"
	numberNode  nodeKind = "a number"
	stringNode  nodeKind = "a string"
	listNode    nodeKind = "a list"
	objectNode  nodeKind = "an object"
)

// A node is a JSON value and where it begins.
type node struct {
	kind nodeKind
	pos  Position
	// text is a string's value, and otherwise a number or a boolean as it was written.
	text    string
	items   []node   // of a list
	members []member // of an object, repetitions included
}

// A member is a name and a value of an object; pos is the name's.
type member struct {
	name  string
	pos   Position
	value node
}

// oneOrMany returns the items of a list, or the value itself.
func (n node) oneOrMany() []node {
	if n.kind == listNode {
		return n.items
	}
	return []node{n}
}

// readJSON reads the whole text. The decoder's limit on nesting bounds the recursion.
func readJSON(data []byte) (node, *SyntaxError) {
	if bad := invalidUTF8(data); bad >= 0 {
		return node{}, errorAt(data, bad, "not UTF-8")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		var syntax *json.SyntaxError
		if !errors.As(err, &syntax) {
			return node{}, errorAt(data, 0, "%v", err)
		}
		at := int(syntax.Offset)
		if at < len(data) {
			at-- // Offset is after the offending byte, but at the end of a text that ends too early
		}
		return node{}, errorAt(data, max(at, 0), "not JSON: %v", syntax)
	}
	r := reader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), pos: Position{1, 1}}
	r.dec.UseNumber()
	return r.value(), nil
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func errorAt(data []byte, offset int, format string, args ...any) *SyntaxError {
	r := reader{data: data, pos: Position{1, 1}}
	pos := r.advance(offset)
	return &SyntaxError{pos.Line, pos.Column, fmt.Sprintf(format, args...)}
}

// A reader yields the tokens of valid JSON with their positions.
type reader struct {
	data []byte
	dec  *json.Decoder
	// offset and pos are the same place, the last that advance went to.
	offset int
	pos    Position
}

// advance returns the position of a byte, which is not before those that were asked for earlier: so
// a whole text costs one pass, however long its lines are.
func (r *reader) advance(offset int) Position {
	passed := r.data[r.offset:min(offset, len(r.data))]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		r.pos = Position{r.pos.Line + bytes.Count(passed, []byte("\n")), 1}
		r.offset += i + 1
		passed = passed[i+1:]
	}
	r.pos.Column += utf8.RuneCount(passed)
	r.offset += len(passed)
	return r.pos
}

// next returns the next token and where it begins.
func (r *reader) next() (json.Token, Position) {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	token, err := r.dec.Token()
	if err != nil {
		token = nil // not possible after readJSON's check
	}
	return token, r.advance(at)
}

func (r *reader) value() node {
	token, at := r.next()
	n := node{kind: nullNode, pos: at}
	switch token := token.(type) {
	case string:
		n.kind, n.text = stringNode, token
	case json.Number:
		n.kind, n.text = numberNode, token.String()
	case bool:
		n.kind, n.text = booleanNode, fmt.Sprint(token)
	case json.Delim:
		if token == '[' {
			n.kind = listNode
			for r.dec.More() {
				n.items = append(n.items, r.value())
			}
		} else {
			n.kind = objectNode
			for r.dec.More() {
				name, at := r.next()
				text, _ := name.(string)
				n.members = append(n.members, member{text, at, r.value()})
			}
		}
		r.next() // the closing bracket
	}
	return n
}
