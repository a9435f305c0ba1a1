package report

import (
	"cmp"
	"slices"
	"strings"
)

// service is the prefix of an action.
func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return s
}

// groupGranted joins the permissions that no call used and that say the same of all but the action's
// name, so that a wildcard of a large service is one entry. Those with calls stay alone. The order is:
// used, unobservable, kept though unused, unused.
func groupGranted(granted []GrantedPermission) [][]GrantedPermission {
	var out [][]GrantedPermission
	index := map[string]int{}
	for _, g := range granted {
		if g.Evidence.Count > 0 {
			out = append(out, []GrantedPermission{g})
			continue
		}
		key := groupKey(g)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], g)
	}
	slices.SortStableFunc(out, func(a, b []GrantedPermission) int {
		return cmp.Compare(statusRank(a[0]), statusRank(b[0]))
	})
	return out
}

func groupKey(g GrantedPermission) string {
	key := []string{g.Status, service(g.Action), g.Resource, conditions(g.Conditions), g.Policy, g.Statement, g.As, g.Why}
	if g.Kept {
		key = append(key, "kept")
	}
	return strings.Join(append(key, g.UsedOn...), "\x00")
}

func statusRank(g GrantedPermission) int {
	switch {
	case g.Status == Used:
		return 0
	case g.Status == Unobservable:
		return 1
	case g.Kept:
		return 2
	}
	return 3
}
