package files

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/whittle-iam/whittle/policy"
)

// A source is the text of one file, as JSON.
type source struct {
	file
	text []byte
	// checkpoints are the positions of the offsets 0, step, 2·step, … of text, so that a position in a
	// file that is one long line costs one step.
	checkpoints []policy.Position
	// marks are set instead if the file is YAML, and text what it means.
	marks []mark
}

// A mark says where in the YAML file the value stands that begins at an offset of text.
type mark struct {
	offset int
	at     policy.Position
}

const step = 4096

// newSource checks that data is JSON, or YAML that means some.
func newSource(f file, data []byte) (*source, error) {
	data, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	s := &source{file: f, text: data}
	start := skipSpace(data, 0)
	switch {
	case start == len(data):
		return nil, fmt.Errorf("%s: empty: a policy was expected", f)
	case bytes.HasPrefix(data, []byte("\x1f\x8b")), bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil, fmt.Errorf("%s: compressed: policies are read uncompressed", f)
	}
	s.index()
	if bad := invalidUTF8(data); bad >= 0 {
		return nil, s.errorf(bad, "not UTF-8")
	}
	if !json.Valid(data) {
		if bytes.IndexByte([]byte(`{["`), data[start]) < 0 {
			return s, s.yaml()
		}
		return nil, s.syntaxError()
	}
	return s, nil
}

// decode removes a byte order mark, and turns UTF-16, as PowerShell's ">" writes it, into UTF-8.
func decode(data []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return data, nil
	}
	if len(data)%2 != 0 {
		return nil, errors.New("UTF-16 that ends within a character")
	}
	units := make([]uint16, 0, len(data)/2-1)
	for i := 2; i < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return []byte(string(utf16.Decode(units))), nil
}

func (s *source) syntaxError() error {
	err := json.Unmarshal(s.text, new(json.RawMessage))
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return s.errorf(0, "not JSON: %v", err)
	}
	at := int(syntax.Offset)
	if at < len(s.text) {
		at-- // Offset is after the offending byte, but at the end of a text that ends too early
	}
	return s.errorf(max(at, 0), "not JSON: %v", syntax)
}

func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
}

func (s *source) index() {
	at := policy.Position{Line: 1, Column: 1}
	for i := 0; i <= len(s.text); i += step {
		s.checkpoints = append(s.checkpoints, at)
		at = advance(at, s.text[i:min(i+step, len(s.text))])
	}
}

// advance returns where the text that follows b begins if b begins at the position.
func advance(at policy.Position, b []byte) policy.Position {
	if n := bytes.Count(b, []byte("\n")); n > 0 {
		at = policy.Position{Line: at.Line + n, Column: 1}
		b = b[bytes.LastIndexByte(b, '\n')+1:]
	}
	for _, c := range b {
		if c&0xC0 != 0x80 { // not the continuation of a character
			at.Column++
		}
	}
	return at
}

// position returns where in the file the value stands that begins at an offset of text.
func (s *source) position(offset int) policy.Position {
	if s.marks != nil {
		i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].offset > offset })
		return s.marks[max(i-1, 0)].at
	}
	offset = min(offset, len(s.text))
	i := offset / step
	return advance(s.checkpoints[i], s.text[i*step:offset])
}

// errorf is an error with its place in the file.
func (s *source) errorf(offset int, format string, args ...any) error {
	at := s.position(offset)
	return fmt.Errorf("%s:%w", s.file, &policy.SyntaxError{Line: at.Line, Column: at.Column, Msg: fmt.Sprintf(format, args...)})
}
