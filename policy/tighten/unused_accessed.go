package tighten

import (
	"fmt"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/policy/current"
)

// lastAccessed is when IAM last saw each action since the window began, by its ID in lower case
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html). Services that IAM
// tracks as a whole say nothing of one action.
func lastAccessed(role current.Role, opt UnusedOptions) map[string]time.Time {
	first, _ := window(opt.Stats.Coverage)
	out := map[string]time.Time{}
	for _, a := range role.Accessed {
		id := strings.ToLower(a.Action)
		if !strings.HasSuffix(id, ":*") && !a.Last.Before(first) && a.Last.After(out[id]) {
			out[id] = a.Last
		}
	}
	return out
}

// seenByIAM says that IAM saw the action at a time that nothing in the log accounts for, "" if it did not. It
// does not tell the resource, and counts attempts: neither a use elsewhere nor a denied call would show
// that this permission is in use.
func (s *silence) seenByIAM(g *granted, uses []use) string {
	at := s.accessed[strings.ToLower(g.id)]
	if at.IsZero() || !at.After(s.end) && (len(uses) > 0 || s.denied[g.id]) {
		return ""
	}
	return fmt.Sprintf("IAM saw it on %s, an attempt at least, and does not tell on which resource", at.UTC().Format(time.DateOnly))
}
