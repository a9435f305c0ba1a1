package doctor

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// selectorsOf returns a trail's advanced selectors, or those that select what its basic ones do.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
func selectorsOf(out *cloudtrail.GetEventSelectorsOutput) []types.AdvancedEventSelector {
	selectors := slices.Clone(out.AdvancedEventSelectors)
	for _, basic := range out.EventSelectors {
		selectors = append(selectors, advanced(basic)...)
	}
	return selectors
}

// advanced returns the advanced selectors that select what a basic one does.
func advanced(basic types.EventSelector) []types.AdvancedEventSelector {
	var out []types.AdvancedEventSelector
	var readOnly []types.AdvancedFieldSelector
	switch basic.ReadWriteType {
	case types.ReadWriteTypeReadOnly:
		readOnly = append(readOnly, equals("readOnly", "true"))
	case types.ReadWriteTypeWriteOnly:
		readOnly = append(readOnly, equals("readOnly", "false"))
	}
	if basic.IncludeManagementEvents == nil || *basic.IncludeManagementEvents {
		fields := append([]types.AdvancedFieldSelector{equals("eventCategory", "Management")}, readOnly...)
		if len(basic.ExcludeManagementEventSources) > 0 {
			fields = append(fields, types.AdvancedFieldSelector{Field: aws.String("eventSource"), NotEquals: basic.ExcludeManagementEventSources})
		}
		out = append(out, types.AdvancedEventSelector{FieldSelectors: fields})
	}
	for _, data := range basic.DataResources {
		kind := aws.ToString(data.Type)
		fields := append([]types.AdvancedFieldSelector{equals("eventCategory", "Data"), equals("resources.type", kind)}, readOnly...)
		switch {
		case len(data.Values) == 0:
			continue // it names no resource
		case slices.ContainsFunc(data.Values, allResources):
		case kind == "AWS::S3::Object":
			fields = append(fields, types.AdvancedFieldSelector{Field: aws.String("resources.ARN"), StartsWith: data.Values})
		default: // the ARNs of functions and tables are exact
			fields = append(fields, equals("resources.ARN", data.Values...))
		}
		out = append(out, types.AdvancedEventSelector{FieldSelectors: fields})
	}
	return out
}

// allResources reports whether a basic selector's value stands for all resources of its type: "arn:aws:s3",
// also with colons after it.
func allResources(value string) bool {
	return strings.Count(strings.TrimRight(value, ":"), ":") == 2
}

func equals(field string, values ...string) types.AdvancedFieldSelector {
	return types.AdvancedFieldSelector{Field: aws.String(field), Equals: values}
}

// An event is what is known of a kind of event, by the names of selectors' fields. Of a field without an
// entry nothing is known.
type event map[string]value

// A value is a text of which the beginning is known, or all.
type value struct {
	text  string
	whole bool
}

func exactly(text string) value { return value{text, true} }
func begins(text string) value  { return value{text, false} }

// An extent is how much of a kind of event is selected.
type extent int

const (
	none extent = iota
	some
	all
)

// selected returns how much of a kind of event a selector selects. All its fields have to agree.
func selected(s types.AdvancedEventSelector, e event) extent {
	if len(s.FieldSelectors) == 0 {
		return none
	}
	least := all
	for _, f := range s.FieldSelectors {
		least = min(least, agrees(f, e[aws.ToString(f.Field)]))
	}
	return least
}

// agrees returns how much of a kind of event a field's conditions let through. One of those that select
// has to be met, and none of those that deselect.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
func agrees(f types.AdvancedFieldSelector, v value) extent {
	result := all
	if len(f.Equals)+len(f.StartsWith)+len(f.EndsWith) > 0 {
		result = any3(f.Equals, v.equal, f.StartsWith, v.start, f.EndsWith, v.end)
	}
	return min(result, all-any3(f.NotEquals, v.equal, f.NotStartsWith, v.start, f.NotEndsWith, v.end))
}

// any3 returns the greatest extent over three lists of values, each with its comparison.
func any3(equal []string, isEqual func(string) extent, start []string, starts func(string) extent, end []string, ends func(string) extent) extent {
	most := none
	for _, part := range []struct {
		values  []string
		compare func(string) extent
	}{{equal, isEqual}, {start, starts}, {end, ends}} {
		for _, v := range part.values {
			most = max(most, part.compare(v))
		}
	}
	return most
}

func (v value) equal(text string) extent {
	switch {
	case v.whole && v.text == text:
		return all
	case !v.whole && strings.HasPrefix(text, v.text):
		return some
	}
	return none
}

func (v value) start(text string) extent {
	switch {
	case strings.HasPrefix(v.text, text):
		return all
	case !v.whole && strings.HasPrefix(text, v.text):
		return some
	}
	return none
}

func (v value) end(text string) extent {
	switch {
	case text == "" || v.whole && strings.HasSuffix(v.text, text):
		return all
	case !v.whole:
		return some
	}
	return none
}
