package main

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

// introduction is the part of docs/mapping.md that is written by hand.
//
//go:embed introduction.md
var introduction string

// A summary is what the mapping and CloudTrail know of one service prefix.
type summary struct {
	counts   // of the operations of all clients whose calls need actions of this prefix
	recorded map[recorded.Recording][]string
}

// writeMarkdown writes docs/mapping.md: the introduction, a table of all service prefixes, and what
// CloudTrail records only as data events or never.
func writeMarkdown(w io.Writer, results []result) error {
	summaries, homeless := summarize(results)
	var b strings.Builder
	b.WriteString(introduction)
	writeSummaries(&b, summaries)
	if len(homeless) > 0 {
		fmt.Fprintf(&b, "\nThese clients have no call that needs an action of one of the services: %s.\n", strings.Join(homeless, ", "))
	}
	b.WriteString("\n## Recorded as data events only\n\nA trail has these where its selectors name the type.\n\n")
	writeRecorded(&b, summaries, recorded.Data)
	b.WriteString("\n## Never recorded\n\nThe page that says so, or lists what is recorded without them, follows in brackets.\n\n")
	writeRecorded(&b, summaries, recorded.Never)
	_, err := io.WriteString(w, b.String())
	return err
}

// summarize adds up the clients of each prefix; homeless are those that have none.
func summarize(results []result) (summaries map[string]*summary, homeless []string) {
	summaries = map[string]*summary{}
	for _, prefix := range reference.Prefixes() {
		s := &summary{recorded: map[recorded.Recording][]string{}}
		service, _ := reference.Lookup(prefix)
		for _, a := range service.Actions() {
			r := recorded.Of(a.ID())
			s.recorded[r] = append(s.recorded[r], a.Name)
		}
		summaries[prefix] = s
	}
	for _, r := range results {
		if s := summaries[r.prefix()]; s != nil {
			s.add(r.counts)
		} else {
			homeless = append(homeless, r.service)
		}
	}
	return summaries, homeless
}

// prefix returns the service prefix of most of the actions that the operations map to.
func (r result) prefix() string {
	most := ""
	for _, p := range slices.Sorted(maps.Keys(r.prefixes)) {
		if r.prefixes[p] > r.prefixes[most] {
			most = p
		}
	}
	return most
}

func writeSummaries(b *strings.Builder, summaries map[string]*summary) {
	b.WriteString("| Service | Operations | by name | by rule | no permission | unmapped | Resource by rule | generic | none | Actions | management | data | never | unknown |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	line := func(name string, c counts, kinds map[recorded.Kind]int, actions int) {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d |\n", name,
			c.operations, c.byName, c.byRule, c.noPermission, c.unmapped, c.derived, c.generic, c.none, actions,
			kinds[recorded.Management], kinds[recorded.Data], kinds[recorded.Never], kinds[recorded.Unknown])
	}
	var total counts
	totalKinds, totalActions := map[recorded.Kind]int{}, 0
	for _, prefix := range slices.Sorted(maps.Keys(summaries)) {
		s := summaries[prefix]
		kinds, actions := s.kinds()
		line(prefix, s.counts, kinds, actions)
		total.add(s.counts)
		for k, n := range kinds {
			totalKinds[k] += n
		}
		totalActions += actions
	}
	line("**Total**", total, totalKinds, totalActions)
}

// kinds counts the actions of the service, by kind and in all.
func (s *summary) kinds() (byKind map[recorded.Kind]int, all int) {
	byKind = map[recorded.Kind]int{}
	for r, names := range s.recorded {
		byKind[r.Kind] += len(names)
		all += len(names)
	}
	return byKind, all
}

// writeRecorded lists the actions of one kind, each list with its event type or its source.
func writeRecorded(b *strings.Builder, summaries map[string]*summary, kind recorded.Kind) {
	for _, prefix := range slices.Sorted(maps.Keys(summaries)) {
		var lines []string
		for r, names := range summaries[prefix].recorded {
			switch {
			case r.Kind != kind:
			case r.EventType != "":
				lines = append(lines, fmt.Sprintf("- **%s**, `%s`: %s ([source](%s))\n", prefix, r.EventType, strings.Join(names, ", "), r.Source))
			default:
				lines = append(lines, fmt.Sprintf("- **%s**: %s ([source](%s))\n", prefix, strings.Join(names, ", "), r.Source))
			}
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
}
