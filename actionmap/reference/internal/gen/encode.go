package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// levels maps the package's access levels to AWS's: the package says of tagging and permissions
// management that they are also writes.
var levels = map[string]string{
	"List":                          "List",
	"Read":                          "Read",
	"Write":                         "Write",
	"Tagging, Write":                "Tagging",
	"Permissions management, Write": "Permissions management",
}

// encode writes a service in the text format that package reference decodes. Whatever that format
// cannot hold, such as an action with an unknown resource type, is an error.
func encode(s *service) (string, error) {
	e := encoder{service: s, sets: map[string]string{}}
	for _, key := range slices.Sorted(maps.Keys(s.conditionKeys)) {
		k := s.conditionKeys[key]
		e.keys = append(e.keys, key)
		e.record(key, &e.head, "K", k.Type, k.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(s.resourceTypes)) {
		r := s.resourceTypes[key]
		e.types = append(e.types, key)
		fields := []string{"R", r.Key, e.set(r.ConditionKeys)}
		// Where AWS gives a type several formats, the package joins them.
		e.record(key, &e.body, append(fields, strings.Split(r.ARN, ", ")...)...)
	}
	for _, key := range slices.Sorted(maps.Keys(s.actions)) {
		e.action(s.actions[key])
	}
	return e.head.String() + e.body.String(), e.err
}

type encoder struct {
	service     *service
	keys, types []string          // numbered by position
	sets        map[string]string // record of a set to its number
	head, body  strings.Builder   // keys and sets; the records that use them
	err         error             // the first
}

func (e *encoder) action(a action) {
	level, ok := levels[a.AccessLevel]
	if !ok {
		e.fail("action %s: access level %q", a.Name, a.AccessLevel)
	}
	fields := []string{"A", a.Name, level, e.set(a.ConditionKeys), oneLine(a.Description)}
	slices.SortFunc(a.ResourceTypes, func(x, y use) int { return strings.Compare(x.Name, y.Name) })
	for _, u := range a.ResourceTypes {
		field := e.number(e.types, u.Name)
		if u.Required {
			field += "!"
		}
		if set := e.set(u.ConditionKeys); set != "" {
			field += ":" + set
		}
		fields = append(fields, field)
	}
	e.record(a.Name, &e.body, fields...)
}

// oneLine joins a sentence that the package broke into lines.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// set returns the number of the set with these keys, "" for none.
func (e *encoder) set(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	fields := make([]string, len(keys))
	for i, key := range slices.Sorted(slices.Values(keys)) {
		fields[i] = e.number(e.keys, key)
	}
	record := strings.Join(fields, "\t")
	number, ok := e.sets[record]
	if !ok {
		number = strconv.Itoa(len(e.sets))
		e.sets[record] = number
		e.record("set", &e.head, append([]string{"S"}, fields...)...)
	}
	return number
}

// number returns the position of a name among sorted lower-case names.
func (e *encoder) number(names []string, name string) string {
	i, ok := slices.BinarySearch(names, strings.ToLower(name))
	if !ok {
		e.fail("%q is referred to and not defined", name)
	}
	return strconv.Itoa(i)
}

// record writes one line; what names it in errors.
func (e *encoder) record(what string, to *strings.Builder, fields ...string) {
	for _, f := range fields {
		if strings.ContainsAny(f, "\t\n") {
			e.fail("%s: %q holds a separator", what, f)
		}
	}
	to.WriteString(strings.Join(fields, "\t") + "\n")
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf("service %s: "+format, append([]any{e.service.prefix}, args...)...)
	}
}
