package generalize

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/policy/glob"
)

// A tree walks the names level by level. At each level names are told apart where their values are
// listed and go on together where the level is variable. Every name is looked at once a level, so the
// work is linear in names times levels; the tree itself is never built.
type tree struct {
	separator string
	// last is the end of the observed window.
	last time.Time
	// limit is how many values of a level are listed at most.
	limit int
	// shapes are what came out, by pattern.
	shapes map[string]*shape
}

// descend handles names that agree, as far as they are not variable, on the levels before depth. The
// pattern of those levels is path.
func (t *tree) descend(names []*name, depth int, path *path) {
	if len(t.shapes) > MaxPatterns && t.limit > 1 {
		return // Names tries again with a lower limit.
	}
	var leaves, inner, open []*name
	for _, n := range names {
		switch {
		case n.open && len(n.levels) == depth:
			open = append(open, n)
		case !n.open && len(n.levels) == depth+1:
			leaves = append(leaves, n)
		default:
			inner = append(inner, n)
		}
	}
	t.emitOpen(open, path)
	for _, c := range t.clusters(leaves, depth, true) {
		t.emit(path.join(c.text, c.notes...).warn(c.caution), c.names)
	}
	for _, c := range t.clusters(inner, depth, false) {
		t.descend(c.names, depth+1, path.join(c.text+escape(t.separator), c.notes...).warn(c.caution))
	}
}

// emitOpen gives each folded name its pattern, or one to all where they are too many.
func (t *tree) emitOpen(names []*name, path *path) {
	folded := note{ReasonFolded, "the rest of names too many to record each"}
	starts := group(names, func(n *name) level { return level{raw: n.tail}.literal() })
	if len(starts) > t.limit {
		t.emit(path.join("*", folded), names)
		return
	}
	for _, s := range starts {
		t.emit(path.join(s.text+"*", append(s.notes, folded)...), s.names)
	}
}

// emit records that path is the pattern for names.
func (t *tree) emit(path *path, names []*name) {
	text, notes := path.pattern()
	s := t.shapes[text]
	if s == nil {
		s = &shape{}
		t.shapes[text] = s
	}
	s.names = append(s.names, names...)
	if s.caution == "" {
		s.caution = path.caution()
	}
	for _, n := range notes {
		if len(s.notes) < maxNotes && !slices.Contains(s.notes, n) {
			s.notes = append(s.notes, n)
		}
	}
}

// maxNotes bounds the notes of one pattern.
const maxNotes = 8

// A shape is a pattern with the names that it stands for.
type shape struct {
	notes   []note
	names   []*name
	caution string
}

// escape is the pattern of literal text, wider than the text only where a policy cannot hold it.
func escape(raw string) string {
	text, _ := glob.Literal(raw)
	return text
}

func (s *shape) reason() Reason {
	if len(s.notes) == 0 {
		return ""
	}
	return s.notes[0].reason
}

func (s *shape) detail(text, separator string) string {
	if len(s.notes) == 0 {
		return ""
	}
	detail := fmt.Sprintf("%d distinct names; variable: ", len(s.names))
	if len(s.names) == 1 {
		detail = "1 name; variable: "
	}
	for i, n := range s.notes {
		if i > 0 {
			detail += ", "
		}
		detail += n.text
	}
	if separator != "" && strings.Contains(strings.ReplaceAll(text, "${*}", ""), "*") {
		detail += fmt.Sprintf("; \"*\" matches %q too", separator)
	}
	return detail
}
