package policy

// A Position is a place in a text: Line and Column are counted from 1, columns in characters.
type Position struct {
	Line, Column int
}
