package report

import (
	"fmt"
	"strings"
)

// The words for a difference that every notation for eyes uses. They hold names from policies and
// logs as they are: who prints them makes them safe.

// writing are the access levels that change something.
var writing = map[string]bool{"Write": true, "Tagging": true, "Permissions management": true}

// patterns says which names are meant: "a, b within c except d, e", a word an element.
func patterns(include, within, except []string) []string {
	out := commas(include)
	if len(within) > 0 {
		out = append(append(out, "within"), commas(within)...)
	}
	if len(except) > 0 {
		out = append(append(out, "except"), commas(except)...)
	}
	return out
}

func (c Change) actionWords() []string { return patterns(c.Actions, nil, c.ActionsExcept) }

func (c Change) resourceWords() []string {
	return patterns(c.Resources, c.ResourcesWithin, c.ResourcesExcept)
}

// today says how many actions are meant.
func (c Change) today() string {
	var parts []string
	if len(c.Known) > 0 {
		parts = append(parts, Plural(int64(len(c.Known)), "action"))
	}
	if len(c.Unknown) > 0 {
		parts = append(parts, fmt.Sprintf("%d that the reference lacks", len(c.Unknown)))
	}
	if c.Future {
		parts = append(parts, "future ones")
	}
	if len(parts) == 0 {
		return "no action"
	}
	return strings.Join(parts, " and ")
}

// levels says which access levels the actions of today have.
func (c Change) levels() string {
	parts := make([]string, len(c.AccessLevels))
	for i, l := range c.AccessLevels {
		parts[i] = fmt.Sprintf("%d %s", l.Count, l.Level)
	}
	if len(parts) == 1 && len(c.Known) == 1 {
		return c.AccessLevels[0].Level
	}
	return strings.Join(parts, ", ")
}

func (c Change) writes() bool {
	for _, l := range c.AccessLevels {
		if writing[l.Level] && l.Count > 0 {
			return true
		}
	}
	return false
}

// String is "StringEquals aws:SourceVpce vpce-1", several values in brackets.
func (c Condition) String() string {
	values := strings.Join(c.Values, ", ")
	if len(c.Values) != 1 {
		values = "[" + values + "]"
	}
	return fmt.Sprintf("%s %s %s", c.Operator, c.Key, values)
}

func conditions(cs []Condition) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.String()
	}
	return strings.Join(parts, " and ")
}

// anyOf says that one of several sets of conditions holds; empty if one of them always does.
func anyOf(sets [][]Condition) string {
	parts := make([]string, len(sets))
	for i, cs := range sets {
		if len(cs) == 0 {
			return ""
		}
		parts[i] = conditions(cs)
		if len(sets) > 1 && len(cs) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " or ")
}

// String says when it is allowed: "always", or "when ... within a boundary when ... unless ...".
func (a *Access) String() string {
	if a == nil {
		return "never"
	}
	out := "always"
	if len(a.When) == 0 {
		return "never"
	}
	if s := anyOf(a.When); s != "" {
		out = "when " + s
	}
	if len(a.Boundary) > 0 {
		if s := anyOf(a.Boundary); s != "" {
			out += ", within the boundary when " + s
		}
	}
	for i, cs := range a.Unless {
		join := ", unless "
		if i > 0 {
			join = " or "
		}
		s := conditions(cs)
		if s == "" {
			return "never"
		}
		if len(cs) > 1 && len(a.Unless) > 1 {
			s = "(" + s + ")"
		}
		out += join + s
	}
	return out
}

// String is the request: "s3:PutObject on arn:... with aws:SourceVpce=vpce-1".
func (w Witness) String() string {
	out := w.Action + " on " + w.Resource
	for i, v := range w.Context {
		join := " with "
		if i > 0 {
			join = ", "
		}
		value := strings.Join(v.Values, ",")
		if v.Multi {
			value = "[" + value + "]"
		}
		out += join + v.Key + "=" + value
	}
	if !w.Confirmed {
		out += " (not confirmed by the evaluator)"
	}
	return out
}

// String says how it was used: "3 calls, last 2026-10-03 (s3:GetObject 3)".
func (u ChangeUsage) String() string {
	switch {
	case u.Status == Unobservable && u.Why != "":
		return "cannot be seen: " + u.Why
	case u.Status == Unobservable:
		return "cannot be seen"
	case u.Evidence.Count == 0:
		return "not seen"
	}
	out := fmt.Sprintf("%s, last %s", Plural(u.Evidence.Count, "call"), day(u.Evidence.Last))
	if len(u.Used) > 0 {
		parts := make([]string, len(u.Used))
		for i, a := range u.Used {
			parts[i] = fmt.Sprintf("%s %d", a.Action, a.Count)
		}
		out += " (" + strings.Join(parts, ", ") + ")"
	}
	return out
}

// String is the place as compilers write it: "file:line:column".
func (l Location) String() string {
	out := l.File
	if l.Line > 0 {
		out += fmt.Sprintf(":%d", l.Line)
		if l.Column > 0 {
			out += fmt.Sprintf(":%d", l.Column)
		}
	}
	return out
}

// isUnknown says that an undecided change is about a policy that is not known.
func (c Change) isUnknown() bool {
	return c.Kind == "undecided" && !c.Future && len(c.Known)+len(c.Unknown) == 0 && c.OldAccess == nil && c.NewAccess == nil
}
