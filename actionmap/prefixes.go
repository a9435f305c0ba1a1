package actionmap

import (
	"slices"
	"strings"
)

// Prefixes returns the service prefixes that the actions of an event source have, sorted, nil for a source of
// which none is known.
func (m *Mapper) Prefixes(eventSource string) []string {
	prefix, ok := m.table.Prefixes[eventSource]
	if !ok {
		prefix, ok = strings.CutSuffix(eventSource, ".amazonaws.com")
	}
	s, known := lookup(prefix)
	if !ok || !known {
		return nil
	}
	out := []string{s.Prefix}
	for _, v := range m.table.Variants[eventSource] {
		out = append(out, v.Prefix)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
