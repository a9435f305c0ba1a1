package overrides

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// actions is the shape of an action; whether it exists is for package actionmap to check.
var actions = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9]+$`)

// action reads a line of an event block and adds it to the block's events.
func (p *parser) action(s *scanner) error {
	name, err := s.word("an action")
	if err != nil {
		return err
	}
	switch name.text {
	case "none", "unlisted":
		return p.nothing(s, name.text)
	case "itemised":
		return p.itemised(s)
	case "passes":
		return p.passes(s)
	}
	if name.text != "same" && !actions.MatchString(name.text) {
		return fmt.Errorf("%q is no action", name.text)
	}
	line := Line{Action: name.text, Pos: p.pos()}
	if s.take("on") {
		if line.Targets, err = p.targets(s); err != nil {
			return err
		}
	}
	if s.take("with") {
		if err := condition(s, &line); err != nil {
			return err
		}
	}
	if s.take("tells") {
		if err := tells(s, &line); err != nil {
			return err
		}
	}
	if s.take("if") {
		if err := gates(s, &line); err != nil {
			return err
		}
	}
	return p.add(line)
}

// add appends a line to the block's events.
func (p *parser) add(line Line) error {
	for _, e := range p.events {
		if slices.ContainsFunc(e.Lines, line.sameAs) {
			return errors.New("duplicate line")
		}
		e.Lines = append(e.Lines, line)
	}
	return nil
}

// sameAs compares everything but the place.
func (l Line) sameAs(other Line) bool {
	other.Pos = l.Pos
	return reflect.DeepEqual(l, other)
}

// nothing reads what holds where no line does.
func (p *parser) nothing(s *scanner, keyword string) error {
	reason, err := s.word("a reason")
	if err != nil {
		return err
	}
	for _, e := range p.events {
		if e.None+e.Unlisted != "" {
			return errors.New("a second reason why nothing is needed")
		}
		if keyword == "none" {
			e.None = reason.text
		} else {
			e.Unlisted = reason.text
		}
	}
	return nil
}

// itemised reads the event that stands for one item of a batch.
func (p *parser) itemised(s *scanner) error {
	item, err := s.word("an event")
	if err != nil {
		return err
	}
	for _, e := range p.events {
		if e.Itemised != "" {
			return errors.New("a second event for the items")
		}
		e.Itemised = item.text
	}
	return nil
}

func (p *parser) targets(s *scanner) ([]Target, error) {
	var targets []Target
	for {
		name, err := s.word("a resource type")
		if err != nil {
			return nil, err
		}
		target := Target{Type: name.text}
		if name.text == "everything" && !name.quoted {
			why, err := s.word("a reason")
			if err != nil {
				return nil, err
			}
			target = Target{Everything: why.text}
		} else if len(s.tokens) > 0 && s.tokens[0].mark && s.tokens[0].text == "(" {
			if target.Fill, err = p.fill(s); err != nil {
				return nil, err
			}
		}
		targets = append(targets, target)
		if !s.take("|") {
			return targets, nil
		}
	}
}

func condition(s *scanner, line *Line) error {
	key, err := s.word("a condition key")
	if err != nil {
		return err
	}
	if err := s.expect("="); err != nil {
		return err
	}
	value, err := s.word("a condition value")
	line.ConditionKey, line.ConditionValue = key.text, value.text
	return err
}

func tells(s *scanner, line *Line) error {
	key, err := s.word("a condition key")
	if err != nil {
		return err
	}
	if err := s.expect("="); err != nil {
		return err
	}
	path, err := s.word("a parameter path")
	if err != nil {
		return err
	}
	line.Tells.Key = key.text
	line.Tells.Path, line.Tells.Wide = strings.CutSuffix(path.text, "...")
	return checkPath(line.Tells.Path)
}

func gates(s *scanner, line *Line) error {
	for {
		g, err := gate(s)
		if err != nil {
			return err
		}
		line.Gates = append(line.Gates, g)
		join := s.found()
		switch {
		case s.done():
			return nil
		case join != "and" && join != "or":
			return fmt.Errorf(`%s where "and" or "or" is expected`, join)
		case len(line.Gates) > 1 && line.AnyGate != (join == "or"):
			return errors.New(`"and" and "or" in one line`)
		}
		line.AnyGate = join == "or"
		s.take(join)
	}
}

func gate(s *scanner) (Gate, error) {
	if s.take("error") {
		code, err := s.word("an errorCode")
		return Gate{Error: code.text}, err
	}
	g := Gate{Negated: s.take("no")}
	path, err := s.word("a parameter path")
	if err != nil {
		return Gate{}, err
	}
	g.Path = path.text
	if err := checkPath(g.Path); err != nil {
		return Gate{}, err
	}
	switch {
	case s.take("is"):
		value, err := s.word("a value")
		g.Is = value.text
		return g, err
	case s.take("has"):
		value, err := s.word("a text")
		g.Has = value.text
		return g, err
	case s.take("ends"):
		value, err := s.word("a text")
		g.Ends = value.text
		return g, err
	}
	return g, nil
}
