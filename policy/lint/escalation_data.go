package lint

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed escalation.txt
var escalationText string

// An escalation is one path of escalation.txt, which explains the fields.
type escalation struct {
	ID, Title string
	// Needs are alternatives for each action.
	Needs   [][]string
	Passes  []string
	Same    []string
	If      string
	Depends bool
	Sources []string
}

var escalations = sync.OnceValue(func() []escalation {
	paths, err := parseEscalations("escalation.txt", escalationText)
	if err != nil {
		panic(err) // the text is embedded, and a test reads it
	}
	return paths
})

// lists are the publications that a source line may name.
var lists = []string{"pathfinding.cloud", "rhino", "iam-vulnerable", "hackingthe.cloud"}

// parseEscalations reads the format that escalation.txt explains at its head. Errors begin with file:line.
func parseEscalations(file, text string) ([]escalation, error) {
	var paths []escalation
	line := 0
	for content := range strings.Lines(text) {
		line++
		words := strings.Fields(content)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if words[0] == "path" {
			if err := complete(paths); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, line, err)
			}
			paths = append(paths, escalation{})
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("%s:%d: %s before any path", file, line, words[0])
		}
		e := &paths[len(paths)-1]
		if err := e.parse(words[0], words[1:]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, line, err)
		}
		if words[0] == "path" && slices.ContainsFunc(paths[:len(paths)-1], func(other escalation) bool { return other.ID == e.ID }) {
			return nil, fmt.Errorf("%s:%d: path %s a second time", file, line, e.ID)
		}
	}
	if err := complete(paths); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, line, err)
	}
	return paths, nil
}

// complete says what the last path lacks.
func complete(paths []escalation) error {
	if len(paths) == 0 {
		return nil
	}
	e := paths[len(paths)-1]
	for _, part := range []struct {
		name    string
		missing bool
	}{{"needs", len(e.Needs) == 0}, {"if", e.If == ""}, {"source", len(e.Sources) == 0}} {
		if part.missing {
			return fmt.Errorf("path %s has no %q", e.ID, part.name)
		}
	}
	return nil
}

func (e *escalation) parse(keyword string, words []string) error {
	if (len(words) == 0) != (keyword == "depends") {
		return fmt.Errorf("%s with %d words", keyword, len(words))
	}
	switch keyword {
	case "path":
		if len(words) < 2 {
			return fmt.Errorf("path %s has no title", words[0])
		}
		e.ID, e.Title = words[0], strings.Join(words[1:], " ")
	case "needs":
		for _, word := range words {
			e.Needs = append(e.Needs, strings.Split(word, "|"))
		}
	case "passes":
		e.Passes = words
	case "same":
		for _, action := range words {
			if !slices.ContainsFunc(e.Needs, func(n []string) bool { return len(n) == 1 && n[0] == action }) {
				return fmt.Errorf("same %s, which the path does not need", action)
			}
		}
		e.Same = words
	case "if":
		e.If = strings.Join(words, " ")
	case "depends":
		e.Depends = true
	case "source":
		if !slices.Contains(lists, words[0]) || len(words) > 2 {
			return fmt.Errorf("source %q is not one of %s, with a name there", strings.Join(words, " "), strings.Join(lists, ", "))
		}
		e.Sources = append(e.Sources, strings.Join(words, " "))
	default:
		return fmt.Errorf("unknown keyword %q", keyword)
	}
	return nil
}
