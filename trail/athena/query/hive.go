package query

import "strings"

// member returns the type of a member of a struct, or of the elements of an array of structs, and whether
// there is one. Names are compared as Hive does, whatever their case.
func member(hiveType, name string) (string, bool) {
	inner, ok := inside(hiveType, "struct<")
	if !ok {
		return "", false
	}
	for _, part := range splitTop(inner) {
		if field, of, ok := strings.Cut(part, ":"); ok && strings.EqualFold(strings.TrimSpace(field), name) {
			return strings.TrimSpace(of), true
		}
	}
	return "", false
}

// element returns the type of the elements of an array.
func element(hiveType string) (string, bool) { return inside(hiveType, "array<") }

func inside(hiveType, start string) (string, bool) {
	t := strings.TrimSpace(hiveType)
	if len(t) < len(start)+1 || !strings.EqualFold(t[:len(start)], start) || t[len(t)-1] != '>' {
		return "", false
	}
	return t[len(start) : len(t)-1], true
}

// splitTop splits at the commas that are in no brackets.
func splitTop(text string) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '<', '(':
			depth++
		case '>', ')':
			depth--
		case ',':
			if depth == 0 {
				parts, from = append(parts, text[from:i]), i+1
			}
		}
	}
	return append(parts, text[from:])
}

// isText reports whether a type's values are single ones that have a text.
func isText(hiveType string) bool { return !strings.Contains(hiveType, "<") && hiveType != "binary" }
