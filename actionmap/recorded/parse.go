package recorded

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A service is the entry of one service prefix.
type service struct {
	actions map[string]Recording // by name, spelt as the reference spells it
	rest    Recording            // of all other actions
	hasRest bool
}

var (
	prefixes   = regexp.MustCompile(`^[a-z0-9-]+$`)
	names      = regexp.MustCompile(`^([A-Za-z0-9]+|\*)$`)
	eventTypes = regexp.MustCompile(`^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$`)
)

// parse reads the format that recorded.txt explains at its head. Errors begin with file:line.
func parse(file, text string) (map[string]*service, error) {
	p := parser{services: map[string]*service{}}
	line := 0
	for content := range strings.Lines(text) {
		line++
		if err := p.line(strings.TrimRight(content, " \t\r\n")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, line, err)
		}
	}
	return p.services, nil
}

type parser struct {
	services map[string]*service
	service  *service   // the one being read
	source   string     // of the rules that follow
	rule     *Recording // what indented lines continue
}

func (p *parser) line(line string) error {
	words := strings.Fields(line)
	switch {
	case line == "" || words[0][0] == '#':
		return nil
	case line[0] == ' ' || line[0] == '\t':
		if p.rule == nil {
			return errors.New("an indented line continues no rule")
		}
		return p.actions(words)
	}
	p.rule = nil
	keyword, words := words[0], words[1:]
	switch keyword {
	case "service":
		return p.begin(words)
	case "source":
		return p.cite(words)
	case "data":
		if len(words) == 0 || !eventTypes.MatchString(words[0]) {
			return errors.New("data is not followed by an event type such as AWS::S3::Object")
		}
		return p.begins(Recording{Kind: Data, EventType: words[0]}, words[1:])
	case "management", "never", "unknown":
		return p.begins(Recording{Kind: Kind(keyword)}, words)
	}
	return fmt.Errorf("unknown keyword %q", keyword)
}

// begin reads what follows the keyword service.
func (p *parser) begin(words []string) error {
	if len(words) != 1 || !prefixes.MatchString(words[0]) {
		return errors.New("service is not followed by one prefix")
	}
	if p.services[words[0]] != nil {
		return fmt.Errorf("service %s a second time", words[0])
	}
	p.service = &service{actions: map[string]Recording{}, rest: Recording{Kind: Unknown}}
	p.services[words[0]] = p.service
	p.source = ""
	return nil
}

// cite reads what follows the keyword source.
func (p *parser) cite(words []string) error {
	if p.service == nil {
		return errors.New("source before any service")
	}
	if len(words) != 1 || !strings.HasPrefix(words[0], "https://") {
		return errors.New("source is not followed by one https address")
	}
	p.source = words[0]
	return nil
}

// begins starts a rule with the actions of its first line.
func (p *parser) begins(r Recording, words []string) error {
	if p.source == "" {
		return errors.New("a rule before any source")
	}
	r.Source = p.source
	p.rule = &r
	return p.actions(words)
}

// actions adds names to the rule.
func (p *parser) actions(words []string) error {
	for _, name := range words {
		_, twice := p.service.actions[name]
		switch {
		case !names.MatchString(name):
			return fmt.Errorf("%q is no action name", name)
		case twice, name == "*" && p.service.hasRest:
			return fmt.Errorf("%s a second time", name)
		case name == "*":
			p.service.rest, p.service.hasRest = *p.rule, true
		default:
			p.service.actions[name] = *p.rule
		}
	}
	return nil
}
