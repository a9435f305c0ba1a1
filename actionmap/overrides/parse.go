package overrides

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// parser reads one file into a table.
type parser struct {
	table   *Table
	file    string
	line    int
	service *Service // of the latest service line
	events  []*Event // of the open block, which all get the same lines
}

func parse(table *Table, file, text string) error {
	p := &parser{table: table, file: file}
	for line := range strings.Lines(text) {
		p.line++
		if err := p.parseLine(strings.TrimSuffix(line, "\n")); err != nil {
			return fmt.Errorf("%v: %w", p.pos(), err)
		}
	}
	if err := p.endBlock(); err != nil {
		return fmt.Errorf("%v: %w", p.pos(), err)
	}
	return nil
}

func (p *parser) pos() Pos { return Pos{File: p.file, Line: p.line} }

func (p *parser) parseLine(line string) error {
	tokens, err := lex(line)
	if err != nil || len(tokens) == 0 {
		return err
	}
	s := &scanner{tokens}
	if line[0] == ' ' || line[0] == '\t' {
		if len(p.events) == 0 {
			return errors.New("indented line outside an event block")
		}
		err = p.action(s)
	} else {
		if err := p.endBlock(); err != nil {
			return err
		}
		err = p.declaration(s)
	}
	if err == nil && !s.done() {
		err = fmt.Errorf("unexpected %s", s.found())
	}
	return err
}

// endBlock closes the open event block, which must say something.
func (p *parser) endBlock() error {
	for _, e := range p.events {
		if len(e.Lines) == 0 && e.None+e.Unlisted == "" {
			return fmt.Errorf("the event block of line %d is empty", e.Pos.Line)
		}
	}
	p.events = nil
	return nil
}

func (p *parser) declaration(s *scanner) error {
	keyword, err := s.word("a declaration")
	switch {
	case err != nil:
		return err
	case keyword.text == "service":
		return p.declareService(s)
	case keyword.text == "retired":
		return p.declareRetired(s)
	case p.service == nil:
		return fmt.Errorf("%q before the first service line", keyword.text)
	case keyword.text == "type":
		return p.declareType(s)
	case keyword.text == "open":
		return p.declareOpen(s)
	case keyword.text == "event":
		return p.declareEvent(s)
	}
	return fmt.Errorf("unknown declaration %q", keyword.text)
}

func (p *parser) declareService(s *scanner) error {
	sources, err := s.words("an eventSource")
	if err != nil {
		return err
	}
	if err := s.expect("="); err != nil {
		return err
	}
	prefix, err := s.word("a service prefix")
	if err != nil {
		return err
	}
	var where Line
	if s.take("if") {
		if err := gates(s, &where); err != nil {
			return err
		}
		if len(where.Gates) > 1 && !where.AnyGate {
			return errors.New(`"and" in a service line`)
		}
	}
	for _, source := range sources {
		source = fullSource(source)
		if where.Gates != nil {
			p.table.Variants[source] = append(p.table.Variants[source], Variant{prefix.text, where.Gates})
			continue
		}
		if p.declared(source) {
			return fmt.Errorf("duplicate service %s", source)
		}
		p.table.Prefixes[source] = prefix.text
	}
	p.service = p.table.Services[prefix.text]
	if p.service == nil {
		p.service = &Service{Prefix: prefix.text, Types: map[string]*Type{}, Events: map[string]*Event{}}
		p.table.Services[prefix.text] = p.service
	}
	return nil
}

// declareRetired reads sources, of which the last word is the reason.
func (p *parser) declareRetired(s *scanner) error {
	words, err := s.words("an eventSource")
	if err != nil {
		return err
	}
	sources, reason := words[:len(words)-1], words[len(words)-1]
	if len(sources) == 0 {
		return errors.New("eventSources and a reason expected")
	}
	for _, source := range sources {
		source = fullSource(source)
		if p.declared(source) {
			return fmt.Errorf("duplicate service %s", source)
		}
		p.table.Retired[source] = reason
	}
	p.service = nil
	return nil
}

func fullSource(source string) string {
	if strings.Contains(source, ".") {
		return source
	}
	return source + ".amazonaws.com"
}

func (p *parser) declared(source string) bool {
	_, service := p.table.Prefixes[source]
	_, retired := p.table.Retired[source]
	return service || retired
}

// typeOf returns the declaration of a type, made if need be.
func (p *parser) typeOf(name string) *Type {
	t := p.service.Types[name]
	if t == nil {
		t = &Type{Name: name, Pos: p.pos()}
		p.service.Types[name] = t
	}
	return t
}

func (p *parser) declareType(s *scanner) error {
	names, err := s.words("a resource type")
	if err != nil {
		return err
	}
	if err := s.expect("="); err != nil {
		return err
	}
	var fills []Fill
	for {
		fill, err := p.fill(s)
		if err != nil {
			return err
		}
		fills = append(fills, fill)
		if !s.take("|") {
			break
		}
	}
	for _, name := range names {
		t := p.typeOf(name)
		if t.Fills != nil {
			return fmt.Errorf("duplicate type %s", name)
		}
		t.Fills = fills
	}
	return nil
}

func (p *parser) declareOpen(s *scanner) error {
	names, err := s.words("a resource type")
	if err != nil {
		return err
	}
	for _, name := range names {
		t := p.typeOf(name)
		if t.Open {
			return fmt.Errorf("duplicate open %s", name)
		}
		t.Open = true
	}
	return nil
}

func (p *parser) declareEvent(s *scanner) error {
	names, err := s.words("an eventName")
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, ok := p.service.Events[name]; ok {
			return fmt.Errorf("duplicate event %s", name)
		}
		e := &Event{Pos: p.pos()}
		p.service.Events[name] = e
		p.events = append(p.events, e)
	}
	return nil
}

// fill reads "(ARG, ...)".
func (p *parser) fill(s *scanner) (Fill, error) {
	if err := s.expect("("); err != nil {
		return nil, err
	}
	var fill Fill
	for {
		arg, err := argument(s)
		if err != nil {
			return nil, err
		}
		fill = append(fill, arg)
		if !s.take(",") {
			break
		}
	}
	return fill, s.expect(")")
}

// unshown is what "* unshown" tells a reviewer.
const unshown = "AWS made up a part of the ARN that the event does not show"

func argument(s *scanner) (Arg, error) {
	t, err := s.word("an argument")
	if err != nil {
		return Arg{}, err
	}
	if t.quoted {
		return Arg{Constant: t.text}, nil
	}
	switch t.text {
	case "*":
		if s.take("unshown") {
			return Arg{Made: true, Why: unshown}, nil
		}
		return Arg{Made: true, Why: s.quoted()}, nil
	case "?":
		return Arg{Unseen: true, Why: s.quoted()}, nil
	}
	path, wide := strings.CutSuffix(t.text, "...")
	arg := Arg{Path: path, Wide: wide}
	if err := checkPath(path); err != nil {
		return Arg{}, err
	}
	if s.take("as") {
		form, err := s.word("a form")
		if err != nil {
			return Arg{}, err
		}
		arg.Form = form.text
	}
	if s.take("except") {
		other, err := s.word("a parameter path")
		if err != nil {
			return Arg{}, err
		}
		arg.Except = other.text
		return arg, checkPath(arg.Except)
	}
	return arg, nil
}

// paths is the part of the grammar of trail.Fields that is used here; presence ("?") is written as a
// gate.
var paths = regexp.MustCompile(`^(resources:(AWS::\w+::\w+)?|((responseElements|additionalEventData):)?[\w-]+(\[(\w+:[\w/]*)?\]|\{\})*(\.[\w-]+(\[(\w+:[\w/]*)?\]|\{\})*)*)$`)

func checkPath(path string) error {
	if !paths.MatchString(path) {
		return fmt.Errorf("%q is no parameter path", path)
	}
	return nil
}
