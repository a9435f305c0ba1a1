package athena

import (
	"context"
	"fmt"
	"math"

	"github.com/dustin/go-humanize"

	"github.com/whittle-iam/whittle/trail"
)

// What Athena charges for SQL, in most Regions (https://aws.amazon.com/athena/pricing/). A terabyte is
// taken for 10^12 bytes, so that no price is understated.
const (
	PricePerTB = 5.0 // US dollars
	MinScan    = 10 << 20
)

// An Estimate is what a query would scan: as stored, which is what is charged for, compressed or not.
type Estimate struct {
	// Query counts the queries of a reading, from 1.
	Query int
	// Bytes and Objects are those of the table's files that the query has to read.
	Bytes, Objects int64
	// AtLeast says that there are more, too many to list; AtMost that some of them may not have to be read.
	AtLeast, AtMost bool
	// Err says why Bytes is not known; it is then 0.
	Err error
	// Scanned is what earlier queries of the reading have scanned.
	Scanned int64
	// Cutoff is how many bytes the workgroup lets one query scan, 0 for any number.
	Cutoff int64
	// Notes say what of the Spec does not count.
	Notes []string
}

// Price is what the query would cost in US dollars at PricePerTB, without what a capacity reservation or
// another Region's prices change.
func (e Estimate) Price() float64 { return float64(max(e.Bytes, MinScan)) / 1e12 * PricePerTB }

// String says it to people.
func (e Estimate) String() string {
	if e.Err != nil {
		return fmt.Sprintf("it is not known how much the query will scan: %v", e.Err)
	}
	how := "about "
	switch {
	case e.AtLeast:
		how = "at least "
	case e.AtMost:
		how = "at most "
	}
	price := fmt.Sprintf("%s%.2f US dollars", how, e.Price())
	if e.Price() < 0.01 {
		price = "less than a US cent"
	}
	files := "files"
	if e.Objects == 1 {
		files = "file"
	}
	return fmt.Sprintf("the query will scan %s%s in %s %s: %s at %.0f US dollars a TB (prices vary by Region)",
		how, humanize.Bytes(uint64(e.Bytes)), humanize.Comma(e.Objects), files, price, PricePerTB)
}

// Check returns an error if the query cannot be shown to keep the reading within maxScan bytes
// (math.MaxInt64 for no limit), or if the workgroup would stop it half way. A workgroup that would stop it
// before maxScan shows it.
func (e Estimate) Check(maxScan int64) error {
	size := func(n int64) string { return humanize.Bytes(uint64(n)) }
	const instead = "; a workgroup with a limit for each query (BytesScannedCutoffPerQuery) would hold it"
	held := maxScan == math.MaxInt64 || e.Cutoff > 0 && e.Cutoff <= maxScan-e.Scanned
	switch {
	case !held && e.Err != nil:
		return fmt.Errorf("the query cannot be held to %s, as it is not known how much it will scan: %w"+instead, size(maxScan), e.Err)
	case e.Bytes > maxScan-e.Scanned && e.Scanned > 0:
		return fmt.Errorf("one more query would scan %s, which is with the %s scanned so far more than the %s allowed", size(e.Bytes), size(e.Scanned), size(maxScan))
	case e.Bytes > maxScan:
		return fmt.Errorf("the query would scan %s, more than the %s allowed", size(e.Bytes), size(maxScan))
	case !held && e.AtLeast:
		return fmt.Errorf("the query cannot be held to %s: it will scan %s and more in too many files to list"+instead, size(maxScan), size(e.Bytes))
	case e.Cutoff > 0 && e.Bytes > e.Cutoff && !e.AtMost:
		return fmt.Errorf("the query would scan %s, and the workgroup stops it at %s: narrow the window, or use another workgroup", size(e.Bytes), size(e.Cutoff))
	}
	return nil
}

// foresee gives the hook its estimate.
func (r *run) foresee(ctx context.Context) error {
	if r.Source.estimate == nil {
		return nil
	}
	e := Estimate{Query: r.queries, Scanned: r.scanned, Cutoff: r.group.cutoff, Notes: r.group.notes}
	spans, atMost, err := spansOf(r.table, r.location, &r.query)
	if err == nil {
		var s sum
		l := &lister{open: r.api.S3, left: maxLists}
		s, err = l.add(ctx, spans)
		e.Bytes, e.Objects, e.AtLeast, e.AtMost = s.bytes, s.objects, !s.whole, atMost && s.whole
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		e = Estimate{Query: e.Query, Scanned: e.Scanned, Cutoff: e.Cutoff, Notes: e.Notes, Err: err}
	}
	r.total = e.Scanned + e.Bytes
	return r.Source.estimate(e)
}

// progress tells Query.OnProgress how much the running query has scanned.
func (r *run) progress(now int64) {
	if r.query.OnProgress == nil {
		return
	}
	p := trail.Progress{Bytes: r.scanned + now, TotalBytes: r.total}
	if p.TotalBytes > 0 {
		p.TotalBytes = max(p.TotalBytes, p.Bytes)
	}
	r.query.OnProgress(p)
}
