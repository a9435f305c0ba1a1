package query

import "github.com/whittle-iam/whittle/trail"

// A Reader turns the rows of a Statement into Usage. The rows of two statements go into one Reader if the
// second has Options.Only. It is for one goroutine.
type Reader struct {
	query  trail.Query
	source string
}

// NewReader returns a Reader for the query that the Statement was made for. The source is what Query.OnSkip
// and gaps name as the place of what they tell.
func NewReader(q trail.Query, source string) *Reader { return &Reader{query: q, source: source} }

// Add reads one row: the values of Columns, in order. An error means that the row is none of a Statement.
func (r *Reader) Add(row []string) error { return nil }

// Unprojected returns the kinds of events among the rows that Query.Fields asks something of and that were
// not among Options.Kinds, sorted. Their rows are held back: a second Statement with Only these kinds, whose
// rows go into the same Reader, brings them with their parameters.
func (r *Reader) Unprojected() []Kind { return nil }

// Result returns what the rows say, and what became of the records. If rows are still held back, there is
// a GapPartial among the Gaps of the Stats, and the records are not in them. Query.Stats is left alone.
func (r *Reader) Result() ([]trail.Usage, trail.Stats) { return nil, trail.Stats{} }
