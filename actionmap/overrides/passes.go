package overrides

// passes reads the roles that a request hands over to a service.
func (p *parser) passes(s *scanner) error {
	service, err := s.word("a service")
	if err != nil {
		return err
	}
	within := ""
	if s.take("in") {
		path, err := s.word("a parameter path")
		if err != nil {
			return err
		}
		within = path.text + "."
	}
	if err := s.expect("="); err != nil {
		return err
	}
	paths, err := s.words("a parameter path")
	if err != nil {
		return err
	}
	for _, path := range paths {
		path = within + path
		if err := checkPath(path); err != nil {
			return err
		}
		err := p.add(Line{
			Action:       "iam:PassRole",
			Targets:      []Target{{Type: "role", Fill: Fill{{Path: path, Form: "arn"}}}},
			ConditionKey: "iam:PassedToService", ConditionValue: service.text,
			Gates: []Gate{{Path: path}},
			Pos:   p.pos(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
