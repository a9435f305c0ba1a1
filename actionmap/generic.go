package actionmap

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// genericFills guesses how events name a resource of type t: by an ARN among the event's resources, or
// by parameters named like the variables of the ARN format, as ${TableName} and tableName, tableId,
// tableArn. What it finds must still fit the type.
func genericFills(t *resourceType, a *reference.Action) [][]arg {
	fills := [][]arg{{arnArg("resources:")}}
	typeName := camel(t.name)
	// DescribeCluster names a cluster by "name", but GetTable names no database so.
	only := len(a.Resources) == 1 || hasSuffixFold(a.Name, typeName)
	for _, f := range t.formats {
		if len(f.names) == 0 {
			continue
		}
		last := f.names[len(f.names)-1]
		var fill []arg
		var taken []string // no parameter fills two variables
		for _, name := range f.names {
			paths := candidates(name)
			if name == last {
				paths = append(paths, candidates(typeName)...)
			}
			if name == last && only {
				paths = append(paths, "name", "Name", "id", "identifier")
			}
			if isID(name) { // the name of something is not its ID
				paths = slices.DeleteFunc(paths, func(p string) bool { return hasSuffixFold(strings.TrimSuffix(p, "s[]"), "name") })
			}
			paths = slices.DeleteFunc(unique(paths), func(p string) bool { return slices.Contains(taken, p) })
			taken = append(taken, paths...)
			fill = append(fill, arg{paths: paths, form: nameOrARN})
		}
		whole := append(candidates(typeName), candidates(last)...)
		whole = append(whole, "resourceArn", "resourceARN", "resource", "resourceArns[]", "arn", "aRN")
		fills = append(fills, fill, []arg{arnArg(unique(whole)...)})
	}
	return fills
}

func arnArg(paths ...string) arg { return arg{paths: paths, form: arnOnly, formName: "arn"} }

func isID(variable string) bool {
	return strings.HasSuffix(variable, "Id") || strings.HasSuffix(variable, "ID")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// endings are what the names of variables add to a resource's own.
var endings = []string{"NameWithPath", "IdWithPath", "Name", "Identifier", "Id", "ID", "Arn", "ARN"}

// abbreviation is a first word that requests may write in capitals: DbInstance is dBInstance there.
var abbreviation = regexp.MustCompile(`^[A-Z][a-z]{1,2}([A-Z]|$)`)

// candidates returns the parameters that may hold a variable. CloudTrail writes the members of a request
// with a lower first letter, a few services with an upper one.
func candidates(variable string) []string {
	base := variable
	for _, e := range endings {
		if b, ok := strings.CutSuffix(variable, e); ok && b != "" {
			base = b
			break
		}
	}
	paths := []string{lowerFirst(variable), variable}
	for _, b := range unique([]string{base, abbreviation.ReplaceAllStringFunc(base, strings.ToUpper)}) {
		for _, e := range []string{"", "Name", "Id", "Identifier", "Arn", "ARN", "Names[]", "Ids[]", "Arns[]"} {
			paths = append(paths, lowerFirst(b+e))
		}
	}
	return paths
}

// unique leaves out repetitions and keeps the order.
func unique(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// camel joins the words of a resource type: "code-signing config" becomes "CodeSigningConfig".
func camel(s string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
