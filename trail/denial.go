package trail

import "strings"

// deniers are the policy types in denial messages, longest first where one contains another.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var deniers = []struct{ text, by string }{
	{"identity-based polic", "identity"},
	{"resource-based polic", "resource"},
	{"permissions boundar", "boundary"},
	{"session polic", "session"},
	{"service control polic", "scp"},
	{"resource control polic", "rcp"},
	{"vpc endpoint polic", "vpce"},
}

// maxMessage is the length in bytes at which CloudTrail cuts errorMessage.
const maxMessage = 1024

// ParseDenial reads what an access-denied message names. Its grammar is
//
//	User: ARN is not authorized to perform: ACTION on resource: RESOURCE because no TYPE policy allows the ACTION action
//	User: ARN is not authorized to perform: ACTION on resource: RESOURCE with an explicit deny in a TYPE policy
//
// with any text around it, the resource perhaps in quotes, and both the resource and the reason
// perhaps missing. A resource that CloudTrail may have cut short is left out.
func ParseDenial(message string) Denial {
	_, rest, ok := strings.Cut(message, "is not authorized to perform: ")
	if !ok {
		return Denial{}
	}
	var d Denial
	d.Action, rest = word(rest)
	d.Action = strings.TrimRight(d.Action, ".,;")
	if !validAction(d.Action) {
		return Denial{}
	}
	if after, ok := strings.CutPrefix(strings.TrimSpace(rest), "on resource: "); ok {
		d.Resource, rest = resource(after, len(message) >= maxMessage || strings.HasSuffix(message, "..."))
	}
	reason := strings.ToLower(rest)
	d.Explicit = strings.Contains(reason, "with an explicit deny")
	for _, denier := range deniers {
		if strings.Contains(reason, denier.text) {
			d.By = denier.by
			break
		}
	}
	return d
}

// word cuts text at its first space.
func word(text string) (first, rest string) {
	if i := strings.IndexByte(text, ' '); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

// resource reads the resource at the start of text, which is "" if cut says that the message was
// cut short and the resource reaches its end.
func resource(text string, cut bool) (name, rest string) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		// A name may hold quotes itself; the closing one is followed by the reason or by nothing.
		end := firstIndex(quoted, `" because `, `" with an explicit deny`)
		if end < 0 {
			if end = len(quoted) - 1; end < 0 || quoted[end] != '"' {
				return "", ""
			}
		}
		return quoted[:end], quoted[end+1:]
	}
	// So may a name hold spaces.
	if end := firstIndex(text, " because ", " with an explicit deny"); end >= 0 {
		return text[:end], text[end:]
	}
	name, rest = word(text)
	if rest == "" && cut {
		return "", ""
	}
	return name, rest
}

// firstIndex returns where the first of the texts occurs in s, -1 if none does.
func firstIndex(s string, texts ...string) int {
	first := -1
	for _, text := range texts {
		if i := strings.Index(s, text); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

// validAction reports whether text looks like "service:Action".
func validAction(text string) bool {
	service, name, ok := strings.Cut(text, ":")
	if !ok || service == "" || name == "" {
		return false
	}
	for _, r := range service + name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
