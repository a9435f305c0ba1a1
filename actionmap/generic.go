package actionmap

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// genericFills guesses how events name a resource of type t: by an ARN in the event's resources, or by
// parameters named like the variables of the ARN format, as ${TableName} and tableName, tableId,
// tableArn.
func genericFills(t *resourceType, a *reference.Action) [][]arg {
	fills := [][]arg{{{paths: []string{"resources:"}, form: arnOnly, formName: "arn"}}}
	// DescribeCluster names a cluster by "name", but GetTable names no database so.
	only := len(a.Resources) == 1 || strings.HasSuffix(strings.ToLower(a.Name), strings.ToLower(camel(t.name)))
	for _, f := range t.formats {
		if len(f.names) == 0 {
			continue
		}
		var fill []arg
		for i, name := range f.names {
			paths := candidates(name)
			if i == len(f.names)-1 && len(f.names) == 1 {
				paths = append(paths, candidates(camel(t.name))...)
			}
			if only && i == len(f.names)-1 {
				paths = append(paths, "name", "id", "identifier")
			}
			fill = append(fill, arg{paths: unique(paths), form: nameOrARN})
		}
		fills = append(fills, fill)
		whole := candidates(camel(t.name))
		for _, name := range f.names[len(f.names)-1:] {
			whole = append(whole, candidates(name)...)
		}
		whole = append(whole, "resourceArn", "resourceARN", "arn", "aRN")
		fills = append(fills, []arg{{paths: unique(whole), form: arnOnly, formName: "arn"}})
	}
	return fills
}

// endings are what the names of parameters and variables add to a resource's own.
var endings = []string{"NameWithPath", "IdWithPath", "Name", "Id", "ID", "Identifier", "Arn", "ARN"}

// candidates returns the parameters that may hold the variable: CloudTrail writes the members of a
// request with a lower first letter.
func candidates(variable string) []string {
	base := variable
	for _, e := range endings {
		if b, ok := strings.CutSuffix(variable, e); ok && b != "" {
			base = b
			break
		}
	}
	paths := []string{lowerFirst(variable)}
	for _, b := range []string{base, abbreviation.ReplaceAllStringFunc(base, strings.ToUpper)} {
		for _, e := range []string{"", "Name", "Id", "Identifier", "Arn", "ARN"} {
			paths = append(paths, lowerFirst(b+e))
		}
	}
	return paths
}

// abbreviation is a first word that requests may write in capitals: DbInstance is dBInstance there.
var abbreviation = regexp.MustCompile(`^[A-Z][a-z]{1,2}([A-Z]|$)`)

func unique(paths []string) []string {
	var out []string
	for _, p := range paths {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func lowerFirst(s string) string {
	return strings.ToLower(s[:1]) + s[1:]
}

// camel joins the words of a resource type: "code-signing config" becomes "CodeSigningConfig".
func camel(s string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
