package glob

import "slices"

// collectUnits finds the units that lead from the active positions to different states, but for the
// fresh one. If half a character was read, these are its other halves, and pending is true.
func (e *explorer) collectUnits() (pending bool) {
	e.units, e.folded = e.units[:0], e.folded[:0]
	for _, at := range e.active {
		t := e.tokens[at]
		if t&anyRun != 0 {
			e.collect(e.tokens[at+1])
		}
		e.collect(t)
	}
	slices.Sort(e.units)
	exact := slices.Compact(e.units)
	e.units = exact
	slices.Sort(e.folded)
	for _, l := range slices.Compact(e.folded) {
		// In which case a letter is matters only if a position takes just one.
		if _, ok := slices.BinarySearch(exact, l); ok {
			e.units = append(e.units, l-'a'+'A')
		} else {
			e.units = append(e.units, l)
		}
	}
	for _, u := range e.units {
		if isLow(u) {
			e.units = slices.DeleteFunc(e.units, func(u uint16) bool { return !isLow(u) })
			return true
		}
	}
	return false
}

func (e *explorer) collect(t token) {
	switch {
	case t&inField != 0:
		e.units = appendNew(e.units, ':')
	case t&(anyUnit|anyRun|patternEnd) != 0:
	case t&foldBit != 0:
		e.folded = appendNew(e.folded, uint16(t))
	default:
		e.units = appendNew(e.units, uint16(t))
	}
}

// appendNew spares the most frequent repetitions.
func appendNew(units []uint16, u uint16) []uint16 {
	if n := len(units); n > 0 && units[n-1] == u {
		return units
	}
	return append(units, u)
}

func isHigh(u uint16) bool { return 0xD800 <= u && u < 0xDC00 }
func isLow(u uint16) bool  { return 0xDC00 <= u && u < 0xE000 }
