package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed operations.txt
var operationsText string

//go:embed authorised.txt
var authorisedText string

//go:embed documented.txt
var documentedText string

// A service is one AWS SDK client.
type service struct {
	name, endpoint, signing string
	operations              []string
}

// sources are the event sources that CloudTrail may give the service's calls: mostly the endpoint's
// name; for endpoints such as api.ecr it is the signing name.
func (s service) sources() []string {
	return []string{s.endpoint + ".amazonaws.com", s.signing + ".amazonaws.com"}
}

func loadServices() ([]service, error) {
	var out []service
	err := lines("operations.txt", operationsText, func(line string) error {
		f := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "  ") && len(out) > 0:
			s := &out[len(out)-1]
			s.operations = append(s.operations, f[0])
		case len(f) == 3:
			out = append(out, service{name: f[0], endpoint: f[1], signing: f[2]})
		default:
			return fmt.Errorf("neither a service nor an operation: %q", line)
		}
		return nil
	})
	return out, err
}

// An operationKey names an operation of a client.
type operationKey struct{ service, operation string }

// loadListed reads what AWS lists for operations, and what its documentation adds to the lists.
func loadListed() (map[operationKey][]string, error) {
	out := map[operationKey][]string{}
	err := actionLines("authorised.txt", authorisedText, func(key operationKey, actions []string) error {
		if out[key] != nil {
			return fmt.Errorf("%s %s stands twice", key.service, key.operation)
		}
		out[key] = actions
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = actionLines("documented.txt", documentedText, func(key operationKey, actions []string) error {
		if out[key] == nil {
			return fmt.Errorf("AWS lists nothing for %s %s that could be added to", key.service, key.operation)
		}
		out[key] = append(out[key], actions...)
		return nil
	})
	return out, err
}

// actionLines calls f for each operation of a file with its actions.
func actionLines(file, text string, f func(operationKey, []string) error) error {
	return lines(file, text, func(line string) error {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return fmt.Errorf("client, operation and actions expected: %q", line)
		}
		var actions []string
		for _, a := range fields[2:] {
			if !strings.Contains(a, "=") {
				actions = append(actions, a)
			}
		}
		return f(operationKey{fields[0], fields[1]}, actions)
	})
}

// lines calls f for each line that is not empty or a comment; its errors get file and line.
func lines(file, text string, f func(string) error) error {
	in := bufio.NewScanner(strings.NewReader(text))
	for n := 1; in.Scan(); n++ {
		if line := in.Text(); line != "" && line[0] != '#' {
			if err := f(line); err != nil {
				return fmt.Errorf("%s:%d: %w", file, n, err)
			}
		}
	}
	return in.Err()
}
