package diff_test

import (
	"slices"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

// simpler yields pairs with one thing less.
func simpler(p pair) func(yield func(pair) bool) {
	return func(yield func(pair) bool) {
		if p.opt.Partition != "" && !yield(pair{old: p.old, new: p.new}) {
			return
		}
		for i := 0; ; i++ {
			q, n := p.clone(), 0
			less(&q.old, i, &n)
			less(&q.new, i, &n)
			if i >= n {
				return
			}
			if !yield(q) {
				return
			}
		}
	}
}

// less leaves out the part of s that counts as number which, and counts on in n.
func less(s *diff.Side, which int, n *int) {
	hit := func() bool { *n++; return *n-1 == which }
	list := func(l *[]string) {
		for i := range *l {
			if len(*l) > 1 && hit() {
				*l = slices.Delete(slices.Clone(*l), i, i+1)
				return
			}
		}
	}
	if s.Boundary != nil && hit() {
		s.Boundary = nil
	}
	for _, docs := range []*[]policy.Document{&s.Identity, &s.Boundary} {
		for i := range *docs {
			if len(*docs) > 1 && hit() {
				*docs = slices.Delete(*docs, i, i+1)
				return
			}
			d := &(*docs)[i]
			for j := range d.Statements {
				if hit() {
					d.Statements = slices.Delete(d.Statements, j, j+1)
					return
				}
				st := &d.Statements[j]
				list(&st.Actions)
				list(&st.NotActions)
				list(&st.Resources)
				list(&st.NotResources)
				for k := range st.Conditions {
					if hit() {
						st.Conditions = slices.Delete(st.Conditions, k, k+1)
						return
					}
					list(&st.Conditions[k].Values)
				}
			}
		}
	}
}

func (p pair) clone() pair { return pair{cloneSide(p.old), cloneSide(p.new), p.opt} }

func cloneSide(s diff.Side) diff.Side {
	return diff.Side{Identity: cloneDocs(s.Identity), Boundary: cloneDocs(s.Boundary)}
}

func cloneDocs(docs []policy.Document) []policy.Document {
	out := slices.Clone(docs)
	for i := range out {
		out[i].Statements = slices.Clone(out[i].Statements)
		for j := range out[i].Statements {
			out[i].Statements[j] = cloneStatement(out[i].Statements[j])
		}
	}
	return out
}

func cloneStatement(s policy.Statement) policy.Statement {
	s.Actions, s.NotActions = slices.Clone(s.Actions), slices.Clone(s.NotActions)
	s.Resources, s.NotResources = slices.Clone(s.Resources), slices.Clone(s.NotResources)
	s.Conditions = slices.Clone(s.Conditions)
	for k := range s.Conditions {
		s.Conditions[k].Values = slices.Clone(s.Conditions[k].Values)
	}
	return s
}
