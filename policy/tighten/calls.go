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
	items := map[itemKey][]item{}
	for i := range usages {
		u := &usages[i]
		if u.Kind != trail.Call || u.Outcome != trail.Authorised {
			continue
		}
		r := m.Map(u)
		calls = append(calls, call{u, r.Grants, r.Unmapped})
		key := itemKey{u.EventSource, u.EventName}
		for _, g := range r.Grants {
			items[key] = append(items[key], item{g.Action, resourceText(g.Resource), u})
		}
	}
	for i := range calls {
		c := &calls[i]
		kept := slices.DeleteFunc(slices.Clone(c.grants), func(g actionmap.Grant) bool {
			return g.ItemEvent != "" && shows(items[itemKey{c.usage.EventSource, g.ItemEvent}], g, c.usage)
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

// An item is what one kind of item event needed.
type item struct {
	action, resource string
	usage            *trail.Usage
}

// shows reports whether item events account for a batch: on every day of the batch there are some, as
// many as batches at least, of the batch's action (or of its form for object versions) and within
// its resource. Single deletes on other days are no sign that a batch was logged item by item.
func shows(items []item, g actionmap.Grant, batch *trail.Usage) bool {
	var seen trail.Evidence
	for _, i := range items {
		if (i.action == g.Action || i.action == g.Action+"Version") && covers(resourceText(g.Resource), i.resource) {
			seen = seen.Join(i.usage.Evidence)
		}
	}
	return seen.Count >= batch.Count && !slices.ContainsFunc(batch.Days, func(d int32) bool { return !slices.Contains(seen.Days, d) })
}
