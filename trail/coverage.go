package trail

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Coverage is one sort of event that a log holds, used or not, and the days on which it does. Whoever
// takes silence for proof has to know what the log would have shown: a trail has data events of the
// types that it selects only, may leave out reads, writes and some sources, and may have been off
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html).
type Coverage struct {
	// Account is the one whose trail recorded the events: recipientAccountId.
	Account string `json:"account"`
	Region  string `json:"region"`
	// Source is the eventSource.
	Source string `json:"source"`
	// Type is the resources.type of data events, empty for management events. An event that uses
	// resources of several types counts for each of them.
	Type     string `json:"type,omitempty"`
	ReadOnly bool   `json:"readOnly,omitempty"`
	// Days are the distinct UTC days with such an event, as days since 1970-01-01, sorted.
	Days []int32 `json:"days"`
}

// Compare orders by account, Region, source, type and reads, whatever the days.
func (c Coverage) Compare(o Coverage) int {
	return cmp.Or(
		cmp.Compare(c.Account, o.Account), cmp.Compare(c.Region, o.Region), cmp.Compare(c.Source, o.Source),
		cmp.Compare(c.Type, o.Type), compareBool(c.ReadOnly, o.ReadOnly),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// MergeCoverage joins what several readings covered, sorted. It shares no memory with them.
func MergeCoverage(parts ...[]Coverage) []Coverage {
	all := slices.Concat(parts...)
	slices.SortStableFunc(all, Coverage.Compare)
	var out []Coverage
	for i, c := range all {
		if i == 0 || c.Compare(all[i-1]) != 0 {
			c.Days = nil
			out = append(out, c)
		}
		last := &out[len(out)-1]
		last.Days = append(last.Days, all[i].Days...)
	}
	for i := range out {
		slices.Sort(out[i].Days)
		out[i].Days = slices.Compact(out[i].Days)
	}
	return out
}

// A Sort is what one record adds to the Coverage of its log. Its Types are those of a data event, nil
// for a management event. The zero value adds nothing.
type Sort struct {
	Account, Region, Source string
	Types                   []string
	Data, ReadOnly          bool
}

// sortOf returns what e adds to the coverage of what q asks for.
func (q *Query) sortOf(e *Event) Sort {
	s := Sort{Account: e.RecipientAccountID, Region: e.AWSRegion, Source: e.EventSource, Data: e.dataEvent()}
	if s.Account == "" {
		s.Account = e.UserIdentity.AccountID
	}
	if e.ReadOnly == nil || notACall(e) != "" || !q.inWindow(e.EventTime.Time) || q.otherPlace(s.Account, s.Region) != "" {
		return Sort{}
	}
	s.ReadOnly = bool(*e.ReadOnly)
	if s.Data {
		for i := range e.Resources {
			if t := e.Resources[i].Type; t != "" && !slices.Contains(s.Types, t) && len(s.Types) < maxTypes {
				s.Types = append(s.Types, t)
			}
		}
	}
	return s
}

// maxTypes is how many types of resources count of one event: CloudTrail names two or three.
const maxTypes = 8

// sortKey is Coverage without its days.
type sortKey struct {
	account, region, source, kind string
	readOnly                      bool
}

// covered collects Coverage.
type covered map[sortKey]*[]int32

func (c covered) add(s *Sort, day int32) {
	key := sortKey{s.Account, s.Region, s.Source, "", s.ReadOnly}
	if !s.Data {
		c.addKey(key, day)
		return
	}
	for _, key.kind = range s.Types {
		c.addKey(key, day)
	}
}

func (c covered) addKey(key sortKey, day int32) {
	days := c[key]
	if days == nil {
		if !key.plausible() {
			return
		}
		// The event's text is not to be kept in memory for the sake of a few names in it.
		key.account, key.region = strings.Clone(key.account), strings.Clone(key.region)
		key.source, key.kind = strings.Clone(key.source), strings.Clone(key.kind)
		days = new([]int32)
		c[key] = days
	}
	if n := len(*days); n > 0 && (*days)[n-1] == day {
		return
	}
	if i, ok := slices.BinarySearch(*days, day); !ok {
		*days = slices.Insert(*days, i, day)
	}
}

var (
	accountForm = regexp.MustCompile(`^\d{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	sourceForm  = regexp.MustCompile(`^[A-Za-z0-9.-]{1,100}$`)
	kindForm    = regexp.MustCompile(`^([A-Za-z0-9]+::[A-Za-z0-9:_-]+)?$`)
)

// plausible refuses what is no name of AWS's, whoever wrote it into a log.
func (k sortKey) plausible() bool {
	return accountForm.MatchString(k.account) && regionForm.MatchString(k.region) &&
		sourceForm.MatchString(k.source) && kindForm.MatchString(k.kind) && len(k.kind) <= 100
}

func (c covered) list() []Coverage {
	var out []Coverage
	for k, days := range c {
		out = append(out, Coverage{k.account, k.region, k.source, k.kind, k.readOnly, *days})
	}
	return out
}

// checkCoverage refuses what no Aggregator makes.
func checkCoverage(list []Coverage) error {
	for i, c := range list {
		switch {
		case !(sortKey{c.Account, c.Region, c.Source, c.Type, c.ReadOnly}).plausible():
			return fmt.Errorf("coverage: %q in %q, %q %q", c.Account, c.Region, c.Source, c.Type)
		case i > 0 && list[i-1].Compare(c) >= 0:
			return errors.New("coverage not sorted")
		case len(c.Days) == 0 || !ascending(c.Days):
			return errors.New("coverage: days not sorted")
		}
	}
	return nil
}

// ascending reports whether days are sorted without repetition.
func ascending(days []int32) bool {
	for i := range days {
		if i > 0 && days[i] <= days[i-1] {
			return false
		}
	}
	return true
}

// cut leaves in a list what q asks for. Of days that the window cuts nothing is known.
func (q *Query) cut(list []Coverage) []Coverage {
	var out []Coverage
	for _, c := range list {
		if q.otherPlace(c.Account, c.Region) != "" {
			continue
		}
		c.Days = slices.DeleteFunc(slices.Clone(c.Days), func(d int32) bool {
			return !q.inWindow(dayStart(d)) || !q.inWindow(dayStart(d+1).Add(-1))
		})
		if len(c.Days) > 0 {
			out = append(out, c)
		}
	}
	return out
}
