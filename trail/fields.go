package trail

import (
	"slices"
	"strings"
	"sync"
)

// projection is a compiled Fields.
type projection struct {
	paths []path // sorted by text
	wide  string
}

// path is one compiled path of Fields.
type path struct {
	text    string
	from    string // "", "responseElements", "additionalEventData", "resources" …
	kind    string // resource type
	steps   []step
	present bool
}

// step goes from a value to those below it.
type step struct {
	name string // of a member; unused for the others
	over over
	// where, if not empty, chooses the elements in which this member is the value is, or those
	// without the member if is is empty.
	where, is string
}

type over byte

const (
	member over = iota
	elements
	members // names if last, values otherwise
)

var starts = map[string]bool{
	"responseElements": true, "additionalEventData": true,
	"resources": true, "resourcePrefixes": true, "resourceAccounts": true,
}

func compile(f Fields) *projection {
	p := &projection{wide: f.Wide}
	texts := slices.Clone(f.Paths)
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		p.paths = append(p.paths, compilePath(text))
	}
	return p
}

func compilePath(text string) path {
	p := path{text: text}
	rest, present := strings.CutPrefix(text, "?")
	p.present = present
	if from, after, ok := strings.Cut(rest, ":"); ok && starts[from] {
		p.from, rest = from, after
	}
	if strings.HasPrefix(p.from, "resource") {
		p.kind = rest
		return p
	}
	for part := range strings.SplitSeq(rest, ".") {
		p.steps = append(p.steps, stepsOf(part)...)
	}
	return p
}

// stepsOf reads what stands between two dots: a member, then any number of "[]", "[member:value]"
// and "{}".
func stepsOf(part string) []step {
	name := part
	if i := strings.IndexAny(part, "[{"); i >= 0 {
		name = part[:i]
	}
	steps := []step{{name: name}}
	for rest := part[len(name):]; rest != ""; {
		end := strings.IndexAny(rest, "]}")
		if end < 0 {
			return steps
		}
		if rest[0] == '{' {
			steps = append(steps, step{over: members})
		} else {
			where, is, _ := strings.Cut(rest[1:end], ":")
			steps = append(steps, step{over: elements, where: where, is: is})
		}
		rest = rest[end+1:]
	}
	return steps
}

// projections asks Query.Fields once for each kind of event. It is safe for concurrent use.
type projections struct {
	fields func(eventSource, eventName string) Fields
	known  sync.Map // [2]string to *projection
}

func (p *projections) of(e *Event) *projection {
	if p.fields == nil {
		return nothing
	}
	kind := [2]string{e.EventSource, e.EventName}
	if known, ok := p.known.Load(kind); ok {
		return known.(*projection)
	}
	known, _ := p.known.LoadOrStore(kind, compile(p.fields(e.EventSource, e.EventName)))
	return known.(*projection)
}

var nothing = &projection{}
