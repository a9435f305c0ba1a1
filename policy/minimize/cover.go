package minimize

import "slices"

// A rectangle is one statement's lists: every action is allowed on every resource.
type rectangle struct{ actions, resources []string }

// cover returns rectangles of permitted pairs that together have all required ones: as few as the
// search finds, and no larger than they need be.
func (m *relation) cover() []rectangle {
	var out []rectangle
	for _, part := range m.components() {
		p := newProblem(part)
		for _, t := range p.trim(p.solve()) {
			out = append(out, rectangle{gather(part.rows, t.rows), gather(part.columns, t.columns)})
		}
	}
	return out
}

func gather(texts [][]string, of bitset) []string {
	var out []string
	for i := range of.all {
		out = append(out, texts[i]...)
	}
	return out
}

// components splits m where no permitted pair connects the parts, so that no rectangle can.
func (m *relation) components() []*relation {
	var out []*relation
	done := newBitset(len(m.rows))
	for start := range m.rows {
		if done.has(start) {
			continue
		}
		rows, columns := newBitset(len(m.rows)), slices.Clone(m.permitted[start])
		for grown := true; grown; {
			grown = false
			for i := range m.rows {
				if !done.has(i) && (i == start || m.permitted[i].common(columns) > 0) {
					done.add(i)
					rows.add(i)
					columns.addAll(m.permitted[i])
					grown = true
				}
			}
		}
		part := &relation{conditions: m.conditions}
		for i := range rows.all {
			part.rows = append(part.rows, m.rows[i])
			part.required = append(part.required, m.required[i].project(columns))
			part.permitted = append(part.permitted, m.permitted[i].project(columns))
		}
		for j := range columns.all {
			part.columns = append(part.columns, m.columns[j])
		}
		out = append(out, part)
	}
	return out
}

// A tile is a rectangle in numbers, with the required pairs that it has.
type tile struct{ rows, columns, pairs bitset }

// maxTiles bounds how many rectangles a cover is chosen from.
const maxTiles = 2000

// tiles returns the largest rectangles of permitted pairs: those to which no row and no column can
// be added. All of them, if there are at most maxTiles; else some, among them the largest one around
// each row and each column.
func (m *relation) tiles() []tile {
	var columnSets []bitset
	seen := map[string]bool{}
	add := func(columns bitset) {
		if key := columns.key(); !seen[key] && !columns.isEmpty() {
			seen[key] = true
			columnSets = append(columnSets, columns)
		}
	}
	for _, row := range m.permitted {
		add(row)
	}
	for j := range m.columns {
		var common bitset
		for _, row := range m.permitted {
			switch {
			case !row.has(j):
			case common == nil:
				common = row
			default:
				common = common.and(row)
			}
		}
		if common != nil {
			add(common)
		}
	}
	// The column set of a largest rectangle is an intersection of rows.
	for i := 0; i < len(columnSets) && len(columnSets) < maxTiles; i++ {
		for _, row := range m.permitted {
			if len(columnSets) < maxTiles {
				add(columnSets[i].and(row))
			}
		}
	}
	out := make([]tile, len(columnSets))
	for i, columns := range columnSets {
		out[i] = tile{rows: newBitset(len(m.rows)), columns: columns}
		for r, row := range m.permitted {
			if columns.within(row) {
				out[i].rows.add(r)
			}
		}
	}
	return out
}
