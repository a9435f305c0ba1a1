package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// A lack is what the selectors of all trails leave out in one or more Regions.
type lack struct {
	kind    Kind
	trail   *Trail   // to change
	sources []string // of ExcludedSources
	types   []string // of NoDataEvents, or the one of SomeDataEvents
	only    []string // what SomeDataEvents are limited to
	regions []string
}

// events adds what the selectors leave out.
func (x *examination) events() {
	var lacks []*lack
	for _, region := range x.report.Regions {
		trails := x.covering(region)
		if len(trails) == 0 {
			continue // which is said of the trails
		}
		for _, l := range x.lacksOf(trails) {
			same := func(o *lack) bool {
				return o.kind == l.kind && o.trail == l.trail && slices.Equal(o.sources, l.sources) &&
					slices.Equal(o.types, l.types) && slices.Equal(o.only, l.only)
			}
			if i := slices.IndexFunc(lacks, same); i >= 0 {
				lacks[i].regions = append(lacks[i].regions, region)
				continue
			}
			l.regions = []string{region}
			lacks = append(lacks, l)
		}
	}
	// A command holds the changes of those before it, so that they can be run in this order, or only the last.
	changed := map[*Trail][]types.AdvancedEventSelector{}
	for _, kind := range []Kind{ManagementReads, ManagementWrites, ExcludedSources, NoDataEvents, SomeDataEvents} {
		for _, l := range lacks {
			if l.kind != kind {
				continue
			}
			if changed[l.trail] == nil {
				changed[l.trail] = slices.Clone(l.trail.selectors)
			}
			changed[l.trail] = l.repair(changed[l.trail])
			f := l.finding()
			f.Trail, f.Regions, f.Command = l.trail.ARN, x.where(l.regions), l.trail.putSelectors(changed[l.trail])
			x.add(x.owned(l.trail, f))
		}
	}
}

// lacksOf returns what the trails of one Region leave out together.
func (x *examination) lacksOf(trails []*Trail) []*lack {
	best := x.best(trails)
	var out []*lack
	var reads, writes, sources []string
	for _, s := range managementSources {
		have := together(trails, func(string) [2]event { return management(s) })
		if have[0] < all {
			reads = append(reads, s)
		}
		if have[1] < all {
			writes = append(writes, s)
		}
	}
	noReads, noWrites := len(reads) == len(managementSources), len(writes) == len(managementSources)
	if noReads {
		out, reads = append(out, &lack{kind: ManagementReads, trail: best}), nil
	}
	if noWrites {
		out, writes = append(out, &lack{kind: ManagementWrites, trail: best}), nil
	}
	sources = slices.Compact(slices.Sorted(slices.Values(append(reads, writes...))))
	if len(sources) > 0 {
		out = append(out, &lack{kind: ExcludedSources, trail: best, sources: sources})
	}
	var missing []string
	for _, name := range x.dataTypes {
		d := dataTypeOf(name)
		switch have := together(trails, d.events); {
		case max(have[0], have[1]) == none:
			missing = append(missing, name)
		case min(have[0], have[1]) < all:
			out = append(out, &lack{kind: SomeDataEvents, trail: best, types: []string{name}, only: limits(trails, d)})
		}
	}
	if len(missing) > 0 {
		out = append(out, &lack{kind: NoDataEvents, trail: best, types: missing})
	}
	return out
}

// together returns how much of the reads and of the writes of a kind of event the trails record.
func together(trails []*Trail, events func(partition string) [2]event) (have [2]extent) {
	for _, t := range trails {
		for i, e := range events(t.partition) {
			for _, s := range t.selectors {
				have[i] = max(have[i], selected(s, e))
			}
		}
	}
	return have
}

// limits describes the selectors that select a kind of data events in part.
func limits(trails []*Trail, d dataType) []string {
	var out []string
	for _, t := range trails {
		halves := d.events(t.partition)
		for _, s := range t.selectors {
			if max(selected(s, halves[0]), selected(s, halves[1])) > none {
				out = append(out, conditions(s))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// conditions says what a selector asks for beyond the category and the type.
func conditions(s types.AdvancedEventSelector) string {
	var parts []string
	for _, f := range s.FieldSelectors {
		field := aws.ToString(f.Field)
		if field == "eventCategory" || field == "resources.type" {
			continue
		}
		for _, condition := range []struct {
			verb   string
			values []string
		}{
			{"is", f.Equals}, {"begins with", f.StartsWith}, {"ends with", f.EndsWith},
			{"is not", f.NotEquals}, {"does not begin with", f.NotStartsWith}, {"does not end with", f.NotEndsWith},
		} {
			if len(condition.values) > 0 {
				parts = append(parts, fmt.Sprintf("%s %s %s", field, condition.verb, strings.Join(condition.values, " or ")))
			}
		}
	}
	return strings.Join(parts, " and ")
}

// repair returns selectors that select, besides what these do, what is lacking.
func (l *lack) repair(selectors []types.AdvancedEventSelector) []types.AdvancedEventSelector {
	if l.kind != NoDataEvents && l.kind != SomeDataEvents {
		// One selector for all management events takes the place of those for some.
		rest := slices.DeleteFunc(slices.Clone(selectors), func(s types.AdvancedEventSelector) bool {
			return slices.ContainsFunc(s.FieldSelectors, func(f types.AdvancedFieldSelector) bool {
				return aws.ToString(f.Field) == "eventCategory" && slices.Equal(f.Equals, []string{"Management"})
			})
		})
		return append([]types.AdvancedEventSelector{{FieldSelectors: []types.AdvancedFieldSelector{equals("eventCategory", "Management")}}}, rest...)
	}
	out := slices.Clone(selectors)
	for _, name := range l.types {
		out = append(out, types.AdvancedEventSelector{
			Name: aws.String("whittle: " + name),
			FieldSelectors: []types.AdvancedFieldSelector{
				equals("eventCategory", "Data"), equals("resources.type", name),
				// Roles' sessions only: neither people's keys nor AWS's services, such as CloudTrail's own deliveries.
				{Field: aws.String("userIdentity.arn"), StartsWith: []string{"arn:" + cmp.Or(l.trail.partition, "aws") + ":sts::"}},
			},
		})
	}
	return out
}

// cost is what is to be known of data events before they are switched on.
const cost = "AWS charges for data events by their number; the command limits them to calls with roles' credentials, and a resources.ARN field would limit them further"

// finding says what is lacking.
func (l *lack) finding() Finding {
	f := Finding{Kind: l.kind}
	switch l.kind {
	case ManagementReads:
		f.What = "management events that only read are not recorded"
		f.Hides = "calls such as GetSecretValue, GetParameter, Decrypt, Describe… and List…, which are most of what functions do"
		f.Change = "record reads too; the first copy of management events is free of charge"
	case ManagementWrites:
		f.What = "management events that write are not recorded"
		f.Hides = "calls such as StartExecution, CreateLogGroup and every change of settings"
		f.Change = "record writes too; the first copy of management events is free of charge"
	case ExcludedSources:
		f.What = "management events of these sources are left out: " + strings.Join(l.sources, ", ")
		f.Hides = "calls to these services"
		if slices.Contains(l.sources, "kms.amazonaws.com") {
			f.Hides += ", among them kms:Decrypt and kms:GenerateDataKey, which encrypted queues, tables, buckets and secrets need"
		}
		f.Change = "record them; the first copy of management events is free of charge, and KMS can make many of them"
	case NoDataEvents:
		var shows []string
		for _, name := range l.types {
			shows = append(shows, dataTypeOf(name).shows)
		}
		f.What = "no data events are recorded of " + strings.Join(l.types, ", ")
		f.Hides = strings.Join(shows, "; ")
		f.Change = "record these; " + cost
	case SomeDataEvents:
		f.What = fmt.Sprintf("data events of %s are recorded only where %s", l.types[0], strings.Join(l.only, "; or where "))
		f.Hides = dataTypeOf(l.types[0]).shows + " elsewhere, where not seeing a call proves nothing"
		f.Change = "record the rest; " + cost
	}
	return f
}
