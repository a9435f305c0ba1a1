package stream

import (
	"errors"
	"fmt"
	"io"
)

const (
	// maxRecord is in bytes. CloudTrail's own limit is 1 MB for an event.
	maxRecord = 16 << 20
	// maxDepth bounds the nesting of arrays and objects.
	maxDepth = 100
)

var errDepth = errors.New("nested too deeply")

// A scanner finds where JSON values end in a stream. It keeps at most one value in memory, from
// hold to its end, and no more than maxRecord of it.
type scanner struct {
	r    io.Reader
	buf  []byte
	pos  int   // next byte in buf
	held int   // start of the value that is kept, -1 for none
	base int64 // offset of buf[0] in the stream
	lost bool  // the value was larger than max
	max  int
	err  error // of r, sticky
}

func newScanner(r io.Reader) *scanner {
	return &scanner{r: r, buf: make([]byte, 0, 64<<10), held: -1, max: maxRecord}
}

// offset returns the place of the next byte in the stream.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// hold starts keeping bytes, release stops.
func (s *scanner) hold()    { s.held, s.lost = s.pos, false }
func (s *scanner) release() { s.held = -1 }

// value returns the bytes since hold, nil if there were too many. They are valid until the next read.
func (s *scanner) value() []byte {
	if s.lost || s.held < 0 || s.pos-s.held > s.max {
		return nil
	}
	return s.buf[s.held:s.pos]
}

// fill reads more, and reports whether there is any.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if s.held >= 0 && s.pos-s.held > s.max {
		s.held, s.lost = -1, true
	}
	keep := s.pos
	if s.held >= 0 {
		keep = s.held
		s.held = 0
	}
	if keep > 0 {
		n := copy(s.buf, s.buf[keep:])
		s.buf = s.buf[:n]
		s.pos -= keep
		s.base += int64(keep)
	}
	if len(s.buf) == cap(s.buf) {
		bigger := make([]byte, len(s.buf), 2*cap(s.buf))
		copy(bigger, s.buf)
		s.buf = bigger
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// peek returns the next byte, and false at the end.
func (s *scanner) peek() (byte, bool) {
	if s.pos == len(s.buf) && !s.fill() {
		return 0, false
	}
	return s.buf[s.pos], true
}

// space skips white space and returns the byte after it.
func (s *scanner) space() (byte, bool) {
	for {
		c, ok := s.peek()
		if !ok || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, ok
		}
		s.pos++
	}
}

// broken says what is wrong at the current place.
func (s *scanner) broken(want string) error {
	c, ok := s.peek()
	if !ok {
		if s.err == io.EOF {
			return fmt.Errorf("at byte %d, before %s: %w", s.offset(), want, io.ErrUnexpectedEOF)
		}
		return fmt.Errorf("at byte %d: %w", s.offset(), s.err)
	}
	return fmt.Errorf("at byte %d: %q in place of %s", s.offset(), c, want)
}

// skip passes a whole value.
func (s *scanner) skip(depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	c, ok := s.space()
	if !ok {
		return s.broken("a value")
	}
	switch {
	case c == '{':
		return s.members(func(string) error { return s.skip(depth + 1) })
	case c == '[':
		return s.elements(func() error { return s.skip(depth + 1) })
	case c == '"':
		_, err := s.text(false)
		return err
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n':
		s.scalar()
		return nil
	}
	return s.broken("a value")
}

// scalar passes a number or literal. Whether it is a good one shows when the record is decoded.
func (s *scanner) scalar() {
	for {
		c, ok := s.peek()
		if !ok || (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' && c != '+' && c != '.' && c != 'E' {
			return
		}
		s.pos++
	}
}

// text passes a string. With keep it returns what is between the quotes, cut to 32 bytes: enough for the
// names of members that matter.
func (s *scanner) text(keep bool) (string, error) {
	s.pos++
	var start [32]byte
	n := 0
	for {
		if s.pos == len(s.buf) && !s.fill() {
			return "", s.broken("the end of a string")
		}
		window := s.buf[s.pos:]
		i := 0
		for i < len(window) && window[i] != '"' && window[i] != '\\' && window[i] >= ' ' {
			i++
		}
		if keep {
			n += copy(start[n:], window[:i])
		}
		s.pos += i
		if i == len(window) {
			continue
		}
		switch window[i] {
		case '"':
			s.pos++
			return string(start[:n]), nil
		case '\\':
			s.pos++
			if _, ok := s.peek(); !ok {
				return "", s.broken("the end of a string")
			}
			s.pos++
		default:
			return "", s.broken("the end of a string")
		}
	}
}

// members passes an object, of which the value of each member is passed by value.
func (s *scanner) members(value func(name string) error) error {
	s.pos++
	if c, _ := s.space(); c == '}' {
		s.pos++
		return nil
	}
	for {
		if c, ok := s.space(); !ok || c != '"' {
			return s.broken("a member")
		}
		name, err := s.text(true)
		if err != nil {
			return err
		}
		if c, ok := s.space(); !ok || c != ':' {
			return s.broken("a colon")
		}
		s.pos++
		if err := value(name); err != nil {
			return err
		}
		switch c, _ := s.space(); c {
		case ',':
			s.pos++
		case '}':
			s.pos++
			return nil
		default:
			return s.broken("a comma")
		}
	}
}

// elements passes an array, each element by element.
func (s *scanner) elements(element func() error) error {
	s.pos++
	if c, _ := s.space(); c == ']' {
		s.pos++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		switch c, _ := s.space(); c {
		case ',':
			s.pos++
		case ']':
			s.pos++
			return nil
		default:
			return s.broken("a comma")
		}
	}
}

// nextLine goes to the next line that starts like a value, first among the bytes that are held. It
// reports whether there is one.
func (s *scanner) nextLine() bool {
	if s.held >= 0 && !s.lost {
		s.pos = s.held
	}
	s.release()
	for newline := false; ; s.pos++ {
		c, ok := s.peek()
		if !ok {
			return false
		}
		if newline && (c == '{' || c == '[' || c >= '0' && c <= '9') {
			return true
		}
		newline = c == '\n'
	}
}
