package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// A projection says in SQL's terms what Query.Fields asks of a kind of event. Its tokens, sorted, are
//
//	a.b      the member b of the member a of requestParameters
//	a[].b    the member b of each element of the array a
//	a{       the names of the members of a, with any values
//	a?       a, as true if it is there
//	<a, >a   the same of responseElements and of additionalEventData
//	#T, ##T  the ARNs and the ARN prefixes of resources of type T, or of any type
//	#@T      the accounts of such resources
//	*        all of requestParameters but its tokens, in place of more than maxTokens
//	!a       the member a of requestParameters is the name that may get gaps
//
// They keep as much as the paths ask for or more. More does no harm but to the number of rows.
type projection []string

// depth is to how many levels of members the tokens go. What lies deeper is kept with its level.
const depth = 3

// maxTokens is how many members are asked for one by one. The calls with more, such as CreateReplicationGroup,
// are the rare ones that make things: their few rows cost less than the text that would name the members.
const maxTokens = 16

// project returns the projection for fields, and an error for a path that no event could hold.
func project(f trail.Fields) (projection, error) {
	var p projection
	for _, path := range f.Paths {
		tokens, err := tokensOf(path)
		if err != nil {
			return nil, err
		}
		p = append(p, tokens...)
	}
	if f.Wide != "" && !strings.ContainsAny(f.Wide, ":.[{?") && slices.Contains(f.Paths, f.Wide) {
		p = append(p, "!"+f.Wide)
	}
	slices.Sort(p)
	p = slices.Compact(p)
	if len(p) > maxTokens && !slices.ContainsFunc(p, isToken) {
		p = slices.DeleteFunc(p, func(token string) bool { return strings.IndexByte("<>#!", token[0]) < 0 })
		p = append(projection{"*"}, p...)
	}
	// The whole of something includes its parts; names alone do not mix with members.
	return slices.DeleteFunc(p, func(token string) bool {
		for i := range len(token) {
			if strings.IndexByte(".[{?", token[i]) >= 0 && slices.Contains(p, token[:i]) {
				return true
			}
		}
		return false
	}), nil
}

// isToken reports whether a member is one of those, such as clientToken, that make each request unique. The
// SQL for "*" has the same test.
func isToken(member string) bool { return strings.HasSuffix(strings.ToLower(member), "token") }

func tokensOf(path string) ([]string, error) {
	if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == ',' || r == 0x7f }) {
		return nil, fmt.Errorf("path %q holds what no name of a parameter does", path)
	}
	rest, present := strings.CutPrefix(path, "?")
	from := ""
	for _, start := range []struct{ text, token string }{
		{"responseElements:", "<"}, {"additionalEventData:", ">"},
		{"resources:", "#"}, {"resourcePrefixes:", "##"}, {"resourceAccounts:", "#@"},
	} {
		if after, ok := strings.CutPrefix(rest, start.text); ok {
			from, rest = start.token, after
			break
		}
	}
	if strings.HasPrefix(from, "#") {
		return []string{from + rest}, nil
	}
	if rest == "" || strings.IndexByte("!#<>*", rest[0]) >= 0 && from == "" {
		return nil, fmt.Errorf("path %q begins as no name of a parameter does", path)
	}
	return memberTokens(from, rest, present), nil
}

// memberTokens goes down the steps of a path as far as tokens go.
func memberTokens(token, path string, present bool) []string {
	var tokens []string
	parts := strings.Split(path, ".")
	for i, part := range parts {
		name, steps := part, ""
		if at := strings.IndexAny(part, "[{"); at >= 0 {
			name, steps = part[:at], part[at:]
		}
		token += name
		last := i == len(parts)-1
		switch {
		case last && steps == "" && present:
			return append(tokens, token+"?")
		case last && steps == "{}":
			return append(tokens, token+"{")
		case last || i == depth-1:
			return append(tokens, token)
		case steps == "":
			token += "."
		case steps[0] == '[' && strings.IndexByte(steps, ']') == len(steps)-1:
			token += "[]."
			if where, _, _ := strings.Cut(steps[1:len(steps)-1], ":"); where != "" {
				tokens = append(tokens, token+where)
			}
		default: // lists of lists, and values of all members
			return append(tokens, token)
		}
	}
	return tokens
}
