package tighten

import (
	"slices"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
)

// A call is a kind of authorised call with what it needs.
type call struct {
	usage  *trail.Usage
	grants []actionmap.Grant
	// unmapped says why there are no grants.
	unmapped *actionmap.Unmapped
}

// shownByItems is why a batch needs nothing of its own.
var shownByItems = actionmap.Unmapped{
	Reason: actionmap.ShownByItems, Detail: "the events of its items show what it needs",
}

// authorised maps the authorised calls of a role. Batches that hide what their items are need nothing
// where the items have events of their own, see actionmap.Grant.ItemEvent.
func authorised(usages []trail.Usage, m *actionmap.Mapper) []call {
	var calls []call
	items := map[itemKey][]string{}
	for i := range usages {
		u := &usages[i]
		if u.Kind != trail.Call || u.Outcome != trail.Authorised {
			continue
		}
		r := m.Map(u)
		calls = append(calls, call{u, r.Grants, r.Unmapped})
		key := itemKey{u.EventSource, u.EventName}
		for _, g := range r.Grants {
			items[key] = append(items[key], resourceText(g.Resource))
		}
	}
	for i := range calls {
		c := &calls[i]
		kept := slices.DeleteFunc(slices.Clone(c.grants), func(g actionmap.Grant) bool {
			return g.ItemEvent != "" && slices.ContainsFunc(items[itemKey{c.usage.EventSource, g.ItemEvent}],
				func(item string) bool { return covers(resourceText(g.Resource), item) })
		})
		if len(kept) == 0 && len(c.grants) > 0 {
			c.unmapped = &shownByItems
		}
		c.grants = kept
	}
	return calls
}

// An itemKey names a kind of event.
type itemKey struct{ source, name string }
