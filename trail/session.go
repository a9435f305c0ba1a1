package trail

import (
	"regexp"
	"strings"
)

// varying matches the parts of a session name that change from session to session: UUIDs, runs of
// four or more digits (times, counters; a shorter run is more often part of a name, as in
// orders-2), and words of twelve or more hexadecimal digits.
var varying = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{12,}|[0-9]{4,}`)

// lambdaOwnSession is what sessions of Lambda itself normalise to.
const lambdaOwnSession = "awslambda_#_#"

// NormalizeSession replaces by "#" what varies from one session of the same caller to the next, so
// that the number of distinct names stays small. "#" cannot be in a session name.
func NormalizeSession(session string) string {
	if lambdaSession.MatchString(session) {
		return lambdaOwnSession
	}
	return varying.ReplaceAllStringFunc(session, func(part string) string {
		if len(part) >= 12 && !strings.ContainsAny(part, "0123456789") {
			return part // a word, such as "deadbeefface"
		}
		return "#"
	})
}
