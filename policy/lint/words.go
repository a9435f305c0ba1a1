package lint

import (
	"fmt"
	"strings"
)

// list joins the first n texts, quoted, and says how many more there are.
func list(texts []string, n int) string {
	var quoted []string
	for _, text := range texts[:min(n, len(texts))] {
		quoted = append(quoted, quote(text))
	}
	switch more := len(texts) - n; {
	case len(texts) == 0:
		return "none"
	case more > 0:
		return fmt.Sprintf("%s and %s more", strings.Join(quoted, ", "), thousands(more))
	}
	return and(quoted)
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// few joins the first n names, and says how many more there are.
func few(names []string, n int) string {
	if len(names) <= n {
		return and(names)
	}
	return fmt.Sprintf("%s and %s more", strings.Join(names[:n], ", "), thousands(len(names)-n))
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
