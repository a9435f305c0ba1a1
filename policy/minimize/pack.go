package minimize

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/whittle-iam/whittle/policy"
)

// frame is the size of a document without statements. Every statement adds its own size, and a
// comma if it is not the first.
func frame(version string) int { return policy.Document{Version: version}.Size() }

func statementSize(s policy.Statement) int {
	return policy.Document{Statements: []policy.Statement{s}}.Size() - frame("")
}

// packWhole distributes whole statements: the largest first, each into the first document that has
// room. It needs at most a few more documents than the best packing does (11/9 of them and one).
func packWhole(doc policy.Document, limit Limit) ([]policy.Document, bool) {
	type entry struct{ index, size int }
	var entries []entry
	for i, s := range doc.Statements {
		entries = append(entries, entry{i, statementSize(s)})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(b.size, a.size) })

	room := limit.Characters - frame(doc.Version)
	bins := [][]int{nil} // indexes of statements; one document even for none
	used := []int{0}
	for _, e := range entries {
		at := 0
		for ; at < len(bins); at++ {
			if used[at]+e.size+min(len(bins[at]), 1) <= room {
				break
			}
		}
		if at == len(bins) {
			bins, used = append(bins, nil), append(used, 0)
		}
		used[at] += e.size + min(len(bins[at]), 1)
		bins[at] = append(bins[at], e.index)
		if used[at] > room {
			return nil, false
		}
	}
	if len(bins) > limit.Documents || room < 0 {
		return nil, false
	}
	for _, bin := range bins {
		slices.Sort(bin)
	}
	slices.SortFunc(bins, slices.Compare)
	docs := make([]policy.Document, len(bins))
	for i, bin := range bins {
		docs[i].Version = doc.Version
		for _, s := range bin {
			docs[i].Statements = append(docs[i].Statements, doc.Statements[s])
		}
	}
	return docs, true
}

// packSplit fills one document after the other with the statements in order, and splits a statement
// where a document is full.
func packSplit(doc policy.Document, limit Limit) ([]policy.Document, bool) {
	var docs []policy.Document
	var current policy.Document
	room := 0
	open := func() {
		current = policy.Document{Version: doc.Version}
		room = limit.Characters - frame(doc.Version)
	}
	open()
	sids := map[string]bool{}
	for _, s := range doc.Statements {
		sids[s.Sid] = true
	}
	for _, s := range doc.Statements {
		name, parts := s.Sid, 1
		for {
			comma := min(len(current.Statements), 1)
			if size := statementSize(s); size+comma <= room {
				current.Statements = append(current.Statements, s)
				room -= size + comma
				break
			}
			head, tail, ok := split(s, room-comma)
			if ok {
				current.Statements = append(current.Statements, head)
				parts++
				tail.Sid = partSid(name, parts, sids)
				s = tail
			} else if len(current.Statements) == 0 {
				return nil, false // not even a piece fits an empty document
			}
			if docs = append(docs, current); len(docs) >= limit.Documents {
				return nil, false
			}
			open()
		}
	}
	return append(docs, current), limit.Documents > 0 && room >= 0
}

// split divides s in two statements that say together what s does, the first of at most room
// characters and as large as can be. It divides the longer of Action and Resource, because both
// statements repeat the other one, or else the other. It does not divide NotAction and NotResource,
// which would say more.
func split(s policy.Statement, room int) (head, tail policy.Statement, ok bool) {
	byActions := func(n int) (head, tail policy.Statement) {
		head, tail = s, s
		head.Actions, tail.Actions = s.Actions[:n], s.Actions[n:]
		return head, tail
	}
	byResources := func(n int) (head, tail policy.Statement) {
		head, tail = s, s
		head.Resources, tail.Resources = s.Resources[:n], s.Resources[n:]
		return head, tail
	}
	actions := fitting(len(s.Actions), byActions, room)
	resources := fitting(len(s.Resources), byResources, room)
	if actions > 0 && (resources == 0 || textLen(s.Actions) > textLen(s.Resources)) {
		head, tail = byActions(actions)
	} else {
		head, tail = byResources(resources)
	}
	return head, tail, actions > 0 || resources > 0
}

// fitting returns the largest n below length at which the first part has at most room characters, 0
// for none.
func fitting(length int, cut func(n int) (head, tail policy.Statement), room int) int {
	low, high := 0, max(length, 1)
	for high-low > 1 {
		mid := (low + high) / 2
		if head, _ := cut(mid); statementSize(head) <= room {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// partSid is the Sid of a statement's part-th part: one that no statement has.
func partSid(sid string, part int, taken map[string]bool) string {
	if sid == "" {
		return ""
	}
	for ; ; part++ {
		if s := sid + "Part" + strconv.Itoa(part); !taken[s] {
			taken[s] = true
			return s
		}
	}
}
