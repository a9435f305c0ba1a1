package doctor

import (
	"fmt"
	"strings"
)

// overlaps adds what several trails record, which AWS charges for more than once.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
func (x *examination) overlaps() {
	regions := map[string][]string{}
	var order []string
	for _, region := range x.report.Regions {
		trails := x.covering(region)
		var twice []string
		check := func(what string, events func(string) [2]event) {
			var by []string
			for _, t := range trails {
				if have := together([]*Trail{t}, events); max(have[0], have[1]) > none {
					by = append(by, t.ARN)
				}
			}
			if len(by) > 1 {
				twice = append(twice, fmt.Sprintf("%s by %s", what, strings.Join(by, ", ")))
			}
		}
		check("management events", func(string) [2]event { return management("sts.amazonaws.com") })
		for _, name := range x.dataTypes {
			check(name, dataTypeOf(name).events)
		}
		for _, what := range twice {
			if regions[what] == nil {
				order = append(order, what)
			}
			regions[what] = append(regions[what], region)
		}
	}
	for _, what := range order {
		x.add(Finding{Kind: Overlap, Regions: x.where(regions[what]),
			What:   "several trails record the same: " + what,
			Change: "one of them is enough for whittle; AWS charges for each copy of a data event, and for each of a management event after the first"})
	}
}
