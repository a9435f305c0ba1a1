package files

import (
	"bytes"
	"encoding/json"
	"iter"
)

// A node is one value of a source's text, from start to end. Reading nodes cannot fail for syntax:
// newSource has checked it.
type node struct {
	*source
	start, end int
}

// object is an object's members by name.
type object struct {
	node
	members map[string]node
	names   []string
}

// maxMembers is how many members an object that is not within a policy may have. The most are those of
// a file with all of AWS's managed policies by ARN, some 1,500.
const maxMembers = 100_000

func (s *source) root() node {
	start := skipSpace(s.text, 0)
	return node{s, start, skipValue(s.text, start)}
}

// bytes is the value's JSON.
func (n node) bytes() []byte { return n.text[n.start:n.end] }

func (n node) isObject() bool { return n.text[n.start] == '{' }
func (n node) isList() bool   { return n.text[n.start] == '[' }
func (n node) isText() bool   { return n.text[n.start] == '"' }
func (n node) isNull() bool   { return n.text[n.start] == 'n' }
func (n node) isTrue() bool   { return n.text[n.start] == 't' }

// kind names the value's type.
func (n node) kind() string {
	switch n.text[n.start] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

func (n node) errorf(format string, args ...any) error {
	return n.source.errorf(n.start, format, args...)
}

// string returns the value of a node that isText.
func (n node) string() string {
	var s string
	if json.Unmarshal(n.bytes(), &s) != nil {
		return "" // not possible: the text is valid
	}
	return s
}

// elements are those of a list.
func (n node) elements() iter.Seq[node] {
	return func(yield func(node) bool) {
		for i := skipSpace(n.text, n.start+1); n.text[i] != ']'; {
			end := skipValue(n.text, i)
			if !yield(node{n.source, i, end}) {
				return
			}
			i = next(n.text, end)
		}
	}
}

// object reads the members of an object. Which of two members of one name counts is for nobody to
// guess, so that is an error.
func (n node) object(what string) (object, error) {
	o := object{node: n, members: map[string]node{}}
	if !n.isObject() {
		return o, n.errorf("%s must be an object, not %s", what, n.kind())
	}
	for i := skipSpace(n.text, n.start+1); n.text[i] != '}'; {
		key := node{n.source, i, skipString(n.text, i)}
		name := key.string()
		i = next(n.text, key.end) // past the colon
		value := node{n.source, i, skipValue(n.text, i)}
		if _, ok := o.members[name]; ok {
			return o, key.errorf("%s has %q twice", what, name)
		}
		if len(o.names) == maxMembers {
			return o, key.errorf("%s has more than %d members", what, maxMembers)
		}
		o.members[name] = value
		o.names = append(o.names, name)
		i = next(n.text, value.end)
	}
	return o, nil
}

// has reports whether there is a member of the name that is not null: SDKs write what is absent so.
func (o object) has(name string) bool {
	n, ok := o.members[name]
	return ok && !n.isNull()
}

// knows reports whether there is a member of the name, null or not.
func (o object) knows(name string) bool {
	_, ok := o.members[name]
	return ok
}

// optional is the string of that name, or "".
func (o object) optional(name string) (string, error) {
	if !o.has(name) {
		return "", nil
	}
	n := o.members[name]
	if !n.isText() {
		return "", n.errorf("%s must be a string, not %s", name, n.kind())
	}
	return n.string(), nil
}

// list yields the elements of the list of that name, if there is one.
func (o object) list(name string) (iter.Seq[node], error) {
	if !o.has(name) {
		return func(func(node) bool) {}, nil
	}
	n := o.members[name]
	if !n.isList() {
		return nil, n.errorf("%s must be a list, not %s", name, n.kind())
	}
	return n.elements(), nil
}

// child reads the object of that name, which must be there.
func (o object) child(name string) (object, error) {
	n, ok := o.members[name]
	if !ok {
		return object{}, o.errorf("%s is missing", name)
	}
	return n.object(name)
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// next returns where the next value, or the closing bracket, begins after one that ended at i.
func next(b []byte, i int) int {
	i = skipSpace(b, i)
	if b[i] == ',' || b[i] == ':' {
		i = skipSpace(b, i+1)
	}
	return i
}

// skipString returns the end of the string that begins at i.
func skipString(b []byte, i int) int {
	for i++; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++ // what is escaped
		}
	}
	return i + 1
}

// skipValue returns the end of the value that begins at i.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
	default:
		for i < len(b) && bytes.IndexByte([]byte(",]} \t\r\n"), b[i]) < 0 {
			i++
		}
		return i
	}
	for depth := 0; ; {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if i++; depth == 0 {
			return i
		}
	}
}
