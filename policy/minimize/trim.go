package minimize

import (
	"cmp"
	"slices"
)

// A line is one row or column of a tile.
type line struct {
	tile  int
	of    bitset // the tile's rows or columns
	at    int
	text  int // how much leaving it out saves
	pairs []int
}

// trim returns the chosen tiles without the rows and columns that the others make superfluous: those
// of which every required pair is in another tile too, the longest text first.
func (p *problem) trim(chosen []int) []tile {
	times := make([]int, len(p.pairs)) // how many tiles have the pair
	tiles := make([]tile, len(chosen))
	var lines []line
	for i, c := range chosen {
		t := p.tiles[c]
		tiles[i] = tile{slices.Clone(t.rows), slices.Clone(t.columns), slices.Clone(t.pairs)}
		ofRow, ofColumn := map[int][]int{}, map[int][]int{}
		for pair := range t.pairs.all {
			times[pair]++
			row, column := p.pairs[pair][0], p.pairs[pair][1]
			ofRow[row] = append(ofRow[row], pair)
			ofColumn[column] = append(ofColumn[column], pair)
		}
		for row := range t.rows.all {
			lines = append(lines, line{i, tiles[i].rows, row, textLen(p.rows[row]), ofRow[row]})
		}
		for column := range t.columns.all {
			lines = append(lines, line{i, tiles[i].columns, column, textLen(p.columns[column]), ofColumn[column]})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(b.text, a.text) })

	for _, l := range lines {
		left := tiles[l.tile].pairs // without those that the tile has lost with other lines
		needed := func(pair int) bool { return left.has(pair) && times[pair] == 1 }
		if slices.ContainsFunc(l.pairs, needed) {
			continue
		}
		l.of.remove(l.at)
		for _, pair := range l.pairs {
			if left.has(pair) {
				left.remove(pair)
				times[pair]--
			}
		}
	}
	return slices.DeleteFunc(tiles, func(t tile) bool { return t.pairs.isEmpty() })
}
