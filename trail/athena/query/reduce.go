package query

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// Reduce does to Usages from anywhere what a Statement does: where calls alike in everything else hold
// several names that differ in dates, numbers and identifiers alone, they become one (trail.Param.Gaps).
// Doing it again changes nothing.
func Reduce(usages []trail.Usage) []trail.Usage {
	usages = trail.Merge(usages)
	gapped := make([]trail.Usage, len(usages))
	for i := range usages {
		gapped[i] = spacedOut(usages[i])
	}
	// Those that stay alone keep their name.
	var out []trail.Usage
	for _, group := range groups(gapped) {
		if len(group) == 1 {
			out = append(out, usages[group[0]])
			continue
		}
		for _, i := range group {
			out = append(out, gapped[i])
		}
	}
	return trail.Merge(out)
}

// groups returns the indexes of equal keys.
func groups(usages []trail.Usage) [][]int {
	places := map[string]int{}
	var out [][]int
	for i := range usages {
		key, err := json.Marshal(usages[i].Key)
		if err != nil {
			panic("texts, flags and lists of them have a JSON form: " + err.Error())
		}
		at, ok := places[string(key)]
		if !ok {
			at = len(out)
			places[string(key)] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], i)
	}
	return out
}

// spacedOut returns u with gaps in the name that may have some, and in what a denial says of it.
func spacedOut(u trail.Usage) trail.Usage {
	i := slices.IndexFunc(u.Params, func(p trail.Param) bool { return p.Wide && !p.Open && len(p.Values) == 1 })
	if i < 0 {
		return u
	}
	name := u.Params[i].Values[0]
	with := withGaps(name)
	if with == name {
		return u
	}
	u.Params = slices.Clone(u.Params)
	u.Params[i].Values, u.Params[i].Wide, u.Params[i].Gaps = []string{with}, false, true
	if before, ok := strings.CutSuffix(u.Denial.Resource, name); ok && u.Denial.Resource != "" {
		u.Denial.Resource = before + with
	}
	return u
}
