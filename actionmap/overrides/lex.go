package overrides

import (
	"fmt"
	"strings"
)

// A token is a word, a quoted text, or one of the marks , ( ) | =
type token struct {
	text   string
	quoted bool
	mark   bool
}

func (t token) String() string {
	if t.quoted {
		return fmt.Sprintf("%q", t.text)
	}
	return t.text
}

const marks = ",()|="

// lex splits a line into tokens and leaves out its comment.
func lex(line string) ([]token, error) {
	var tokens []token
	for rest := line; ; {
		rest = strings.TrimLeft(rest, " \t\r")
		switch {
		case rest == "" || rest[0] == '#':
			return tokens, nil
		case rest[0] == '"':
			text, after, closed := strings.Cut(rest[1:], `"`)
			if !closed {
				return nil, fmt.Errorf("%s has no closing quote", rest)
			}
			if text == "" {
				return nil, fmt.Errorf("empty text")
			}
			tokens, rest = append(tokens, token{text: text, quoted: true}), after
		case strings.IndexByte(marks, rest[0]) >= 0:
			tokens, rest = append(tokens, token{text: rest[:1], mark: true}), rest[1:]
		default:
			end := strings.IndexAny(rest, " \t\r\"#"+marks)
			if end < 0 {
				end = len(rest)
			}
			tokens, rest = append(tokens, token{text: rest[:end]}), rest[end:]
		}
	}
}

// A scanner reads the tokens of one line.
type scanner struct{ tokens []token }

func (s *scanner) done() bool { return len(s.tokens) == 0 }

// take consumes the next token if it is this mark or unquoted keyword.
func (s *scanner) take(text string) bool {
	if s.done() || s.tokens[0].quoted || s.tokens[0].text != text {
		return false
	}
	s.tokens = s.tokens[1:]
	return true
}

// expect is take with an error.
func (s *scanner) expect(text string) error {
	if s.take(text) {
		return nil
	}
	return fmt.Errorf("%s where %q is expected", s.found(), text)
}

// word consumes a word or quoted text; what names it in errors.
func (s *scanner) word(what string) (token, error) {
	if s.done() || s.tokens[0].mark {
		return token{}, fmt.Errorf("%s where %s is expected", s.found(), what)
	}
	t := s.tokens[0]
	s.tokens = s.tokens[1:]
	return t, nil
}

// quoted consumes a quoted text, if there is one.
func (s *scanner) quoted() string {
	if s.done() || !s.tokens[0].quoted {
		return ""
	}
	t := s.tokens[0]
	s.tokens = s.tokens[1:]
	return t.text
}

// words consumes words up to a mark or the end, at least one.
func (s *scanner) words(what string) ([]string, error) {
	var words []string
	for {
		t, err := s.word(what)
		if err != nil {
			return nil, err
		}
		words = append(words, t.text)
		if s.done() || s.tokens[0].mark {
			return words, nil
		}
	}
}

func (s *scanner) found() string {
	if s.done() {
		return "end of line"
	}
	return s.tokens[0].String()
}
