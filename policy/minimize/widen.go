package minimize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whittle-iam/whittle/policy"
)

// widenable says, for the services whose resources have parts of their own, where the name of the
// resource ends in an ARN's sixth field: after the count-th separator. Resources may be merged
// only behind it, so within one bucket, table, log group, function, stream, API or state machine.
var widenable = map[string]struct {
	separator string
	count     int
}{
	"s3":          {"/", 1}, // bucket/key
	"dynamodb":    {"/", 2}, // table/name/index/name
	"logs":        {":", 2}, // log-group:name:log-stream:name
	"lambda":      {":", 2}, // function:name:alias
	"kinesis":     {"/", 2}, // stream/name/consumer/name
	"execute-api": {"/", 1}, // api/stage/method/path
	"states":      {":", 2}, // execution:machine:name
}

// nameEnd returns how many bytes of a resource a merger must keep, false where none is allowed.
func nameEnd(resource string) (int, bool) {
	arn, err := policy.ParseARN(resource)
	if err != nil {
		return 0, false
	}
	rule, ok := widenable[arn.Service]
	if !ok || arn.Service == "s3" && arn.Region != "" { // access points
		return 0, false
	}
	rest := arn.Resource
	for range rule.count {
		if _, rest, ok = strings.Cut(rest, rule.separator); !ok {
			return 0, false
		}
	}
	return len(resource) - len(rest), true
}

// A widener merges resources of statements step by step, the longest common beginnings first.
type widener struct {
	lists []*resourceList
	steps []step
}

// A resourceList is the resources of one statement, sorted, so that those with a common beginning
// are neighbours.
type resourceList struct {
	statement policy.Statement
	texts     []string
	// common[i] is how long the beginning is that texts i and i+1 may be merged at, 0 for none.
	common []int
	// first and last are the bounds of the group that each text is in; merged is the length of
	// what the group has in common, 0 for a text on its own.
	first, last, merged []int
}

// A step merges text at and its successor in a list.
type step struct{ list, at, common int }

func newWidener(statements []policy.Statement) *widener {
	w := &widener{}
	for i, s := range (policy.Document{Statements: statements}).Canonical().Statements {
		l := &resourceList{statement: s, texts: s.Resources}
		for j := range l.texts {
			l.first, l.last, l.merged = append(l.first, j), append(l.last, j), append(l.merged, 0)
			if j == 0 {
				continue
			}
			common := 0
			if s.Effect == policy.Allow { // a wider Deny would be another policy
				common = mergeAt(l.texts[j-1], l.texts[j])
			}
			if l.common = append(l.common, common); common > 0 {
				w.steps = append(w.steps, step{i, j - 1, common})
			}
		}
		w.lists = append(w.lists, l)
	}
	slices.SortFunc(w.steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(b.common, a.common), cmp.Compare(a.list, b.list), cmp.Compare(a.at, b.at))
	})
	return w
}

// mergeAt returns the length of the longest common beginning of a and b that keeps their name, and
// cuts neither a character nor a "${…}".
func mergeAt(a, b string) int {
	keep, ok := nameEnd(a)
	if keepB, okB := nameEnd(b); !ok || !okB || keep != keepB || a[:keep] != b[:keep] {
		return 0
	}
	n := keep
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > keep && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	if open := strings.LastIndex(a[:n], "${"); open >= keep && !strings.Contains(a[open:n], "}") {
		n = open
	}
	if n > keep && n < len(a) && a[n-1] == '$' && a[n] == '{' {
		n--
	}
	return n
}

// widen takes the next step, and returns by how many characters the policy gets smaller, false if
// there is no step left.
func (w *widener) widen() (saved int, ok bool) {
	for len(w.steps) > 0 {
		s := w.steps[0]
		w.steps = w.steps[1:]
		if l := w.lists[s.list]; l.first[s.at] != l.first[s.at+1] {
			return l.merge(s.at, s.common), true
		}
	}
	return 0, false
}

// merge joins the groups of the texts at and at+1 and all other texts with the same beginning.
func (l *resourceList) merge(at, common int) (saved int) {
	first, last := l.first[at], l.last[at+1]
	for first > 0 && l.common[first-1] >= common {
		first = l.first[first-1]
	}
	for last < len(l.texts)-1 && l.common[last] >= common {
		last = l.last[last+1]
	}
	for i := first; i <= last; i = l.last[i] + 1 {
		saved += listedSize(l.pattern(i))
	}
	for i := first; i <= last; i++ {
		l.first[i], l.last[i], l.merged[i] = first, last, common
	}
	saved -= listedSize(l.pattern(first))
	if first == 0 && last == len(l.texts)-1 {
		saved += len("[]")
	}
	return saved
}

// listedSize is how much a text adds to a list: itself and a comma.
func listedSize(text string) int {
	one := policy.Statement{Resources: []string{text}}
	return statementSize(one) - statementSize(policy.Statement{Resources: []string{""}}) + len(`"",`)
}

// pattern returns what stands for the group that begins with text i.
func (l *resourceList) pattern(i int) string {
	if l.merged[i] == 0 {
		return l.texts[i]
	}
	return strings.TrimSuffix(l.texts[i][:l.merged[i]], "*") + "*"
}

// statements returns the statements with what has been merged so far.
func (w *widener) statements() []policy.Statement {
	out := make([]policy.Statement, len(w.lists))
	for i, l := range w.lists {
		out[i] = l.statement
		if l.texts == nil {
			continue
		}
		out[i].Resources = []string{}
		for j := 0; j < len(l.texts); j = l.last[j] + 1 {
			out[i].Resources = append(out[i].Resources, l.pattern(j))
		}
	}
	return out
}

// widenings returns the groups merged so far.
func (w *widener) widenings() []Widening {
	var out []Widening
	for _, l := range w.lists {
		for j := 0; j < len(l.texts); j = l.last[j] + 1 {
			if l.merged[j] > 0 {
				out = append(out, Widening{
					From: l.texts[j : l.last[j]+1], To: l.pattern(j),
					Actions: l.statement.Actions, Conditions: l.statement.Conditions,
				})
			}
		}
	}
	return out
}
