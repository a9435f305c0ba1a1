package minimize

import (
	"cmp"
	"slices"
)

// A problem is a relation as a set cover: choose tiles that have all required pairs.
type problem struct {
	*relation
	pairs [][2]int // row, column of each required pair
	tiles []tile
	// tilesOf[pair] are the tiles that have the pair; near[pair] the pairs that share a tile
	// with it. Of pairs that are not near each other, each needs a tile of its own.
	tilesOf [][]int
	near    []bitset
	// scarce are the pairs, those with the fewest tiles first.
	scarce []int

	best     []int
	bestCost int
	work     int // what is left of maxWork
}

// maxWork bounds the search, in words of bitsets looked at: about a tenth of a second. It is a count
// and no time, for the result to be the same everywhere.
const maxWork = 50_000_000

func newProblem(m *relation) *problem {
	p := &problem{relation: m}
	number := map[[2]int]int{}
	for i, row := range m.required {
		for j := range row.all {
			number[[2]int{i, j}] = len(p.pairs)
			p.pairs = append(p.pairs, [2]int{i, j})
		}
	}
	p.tilesOf = make([][]int, len(p.pairs))
	for _, t := range m.tiles() {
		t.pairs = newBitset(len(p.pairs))
		for i := range t.rows.all {
			for j := range t.columns.and(m.required[i]).all {
				t.pairs.add(number[[2]int{i, j}])
			}
		}
		if !t.pairs.isEmpty() {
			for pair := range t.pairs.all {
				p.tilesOf[pair] = append(p.tilesOf[pair], len(p.tiles))
			}
			p.tiles = append(p.tiles, t)
		}
	}
	return p
}

// solve returns the tiles of the best cover found.
func (p *problem) solve() []int {
	p.offer(p.greedy())
	p.offer(p.oneEach(len(p.rows), func(pair [2]int) int { return pair[0] }))
	p.offer(p.oneEach(len(p.columns), func(pair [2]int) int { return pair[1] }))
	if len(p.best) == 1 || len(p.pairs)*len(p.tiles) > maxWork/50 {
		return p.best
	}
	p.prepare()
	all := newBitset(len(p.pairs))
	for pair := range p.pairs {
		all.add(pair)
	}
	p.work = maxWork // for fewer tiles
	p.search(all, nil, 0)
	p.work = maxWork / 10 // among as few, for smaller ones
	p.search(all, nil, 1)
	return p.best
}

func (p *problem) prepare() {
	p.near = make([]bitset, len(p.pairs))
	for pair, tiles := range p.tilesOf {
		p.near[pair] = newBitset(len(p.pairs))
		for _, t := range tiles {
			p.near[pair].addAll(p.tiles[t].pairs)
		}
		p.scarce = append(p.scarce, pair)
	}
	slices.SortStableFunc(p.scarce, func(a, b int) int { return cmp.Compare(len(p.tilesOf[a]), len(p.tilesOf[b])) })
}

// offer keeps a cover if it is the best so far: the fewest tiles, then the least text.
func (p *problem) offer(cover []int) {
	if p.best != nil && len(cover) > len(p.best) {
		return
	}
	cost := 0
	for _, t := range p.trim(cover) {
		for i := range t.rows.all {
			cost += textLen(p.rows[i])
		}
		for j := range t.columns.all {
			cost += textLen(p.columns[j])
		}
	}
	if p.best == nil || len(cover) < len(p.best) || cost < p.bestCost {
		p.best, p.bestCost = slices.Clone(cover), cost
	}
}

func textLen(texts []string) int {
	n := 0
	for _, s := range texts {
		n += len(s) + len(`"",`)
	}
	return n
}

// search extends chosen to covers of fewer tiles than the best, or, with slack 1, of as many, by
// branch and bound. It ends when the work does.
func (p *problem) search(uncovered bitset, chosen []int, slack int) {
	if uncovered.isEmpty() {
		p.work -= 10 * len(p.pairs)
		p.offer(chosen)
		return
	}
	if p.work -= len(p.pairs) + len(uncovered); p.work < 0 {
		return
	}
	if len(chosen)+p.lowerBound(uncovered) >= len(p.best)+slack {
		return
	}
	for _, t := range p.branches(uncovered) {
		p.search(uncovered.minus(p.tiles[t].pairs), append(slices.Clip(chosen), t), slack)
		if p.work < 0 {
			return
		}
	}
}

// branches returns the tiles of the uncovered pair with the fewest, one of which any cover has:
// those with the most uncovered pairs first.
func (p *problem) branches(uncovered bitset) []int {
	type branch struct{ tile, pairs int }
	pair := p.scarce[slices.IndexFunc(p.scarce, uncovered.has)]
	var found []branch
	for _, t := range p.tilesOf[pair] {
		found = append(found, branch{t, p.tiles[t].pairs.common(uncovered)})
	}
	p.work -= len(found) * (len(uncovered) + 10)
	slices.SortStableFunc(found, func(a, b branch) int { return cmp.Compare(b.pairs, a.pairs) })
	tiles := make([]int, len(found))
	for i, b := range found {
		tiles[i] = b.tile
	}
	return tiles
}

// lowerBound counts uncovered pairs of which no two share a tile.
func (p *problem) lowerBound(uncovered bitset) int {
	rest, n := slices.Clone(uncovered), 0
	for _, pair := range p.scarce {
		if rest.has(pair) {
			n++
			p.work -= len(rest)
			for i, word := range p.near[pair] {
				rest[i] &^= word
			}
		}
	}
	return n
}

// greedy takes the tile with the most uncovered pairs, again and again.
func (p *problem) greedy() []int {
	var cover []int
	uncovered := newBitset(len(p.pairs))
	for pair := range p.pairs {
		uncovered.add(pair)
	}
	for !uncovered.isEmpty() {
		most, tile := 0, 0
		for i, t := range p.tiles {
			if n := t.pairs.common(uncovered); n > most {
				most, tile = n, i
			}
		}
		cover = append(cover, tile)
		uncovered = uncovered.minus(p.tiles[tile].pairs)
	}
	return cover
}

// oneEach takes a tile for each line (row, or column) that has pairs left: one with all of the
// line's pairs. There always is one, see tiles.
func (p *problem) oneEach(lines int, lineOf func(pair [2]int) int) []int {
	of := make([]bitset, lines)
	for i := range of {
		of[i] = newBitset(len(p.pairs))
	}
	for i, pair := range p.pairs {
		of[lineOf(pair)].add(i)
	}
	var cover []int
	covered := newBitset(len(p.pairs))
	for _, pairs := range of {
		if pairs.within(covered) {
			continue
		}
		t := slices.IndexFunc(p.tiles, func(t tile) bool { return pairs.within(t.pairs) })
		cover = append(cover, t)
		covered.addAll(p.tiles[t].pairs)
	}
	return cover
}
