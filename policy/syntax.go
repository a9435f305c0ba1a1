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

// A reader yields the tokens of valid JSON with their positions.
type reader struct {
	data []byte
	dec  *json.Decoder
}

// A position is an offset in bytes.
type position int

// newReader refuses text that is not JSON, so that reading tokens cannot fail.
func newReader(data []byte) (*reader, error) {
	r := &reader{data: data}
	if bad := invalidUTF8(data); bad >= 0 {
		return nil, r.errorf(position(bad), "not UTF-8")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		var syntax *json.SyntaxError
		if !errors.As(err, &syntax) {
			return nil, r.errorf(0, "%v", err)
		}
		at := position(syntax.Offset)
		if int(at) < len(data) {
			at-- // Offset is after the offending byte, but at the end of a text that ends too early
		}
		return nil, r.errorf(max(at, 0), "not JSON: %v", syntax)
	}
	r.dec = json.NewDecoder(bytes.NewReader(data))
	r.dec.UseNumber()
	return r, nil
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

// next returns the next token and where it begins.
func (r *reader) next() (json.Token, position) {
	at := r.dec.InputOffset()
	for int(at) < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	token, err := r.dec.Token()
	if err != nil {
		return nil, position(at) // not possible after newReader's check
	}
	return token, position(at)
}

// object reads an object whose first token is open, and calls member for each of its members, which
// must read the value. A repeated name is an error.
func (r *reader) object(open json.Token, at position, what string, member func(name string, at position) error) error {
	if open != json.Delim('{') {
		return r.errorf(at, "%s must be an object, not %s", what, kind(open))
	}
	seen := map[string]bool{}
	for r.dec.More() {
		token, at := r.next()
		name, _ := token.(string)
		if seen[name] {
			return r.errorf(at, "%s has %q twice", what, name)
		}
		seen[name] = true
		if err := member(name, at); err != nil {
			return err
		}
	}
	r.next() // the closing brace
	return nil
}

// oneOrMany reads a value or a list of values, and calls element with the first token of each.
func (r *reader) oneOrMany(element func(token json.Token, at position) error) error {
	token, at := r.next()
	if token != json.Delim('[') {
		return element(token, at)
	}
	for r.dec.More() {
		token, at := r.next()
		if err := element(token, at); err != nil {
			return err
		}
	}
	r.next() // the closing bracket
	return nil
}

// text reads a string.
func (r *reader) text(what string) (string, position, error) {
	token, at := r.next()
	s, ok := token.(string)
	if !ok {
		return "", at, r.errorf(at, "%s must be a string, not %s", what, kind(token))
	}
	return s, at, nil
}

func (r *reader) errorf(at position, format string, args ...any) error {
	before := r.data[:min(int(at), len(r.data))]
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return &SyntaxError{
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: utf8.RuneCount(before[lineStart:]) + 1,
		Msg:    fmt.Sprintf(format, args...),
	}
}

// kind names the type of the value that a token begins.
func kind(token json.Token) string {
	switch token := token.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case json.Delim:
		if token == '[' {
			return "a list"
		}
	}
	return "an object"
}
