package glob

// Intersects reports whether some string is matched by p and by q. It is exact over sequences of
// UTF-16 units, and takes O(len(p)·len(q)) steps.
func (p Pattern) Intersects(q Pattern) bool {
	// row[j] says that some string takes p to position i and q to position j.
	row, next := make([]bool, len(q.tokens)+1), make([]bool, len(q.tokens)+1)
	row[0] = true
	for i := 0; ; i++ {
		inRun := i < len(p.tokens) && p.tokens[i] == anyRun
		clear(next)
		for j := range row {
			if !row[j] {
				continue
			}
			if inRun {
				next[j] = true // the run ends
			}
			if j == len(q.tokens) {
				continue
			}
			switch {
			case q.tokens[j] == anyRun:
				row[j+1] = true // the run of q ends
				if i < len(p.tokens) && !inRun {
					next[j] = true // the run of q takes p's unit
				}
			case inRun:
				row[j+1] = true // the run of p takes q's unit
			case i < len(p.tokens) && meet(p.tokens[i], q.tokens[j]):
				next[j+1] = true
			}
		}
		if i == len(p.tokens) {
			return row[len(q.tokens)]
		}
		row, next = next, row
	}
}

// meet reports whether some unit is taken by both, which are literals or "?".
func meet(p, q token) bool { return covers(p, q) || covers(q, p) }
